//! A leaf cannot borrow either.

use gc_core::Trace;

#[derive(Trace)]
#[trace(leaf)]
struct Token<'a> {
    text: &'a str,
}

fn main() {}
