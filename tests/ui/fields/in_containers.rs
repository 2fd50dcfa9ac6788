//! The type that lacks `Trace` is named, and the containers around it are listed.

use gc_core::Trace;

struct Style;

#[derive(Trace)]
struct Element {
    styles: Option<Vec<Style>>,
}

fn main() {}
