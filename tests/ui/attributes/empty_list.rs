//! An attribute with an empty list.

use gc_core::Trace;

#[derive(Trace)]
#[trace()]
struct Element {
    name: String,
}

fn main() {}
