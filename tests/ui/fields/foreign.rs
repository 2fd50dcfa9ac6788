//! A type of somebody else's that has no `Trace`.

use gc_core::Trace;

#[derive(Trace)]
struct Program {
    args: std::env::Args,
}

fn main() {}
