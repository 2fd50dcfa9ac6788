//! What becomes of a list that is full.

use std::cell::Cell;

use super::ROOM;
use crate::{Gc, Heap, Slot};

type Node = Gc<Slot<Cell<u8>>>;

/// A heap that has written down as many losses as it can, their objects, and one more.
fn full() -> (Heap, Vec<Node>, Node) {
    let heap = Heap::new();
    heap.set_auto_collect(false);
    let last = Gc::new_in(&heap, Slot::empty());
    let nodes: Vec<_> = (0..ROOM).map(|_| Gc::new_in(&heap, Slot::empty())).collect();
    nodes.iter().for_each(|node| drop(node.clone()));
    assert_eq!(written_down(&heap), ROOM);
    (heap, nodes, last)
}

fn written_down(heap: &Heap) -> usize {
    heap.state().store.losses.len()
}

#[test]
fn the_dead_leave_a_list_that_is_full_and_the_living_are_judged() {
    let (heap, nodes, last) = full();
    // Some of each page stay, since the end of a page is the end of the list.
    let (live, dead): (Vec<_>, Vec<_>) =
        nodes.into_iter().enumerate().partition(|(i, _)| i % 4 == 0);
    drop(dead);
    drop(last.clone());
    heap.verify();
    assert_eq!((live.len(), written_down(&heap)), (ROOM / 4, ROOM / 4));
    assert_eq!(heap.collect().candidates, ROOM / 4 + 1);
}

#[test]
fn a_list_that_is_full_of_the_living_is_given_up_for_marks() {
    let (heap, nodes, last) = full();
    drop(last.clone());
    heap.verify();
    assert_eq!((nodes.len(), written_down(&heap)), (ROOM, 0));
    assert_eq!(heap.collect().candidates, ROOM + 1);
}
