//! A field that borrows for writing, in a container.

use gc_core::Trace;

#[derive(Trace)]
struct Cursor<'a> {
    buffer: Option<&'a mut Vec<u8>>,
}

fn main() {}
