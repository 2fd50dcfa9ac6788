//! An `Rc` around a handle.

use gc_core::{Gc, Trace};
use std::rc::Rc;

#[derive(Trace)]
struct Element {
    parent: Rc<Gc<Element>>,
}

fn main() {}
