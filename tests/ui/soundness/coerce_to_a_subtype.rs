// `coerce!` does not specialize a function for every lifetime to one.
use gc_core::{Gc, coerce};

fn specialize(handle: Gc<for<'a> fn(&'a str)>) -> Gc<fn(&'static str)> {
    coerce!(handle => fn(&'static str))
}

fn main() {
    let _ = specialize;
}
