//! A field is skipped or visited by a function, not both.

use gc_core::Trace;

#[derive(Trace)]
struct Element {
    #[trace(skip, unsafe_with = "visit")]
    raw: *const u8,
}

fn main() {}
