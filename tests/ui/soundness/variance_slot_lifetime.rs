// The lifetime inside a `Slot` cannot be shortened.
use gc_core::Slot;

fn shorten<'a>(handle: Slot<&'static str>) -> Slot<&'a str> {
    handle
}

fn main() {
    let _ = shorten;
}
