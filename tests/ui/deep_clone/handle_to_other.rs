//! A handle to objects that cannot be cloned deeply.

use gc_core::{DeepClone, Gc, Trace};

#[derive(Trace)]
struct Style;

#[derive(Trace, DeepClone)]
struct Element {
    style: Gc<Style>,
}

fn main() {}
