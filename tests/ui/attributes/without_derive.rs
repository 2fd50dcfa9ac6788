//! The attribute on a type that does not derive.

use gc_core::Trace;

#[trace(skip)]
struct Element;

fn needs<T: Trace>() {}

fn main() {}
