//! An `Rc` of a handle.

use gc_core::Gc;
use std::rc::Rc;

fn main() {
    let _ = Gc::new(Rc::new(Gc::new(1)));
}
