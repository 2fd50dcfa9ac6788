//! Two commas in a row.

use gc_core::Trace;

#[derive(Trace)]
#[trace(leaf,, crate = "::gc_core")]
struct Element;

fn main() {}
