//! `leaf` on a variant is called `skip`.

use gc_core::Trace;

#[derive(Trace)]
enum Element {
    #[trace(leaf)]
    Raw(*const u8),
}

fn main() {}
