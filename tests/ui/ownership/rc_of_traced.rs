//! An `Rc` around a type that holds handles: only the trait knows.

use gc_core::{Gc, Trace};
use std::rc::Rc;

#[derive(Trace)]
struct Style {
    base: Option<Gc<Style>>,
}

#[derive(Trace)]
struct Element {
    style: Rc<Style>,
}

fn main() {}
