//! What differs between the pointers: who is kept, and who goes when.

use gc_core::Heap;

use crate::over_gc::tree::change::new_element;
use crate::over_gc::tree::events::{Event, Listener, dispatch};
use crate::over_gc::tree::node::{Node, append, walk_everything};
use crate::over_gc::tree::sink::parse;
use crate::over_rc;

#[test]
fn a_document_is_one_cycle_and_goes_in_one_sweep() {
    let heap = Heap::new();
    heap.set_auto_collect(false);
    let document = parse(&heap, b"<b>a<div>b</b>c</div><table>d", |_| ());
    heap.collect();
    let nodes = walk_everything(&document.root).count();
    assert_eq!(heap.live_count(), nodes);
    drop(document);
    assert_eq!(heap.live_count(), nodes);
    assert_eq!(heap.collect().collected, nodes);
    assert_eq!(heap.live_count(), 0);
}

#[test]
fn what_the_parser_throws_away_is_garbage() {
    let heap = Heap::new();
    heap.set_auto_collect(false);
    // A frameset, as long as there is no text, takes the place of the whole body.
    let document = parse(&heap, b"<p><p><b><frameset>", |_| ());
    assert_eq!(heap.collect().collected, 4);
    assert_eq!(heap.live_count(), walk_everything(&document.root).count());
}

#[test]
fn a_listener_that_holds_its_node_goes_with_it() {
    let heap = Heap::new();
    heap.set_auto_collect(false);
    let [outer, inner] = ["div", "p"].map(|name| new_element(&heap, name));
    append(&outer, &inner);
    let listener: Listener =
        gc_core::gc_fn!(in &heap; [inner = inner.clone()] |_: &Event| inner.detach());
    outer.listeners.add("click", &listener);
    assert_eq!(dispatch(&inner, "click"), 1);
    assert!(inner.parent().is_none());
    append(&outer, &inner);
    drop((outer, inner, listener));
    // The elements, and what the closure holds.
    assert_eq!((heap.live_count(), heap.collect().collected, heap.live_count()), (3, 3, 0));
}

#[test]
fn over_rc_a_listener_that_holds_its_node_keeps_it_for_ever() {
    use over_rc::pointer::{Heap, closure};
    use over_rc::tree::change::new_element;
    use over_rc::tree::events::{Event, Listener};

    let heap = Heap::new();
    let node = new_element(&heap, "p");
    let listener: Listener = closure!(in &heap; [node = node.clone()] |_: &Event| node.detach());
    node.listeners.add("click", &listener);
    drop((node, listener));
    assert_eq!(heap.live_count(), 1);
}

#[test]
fn a_handle_to_a_node_keeps_the_document_above_it_and_over_rc_it_does_not() {
    let heap = Heap::new();
    let root = parse(&heap, b"<p>", |_| ()).root;
    let inner = root.last().and_then(|html| html.last()).expect("a body");
    drop(root);
    assert_eq!(way_up(&inner), 2);

    let heap = over_rc::pointer::Heap::new();
    let root = over_rc::tree::sink::parse(&heap, b"<p>", |_| ()).root;
    let inner = root.last().and_then(|html| html.last()).expect("a body");
    drop(root);
    assert!(inner.parent().is_none());
    assert_eq!(heap.live_count(), 2);
}

fn way_up(node: &gc_core::Gc<Node>) -> usize {
    std::iter::successors(node.parent(), |node| node.parent()).count()
}
