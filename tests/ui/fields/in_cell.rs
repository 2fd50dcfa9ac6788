//! A cell whose content lacks `Trace`.

use gc_core::Trace;
use std::cell::RefCell;

struct Style;

#[derive(Trace)]
struct Element {
    style: RefCell<Style>,
}

fn main() {}
