//! A last field without a size whose type does not show it.

use gc_core::Trace;

type Text = str;

#[derive(Trace)]
struct Token {
    line: u32,
    text: Text,
}

fn main() {}
