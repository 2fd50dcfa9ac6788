// `coerce!` makes trait objects of the traits that a type has.
use std::fmt::Display;

use gc_core::{Gc, coerce};

fn main() {
    let _shown = coerce!(Gc::new(Some(5)) => dyn Display);
}
