//! A function that takes something else.

use gc_core::{Trace, Tracer};

unsafe fn visit(_: &Vec<u8>, _: &mut Tracer<'_>) {}

#[derive(Trace)]
struct Element {
    #[trace(unsafe_with = "visit")]
    name: String,
}

fn main() {}
