//! A pointer to a function that takes a reference, behind a name.

use gc_core::Trace;

type Handler = fn(&str) -> bool;

#[derive(Trace)]
struct Button {
    on_click: Handler,
}

fn main() {}
