//! A `&'static` to a type that holds handles.

use gc_core::{Gc, Trace};

#[derive(Trace)]
struct Element {
    root: &'static Option<Gc<Element>>,
}

fn main() {}
