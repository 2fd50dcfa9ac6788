// The lifetime in the values of an interner cannot be shortened.
use gc_core::Interner;

fn shorten<'a>(names: Interner<&'static str>) -> Interner<&'a str> {
    names
}

fn main() {
    let _ = shorten;
}
