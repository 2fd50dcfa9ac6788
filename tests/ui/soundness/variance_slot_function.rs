// A `Slot` of a function for every lifetime is none of a function for one.
use gc_core::Slot;

fn specialize(handle: Slot<for<'a> fn(&'a str)>) -> Slot<fn(&'static str)> {
    handle
}

fn main() {
    let _ = specialize;
}
