//! `unsafe_with` belongs on a field of the variant.

use gc_core::Trace;

#[derive(Trace)]
enum Element {
    #[trace(unsafe_with = "visit")]
    Text(String),
}

fn main() {}
