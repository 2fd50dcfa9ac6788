//! A raw pointer in a container.

use gc_core::Trace;

#[derive(Trace)]
struct Buffer {
    start: Option<*mut u8>,
}

fn main() {}
