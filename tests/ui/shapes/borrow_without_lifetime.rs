//! A reference for which the lifetime was left out.

use gc_core::Trace;

#[derive(Trace)]
struct Token {
    text: &str,
}

fn main() {}
