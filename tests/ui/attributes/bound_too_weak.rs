//! A bound that does not say what the field needs.

use gc_core::Trace;

#[derive(Trace)]
#[trace(bound = "T: Clone")]
struct Element<T> {
    value: T,
}

fn main() {}
