//! The values of a map lack `Trace`.

use gc_core::Trace;
use std::collections::HashMap;

struct Style;

#[derive(Trace)]
struct Sheet {
    styles: HashMap<String, Style>,
}

fn main() {}
