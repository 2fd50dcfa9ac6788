//! A `Weak` of `Rc` around a handle.

use gc_core::{Gc, Trace};
use std::rc;

#[derive(Trace)]
struct Element {
    parent: rc::Weak<Gc<Element>>,
}

fn main() {}
