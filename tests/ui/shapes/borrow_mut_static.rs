//! A `&'static mut`, which nobody else may read through.

use gc_core::Trace;

#[derive(Trace)]
struct Cursor {
    buffer: &'static mut [u8],
}

fn main() {}
