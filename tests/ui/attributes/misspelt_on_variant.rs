//! A misspelt word on a variant.

use gc_core::Trace;

#[derive(Trace)]
enum Element {
    Rule,
    #[trace(Skip)]
    Raw(*const u8),
}

fn main() {}
