//! A type whose fields are all skipped is traced, too: `leaf` is what permits `Drop`.

use gc_core::Trace;

#[derive(Trace)]
struct Buffer {
    #[trace(skip)]
    start: *mut u8,
}

impl Drop for Buffer {
    fn drop(&mut self) {}
}

fn main() {}
