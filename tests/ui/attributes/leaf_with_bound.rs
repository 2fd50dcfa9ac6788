//! A leaf asks nothing of its parameters.

use gc_core::Trace;

#[derive(Trace)]
#[trace(leaf, bound = "T: Trace")]
struct Element<T> {
    value: T,
}

fn main() {}
