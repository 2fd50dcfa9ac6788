//! `finalize` on a type that has no `Finalize`.

use gc_core::Trace;

#[derive(Trace)]
#[trace(finalize)]
struct Connection {
    peer: String,
}

fn main() {}
