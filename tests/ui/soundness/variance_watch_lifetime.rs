// The lifetime inside a `Watch` cannot be shortened.
use gc_core::Watch;

fn shorten<'a>(handle: Watch<&'static str>) -> Watch<&'a str> {
    handle
}

fn main() {
    let _ = shorten;
}
