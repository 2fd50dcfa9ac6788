//! A path that leads nowhere.

use gc_core::Trace;

#[derive(Trace)]
#[trace(crate = "memory")]
struct Element {
    name: String,
}

fn main() {}
