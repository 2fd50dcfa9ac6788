// The lifetime inside a `Gc` cannot be shortened.
use gc_core::Gc;

fn shorten<'a>(handle: Gc<&'static str>) -> Gc<&'a str> {
    handle
}

fn main() {
    let _ = shorten;
}
