// The lifetime inside a `Weak` cannot be shortened.
use gc_core::Weak;

fn shorten<'a>(handle: Weak<&'static str>) -> Weak<&'a str> {
    handle
}

fn main() {
    let _ = shorten;
}
