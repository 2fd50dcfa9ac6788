//! A traced enum with a `Drop`.

use gc_core::{Gc, Trace};

#[derive(Trace)]
enum List {
    Cons(u8, Gc<List>),
    Nil,
}

impl Drop for List {
    fn drop(&mut self) {}
}

fn main() {}
