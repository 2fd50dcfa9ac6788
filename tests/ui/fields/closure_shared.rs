//! A closure behind `Rc`.

use gc_core::Trace;
use std::rc::Rc;

#[derive(Trace)]
struct Button {
    on_click: Option<Rc<dyn Fn(u32)>>,
}

fn main() {}
