//! A field of a variant whose type does not derive `Trace`.

use gc_core::Trace;

struct Style;

#[derive(Trace)]
enum Element {
    Rule,
    Text { text: String, style: Style },
}

fn main() {}
