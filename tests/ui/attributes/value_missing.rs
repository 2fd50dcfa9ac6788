//! An option that takes a value, without one.

use gc_core::Trace;

#[derive(Trace)]
#[trace(bound)]
struct Element<T> {
    value: T,
}

fn main() {}
