// `coerce!` unsizes, and does nothing else.
use gc_core::{Gc, coerce};

fn main() {
    let _text = coerce!(Gc::new(5) => str);
}
