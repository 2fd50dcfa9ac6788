//! A bound that is none.

use gc_core::Trace;

#[derive(Trace)]
#[trace(bound = "T Trace")]
struct Element<T> {
    value: T,
}

fn main() {}
