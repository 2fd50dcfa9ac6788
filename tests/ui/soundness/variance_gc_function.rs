// A `Gc` of a function for every lifetime is none of a function for one.
use gc_core::Gc;

fn specialize(handle: Gc<for<'a> fn(&'a str)>) -> Gc<fn(&'static str)> {
    handle
}

fn main() {
    let _ = specialize;
}
