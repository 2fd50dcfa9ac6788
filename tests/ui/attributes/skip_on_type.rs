//! `skip` on a type is called `leaf`.

use gc_core::Trace;

#[derive(Trace)]
#[trace(skip)]
struct Element {
    raw: *const u8,
}

fn main() {}
