// hole: CF07_derive_and_drop
// expected of a sound library: either (document)
// why: Does derive(Trace) accept a type with its own Drop? If yes the hole A01-A04 must be closed at run time.
// here: compile error. What runs at an object's end is a `Finalize`, which sees no dead neighbour.

use gc_core::{Gc, Trace};

#[derive(Trace)]
struct Node {
    next: Option<Gc<Node>>,
}

impl Drop for Node {
    fn drop(&mut self) {}
}

fn main() {
    let _ = Gc::new(Node { next: None });
}
