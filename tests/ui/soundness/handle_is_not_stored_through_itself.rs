// A handle does not move into what it leads to: that is why no cycle arises without a suspect.
use gc_core::{Gc, Slot, Trace};

#[derive(Trace)]
struct Node {
    next: Slot<Node>,
}

fn main() {
    let node = Gc::new(Node { next: Slot::empty() });
    let next = &node.next;
    next.set(Some(node));
}
