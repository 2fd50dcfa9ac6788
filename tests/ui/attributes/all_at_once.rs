//! Several mistakes in one item: all are shown at once, and nothing else.

use gc_core::{Gc, Trace};
use std::rc::Rc;

#[derive(Trace)]
#[trace(finalise)]
enum Element<'a> {
    #[trace(leaf)]
    Raw(*const u8),
    Text {
        #[trace(skip, skip)]
        text: &'a str,
        #[trace(unsafe_with)]
        parent: *const Element<'a>,
        owner: Rc<Gc<u8>>,
        start: *const u8,
        on_click: Box<dyn Fn()>,
    },
}

fn main() {
    let _ = Gc::new(Element::Raw(std::ptr::null()));
}
