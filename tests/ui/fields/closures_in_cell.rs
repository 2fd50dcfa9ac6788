//! Closures in the containers that a list of listeners is made of.

use gc_core::Trace;
use std::cell::RefCell;

#[derive(Trace)]
struct Button {
    listeners: RefCell<Vec<Box<dyn FnMut(u32) -> bool>>>,
}

fn main() {}
