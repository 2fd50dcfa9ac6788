//! A named field whose type does not derive `Trace`.

use gc_core::Trace;

struct Style;

#[derive(Trace)]
struct Element {
    style: Style,
}

fn main() {}
