//! A parameter behind `Rc`, replaced by a handle.

use gc_core::{Gc, Trace};
use std::rc::Rc;

#[derive(Trace)]
struct Shared<T> {
    value: Rc<T>,
}

fn main() {
    let _ = Gc::new(Shared { value: Rc::new(Gc::new(1)) });
}
