//! One option in two attributes.

use gc_core::Trace;

#[derive(Trace)]
#[trace(bound = "T: Trace")]
#[trace(bound = "")]
struct Element<T> {
    value: T,
}

fn main() {}
