//! Behind `Rc` a parameter has to be free of handles, and `Trace` does not say that.

use gc_core::Trace;
use std::rc::Rc;

#[derive(Trace)]
#[trace(bound = "T: Trace")]
struct Shared<T> {
    value: Rc<T>,
}

fn main() {}
