//! A boxed closure.

use gc_core::Trace;

#[derive(Trace)]
struct Field(Box<dyn Fn()>);

fn main() {}
