//! A field that borrows.

use gc_core::Trace;

#[derive(Trace)]
struct Token<'a> {
    text: &'a str,
}

fn main() {}
