//! A path with a space in it.

use gc_core::Trace;

#[derive(Trace)]
#[trace(crate = "gc core")]
struct Element {
    name: String,
}

fn main() {}
