//! A word that was misspelt, and belongs elsewhere.

use gc_core::Trace;

#[derive(Trace)]
struct Element {
    #[trace(finalise)]
    name: String,
}

fn main() {}
