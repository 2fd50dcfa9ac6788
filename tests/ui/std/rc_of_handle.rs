//! An `Rc` around a handle.

use gc_core::{Gc, Trace};
use std::rc::Rc;

#[derive(Trace)]
struct Field(Rc<Gc<u8>>);

fn main() {}
