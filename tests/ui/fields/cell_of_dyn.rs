//! A cell of a trait object: cells ask their content, which therefore needs a size.

use gc_core::Trace;
use std::cell::RefCell;

trait Shape: Trace {}

#[derive(Trace)]
struct Drawing {
    shape: Box<RefCell<dyn Shape>>,
}

fn main() {}
