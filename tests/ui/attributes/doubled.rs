//! One option twice in a list.

use gc_core::Trace;

#[derive(Trace)]
struct Element {
    #[trace(skip, skip)]
    raw: *const u8,
}

fn main() {}
