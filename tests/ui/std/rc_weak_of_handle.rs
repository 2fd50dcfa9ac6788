//! A weak `Rc` around a handle.

use gc_core::{Gc, Trace};

#[derive(Trace)]
struct Field(std::rc::Weak<Gc<u8>>);

fn main() {}
