//! An associated type that turns out to lack `Trace`.

use gc_core::{Gc, Trace};

trait Language: 'static {
    type Token;
}

#[derive(Trace)]
struct Lexer<L: Language> {
    last: L::Token,
}

struct Token;
struct Rust;

impl Language for Rust {
    type Token = Token;
}

fn main() {
    let _ = Gc::new(Lexer::<Rust> { last: Token });
}
