//! A value in parentheses.

use gc_core::Trace;

#[derive(Trace)]
struct Element {
    #[trace(unsafe_with(visit))]
    raw: *const u8,
}

fn main() {}
