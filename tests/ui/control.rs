// The other side of the rules: what each of them leaves allowed compiles. If it did not, the cases would
// fail to compile for reasons of no interest.
use std::fmt::Display;

use gc_core::{Finalize, FinalizeCx, Gc, Generation, Heap, Slot, Trace, Watch, Weak, coerce};

#[derive(Trace)]
#[trace(finalize)]
struct Node {
    next: Slot<Node>,
}

impl Finalize for Node {
    fn finalize(&self, cx: &FinalizeCx<'_, Self>) {
        drop(cx.handle());
    }
}

fn main() {
    let heap = Heap::new();
    let _pause = heap.pause();
    let node = Gc::new_in(&heap, Node { next: Slot::empty() });
    let _watch: Watch<Node> = Gc::watch(&node, || ());
    let weak: Weak<Node> = Gc::downgrade(&node);
    node.next.set(Some(node.clone()));
    drop(node);
    assert_eq!(heap.collect_generation(Generation::Old).collected, 1);
    assert!(weak.is_dead());
    assert_eq!(coerce!(Gc::new(5) => dyn Display).to_string(), "5");
}
