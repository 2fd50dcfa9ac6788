//! A boxed value whose type lacks `Trace`.

use gc_core::Trace;

struct Style;

#[derive(Trace)]
struct Element {
    style: Box<Style>,
}

fn main() {}
