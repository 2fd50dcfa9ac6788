// A `Weak` of a function for every lifetime is none of a function for one.
use gc_core::Weak;

fn specialize(handle: Weak<for<'a> fn(&'a str)>) -> Weak<fn(&'static str)> {
    handle
}

fn main() {
    let _ = specialize;
}
