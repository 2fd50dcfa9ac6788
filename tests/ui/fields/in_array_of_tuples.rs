//! Part of a tuple in an array.

use gc_core::Trace;

struct Style;

#[derive(Trace)]
struct Sheet {
    styles: [(u32, Style); 4],
}

fn main() {}
