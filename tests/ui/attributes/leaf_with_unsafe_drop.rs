//! A leaf may have a `Drop` without a promise.

use gc_core::Trace;

#[derive(Trace)]
#[trace(leaf, unsafe_drop)]
struct Element {
    name: String,
}

fn main() {}
