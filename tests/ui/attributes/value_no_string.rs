//! A value that is not in quotes.

use gc_core::Trace;

#[derive(Trace)]
#[trace(crate = gc_core)]
struct Element {
    name: String,
}

fn main() {}
