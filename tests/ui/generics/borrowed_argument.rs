//! An argument that borrows from the stack.

use gc_core::{Gc, Trace};

#[derive(Trace)]
struct Named<T> {
    value: T,
}

fn main() {
    let text = String::from("short");
    let _ = Gc::new(Named { value: text.as_str() });
}
