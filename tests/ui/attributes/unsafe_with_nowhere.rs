//! A function that does not exist.

use gc_core::Trace;

#[derive(Trace)]
struct Element {
    #[trace(unsafe_with = "visit")]
    name: String,
}

fn main() {}
