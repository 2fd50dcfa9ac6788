//! A boxed closure.

use gc_core::Trace;

#[derive(Trace)]
struct Button {
    on_click: Box<dyn Fn(u32)>,
}

fn main() {}
