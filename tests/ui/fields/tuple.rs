//! A field without a name whose type does not derive `Trace`.

use gc_core::Trace;

struct Style;

#[derive(Trace)]
struct Element(u8, Style);

fn main() {}
