//! Two fields of one type that lacks `Trace`: each is told once.

use gc_core::Trace;

struct Style;

#[derive(Trace)]
struct Element {
    inner: Style,
    outer: Style,
}

fn main() {}
