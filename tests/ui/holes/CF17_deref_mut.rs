// hole: CF17_deref_mut
// expected of a sound library: compile error
// why: Gc must not implement DerefMut.

use gc_core::{Gc, Trace};

#[derive(Trace)]
struct Node {
    number: i32,
}

fn main() {
    let mut node = Gc::new(Node { number: 0 });
    node.number = 1;
}
