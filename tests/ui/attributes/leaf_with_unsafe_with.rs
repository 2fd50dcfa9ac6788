//! Nor is a function called.

use gc_core::Trace;

#[derive(Trace)]
#[trace(leaf)]
struct Element {
    #[trace(unsafe_with = "visit")]
    raw: *const u8,
}

fn main() {}
