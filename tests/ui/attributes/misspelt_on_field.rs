//! A misspelt word on a field: the nearest is offered.

use gc_core::Trace;

#[derive(Trace)]
struct Element {
    #[trace(skp)]
    raw: *const u8,
}

fn main() {}
