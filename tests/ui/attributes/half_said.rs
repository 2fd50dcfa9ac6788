//! The dangerous options have `unsafe` in their names.

use gc_core::Trace;

#[derive(Trace)]
#[trace(drop)]
struct Element;

fn main() {}
