//! An option that is assigned to the attribute.

use gc_core::Trace;

#[derive(Trace)]
struct Element {
    #[trace = "skip"]
    raw: *const u8,
}

fn main() {}
