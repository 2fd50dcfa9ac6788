// The lifetime inside a `GcMut` cannot be shortened.
use gc_core::GcMut;

fn shorten<'g, 'a>(guard: GcMut<'g, &'static str>) -> GcMut<'g, &'a str> {
    guard
}

fn main() {
    let _ = shorten;
}
