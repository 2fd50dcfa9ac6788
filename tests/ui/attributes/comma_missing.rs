//! Two options without a comma between.

use gc_core::Trace;

#[derive(Trace)]
#[trace(leaf finalize)]
struct Element;

fn main() {}
