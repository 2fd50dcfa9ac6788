//! A boxed error that may hold a handle.

use gc_core::Trace;

#[derive(Trace)]
struct Field(Box<dyn std::error::Error>);

fn main() {}
