//! `leaf` on a field is called `skip`.

use gc_core::Trace;

#[derive(Trace)]
struct Element {
    #[trace(leaf)]
    raw: *const u8,
}

fn main() {}
