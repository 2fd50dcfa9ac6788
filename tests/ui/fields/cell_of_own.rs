//! A cell of one's own, made on std's `UnsafeCell`, without an impl.

use gc_core::{Gc, Trace};
use std::cell::UnsafeCell;

struct Swap<T>(UnsafeCell<T>);

#[derive(Trace)]
struct Element {
    next: Swap<Option<Gc<Element>>>,
}

fn main() {}
