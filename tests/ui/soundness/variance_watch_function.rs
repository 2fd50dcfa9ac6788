// A `Watch` of a function for every lifetime is none of a function for one.
use gc_core::Watch;

fn specialize(handle: Watch<for<'a> fn(&'a str)>) -> Watch<fn(&'static str)> {
    handle
}

fn main() {
    let _ = specialize;
}
