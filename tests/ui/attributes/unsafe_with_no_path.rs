//! A closure where the path of a function is wanted.

use gc_core::Trace;

#[derive(Trace)]
struct Element {
    #[trace(unsafe_with = "|it, tracer| ()")]
    name: String,
}

fn main() {}
