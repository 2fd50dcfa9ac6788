//! A shared trait object whose trait does not ask for `GcFree`.

use gc_core::Trace;
use std::rc::Rc;

trait Shape: Trace {}

#[derive(Trace)]
struct Drawing {
    shape: Rc<dyn Shape>,
}

fn main() {}
