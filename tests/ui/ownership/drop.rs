//! A traced type with a `Drop`.

use gc_core::{Gc, Trace};

#[derive(Trace)]
struct Element {
    parent: Option<Gc<Element>>,
}

impl Drop for Element {
    fn drop(&mut self) {}
}

fn main() {}
