//! The argument of a type that traces its parameter.

use gc_core::Trace;

struct Style;

#[derive(Trace)]
struct Named<T> {
    name: String,
    value: T,
}

#[derive(Trace)]
struct Element {
    style: Named<Style>,
}

fn main() {}
