//! An option that stands alone, with a value.

use gc_core::Trace;

#[derive(Trace)]
struct Element {
    #[trace(skip = true)]
    raw: *const u8,
}

fn main() {}
