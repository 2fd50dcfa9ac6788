// Two objects that share an `Rc` would both report the one handle in it.
use std::rc::Rc;

use gc_core::{Gc, Trace};

#[derive(Trace)]
struct Node {
    next: Rc<Gc<i32>>,
}

fn main() {
    let _node = Gc::new(Node { next: Rc::new(Gc::new(5)) });
}
