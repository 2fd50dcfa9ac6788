//! A raw pointer.

use gc_core::Trace;

#[derive(Trace)]
struct Field(*const u8);

fn main() {}
