//! A boxed trait object of a foreign trait.

use gc_core::Trace;

#[derive(Trace)]
struct Lexer {
    tokens: Box<dyn Iterator<Item = String>>,
}

fn main() {}
