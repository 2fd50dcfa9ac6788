//! An `Rc` around the cell for a handle.

use gc_core::{Slot, Trace};

#[derive(Trace)]
struct Element {
    next: Option<std::rc::Rc<Slot<Element>>>,
}

fn main() {}
