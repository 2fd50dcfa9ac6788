//! A generic type whose argument lacks `Trace`, given to the heap.

use gc_core::{Gc, Trace};

struct Style;

#[derive(Trace)]
struct Named<T> {
    name: String,
    value: T,
}

fn main() {
    let _ = Gc::new(Named { name: String::new(), value: Style });
}
