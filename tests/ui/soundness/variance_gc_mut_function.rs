// A `GcMut` of a function for every lifetime is none of a function for one.
use gc_core::GcMut;

fn specialize<'g>(guard: GcMut<'g, for<'a> fn(&'a str)>) -> GcMut<'g, fn(&'static str)> {
    guard
}

fn main() {
    let _ = specialize;
}
