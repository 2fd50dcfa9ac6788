//! `finalize` belongs on the type.

use gc_core::Trace;

#[derive(Trace)]
struct Element {
    #[trace(finalize)]
    name: String,
}

fn main() {}
