//! A raw pointer.

use gc_core::Trace;

#[derive(Trace)]
struct Buffer {
    start: *const u8,
}

fn main() {}
