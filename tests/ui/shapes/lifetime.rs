//! A lifetime that goes to the type of a field.

use gc_core::Trace;
use std::borrow::Cow;

#[derive(Trace)]
struct Token<'a> {
    text: Cow<'a, str>,
}

fn main() {}
