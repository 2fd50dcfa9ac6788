// `coerce!` does not shorten a lifetime.
use gc_core::{Gc, coerce};

fn shorten<'a>(handle: Gc<&'static str>, _: &'a str) -> Gc<&'a str> {
    coerce!(handle => &'a str)
}

fn main() {
    let _ = shorten;
}
