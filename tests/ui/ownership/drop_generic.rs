//! A generic traced type with a `Drop`.

use gc_core::{Gc, Trace};

#[derive(Trace)]
struct List<T: Trace> {
    first: Option<Gc<T>>,
}

impl<T: Trace> Drop for List<T> {
    fn drop(&mut self) {}
}

fn main() {}
