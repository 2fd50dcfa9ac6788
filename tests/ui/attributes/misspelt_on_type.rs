//! A misspelt word on a type.

use gc_core::Trace;

#[derive(Trace)]
#[trace(finalise)]
struct Element;

fn main() {}
