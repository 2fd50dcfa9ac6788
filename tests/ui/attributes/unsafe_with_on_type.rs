//! `unsafe_with` belongs on a field.

use gc_core::Trace;

#[derive(Trace)]
#[trace(unsafe_with = "visit")]
struct Element {
    name: String,
}

fn main() {}
