//! A word that is near to none: all that may stand there are listed.

use gc_core::Trace;

#[derive(Trace)]
struct Element {
    #[trace(transparent)]
    name: String,
}

fn main() {}
