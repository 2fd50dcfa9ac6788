//! A leaf visits nothing, so nothing of it can be skipped.

use gc_core::Trace;

#[derive(Trace)]
#[trace(leaf)]
struct Element {
    #[trace(skip)]
    raw: *const u8,
}

fn main() {}
