//! A raw pointer behind a name: the trait refuses what the derive does not see.

use gc_core::Trace;

type Start = *const u8;

#[derive(Trace)]
struct Buffer {
    start: Start,
}

fn main() {}
