//! An `Rc` around a type of which nobody said that it holds no handle.

use gc_core::Trace;
use std::rc::Rc;

struct Style {
    width: u32,
}

#[derive(Trace)]
struct Element {
    style: Rc<Style>,
}

fn main() {}
