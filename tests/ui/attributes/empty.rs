//! An attribute without a word.

use gc_core::Trace;

#[derive(Trace)]
struct Element {
    #[trace]
    name: String,
}

fn main() {}
