//! Nor can a variant.

use gc_core::Trace;

#[derive(Trace)]
#[trace(leaf)]
enum Element {
    #[trace(skip)]
    Raw(*const u8),
}

fn main() {}
