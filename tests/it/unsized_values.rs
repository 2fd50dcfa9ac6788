//! Slices and strings behind a handle: made in place, element by element. The bugs hunted here are a
//! half-built object that somebody meets, an element dropped twice or never, and a length that lies.

use std::cell::Cell;
use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use gc_core::{AnyGc, Gc, Heap, Slot, Thresholds, Trace, Weak, coerce};

use crate::support::{Rc, RefCell, message, quiet_heap};

/// An element that counts itself, and may panic when it is cloned.
#[derive(Trace, Debug)]
#[trace(leaf)]
struct Element {
    number: usize,
    alive: Rc<Cell<isize>>,
    clones_left: Rc<Cell<usize>>,
}

impl Element {
    fn list(len: usize, clones_left: usize) -> (Vec<Self>, Rc<Cell<isize>>) {
        let (alive, clones_left) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(clones_left)));
        let list = (0..len).map(|number| Self::new(number, &alive, &clones_left)).collect();
        (list, alive)
    }

    fn new(number: usize, alive: &Rc<Cell<isize>>, clones_left: &Rc<Cell<usize>>) -> Self {
        alive.set(alive.get() + 1);
        Self { number, alive: alive.clone(), clones_left: clones_left.clone() }
    }
}

impl Clone for Element {
    fn clone(&self) -> Self {
        let left = self.clones_left.get().checked_sub(1).expect("no clone left");
        self.clones_left.set(left);
        Self::new(self.number, &self.alive, &self.clones_left)
    }
}

impl Drop for Element {
    fn drop(&mut self) {
        self.alive.set(self.alive.get() - 1);
    }
}

/// An iterator that says what it is told to say of its length.
struct Liar<I> {
    items: I,
    hint: (usize, Option<usize>),
}

impl<I: Iterator> Iterator for Liar<I> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        self.items.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.hint
    }
}

// ---- panics half-way -------------------------------------------------------------------------------

#[test]
fn a_clone_that_panics_half_way_leaves_nothing() {
    let heap = quiet_heap();
    let (list, alive) = Element::list(10, 7);
    let outcome = catch_unwind(AssertUnwindSafe(|| Gc::cloned_slice_in(&heap, &list)));
    assert_eq!(message(&*outcome.expect_err("the eighth clone panics")), "no clone left");
    assert_eq!((alive.get(), heap.live_count()), (10, 0));
    // The slot is whole.
    let slice = Gc::slice_in(&heap, list);
    assert_eq!(slice.iter().map(|element| element.number).sum::<usize>(), 45);
    drop(slice);
    assert_eq!((alive.get(), heap.live_count()), (0, 0));
}

#[test]
fn an_iterator_that_panics_half_way_leaves_nothing() {
    for hint in [(10, Some(10)), (0, None)] {
        let heap = quiet_heap();
        let (list, alive) = Element::list(10, 0);
        let items = list.into_iter().inspect(|element| assert!(element.number < 7, "the eighth"));
        let outcome =
            catch_unwind(AssertUnwindSafe(|| Gc::collect_in(&heap, Liar { items, hint })));
        assert_eq!(message(&*outcome.expect_err("the eighth panics")), "the eighth");
        assert_eq!((alive.get(), heap.live_count()), (0, 0));
    }
}

#[test]
fn make_mut_of_a_slice_whose_clone_panics_changes_nothing() {
    let heap = quiet_heap();
    let (list, alive) = Element::list(4, 2);
    let mut slice = Gc::slice_in(&heap, list);
    let other = slice.clone();
    let outcome = catch_unwind(AssertUnwindSafe(|| Gc::make_mut(&mut slice).len()));
    assert!(outcome.is_err());
    assert!(Gc::ptr_eq(&slice, &other));
    assert_eq!((alive.get(), heap.live_count()), (4, 1));
}

// ---- lies about the length -------------------------------------------------------------------------

#[test]
fn an_iterator_may_lie_about_its_length() {
    let exact = |len| (len, Some(len));
    let hints = [
        exact(5),
        exact(0),
        exact(2),
        exact(4),
        exact(6),
        exact(1000),
        (0, None),
        (2, Some(3)),
        (9, Some(1)),
        exact(usize::MAX),
    ];
    for hint in hints {
        let heap = quiet_heap();
        let (list, alive) = Element::list(5, 0);
        let items = Liar { items: list.into_iter(), hint };
        if hint.0 == usize::MAX {
            // As `Vec` and `Rc` do: the room that it asks for is not to be had.
            let outcome = catch_unwind(AssertUnwindSafe(|| Gc::collect_in(&heap, items)));
            assert_eq!(message(&*outcome.expect_err("no such room")), "capacity overflow");
        } else {
            let slice = Gc::collect_in(&heap, items);
            let numbers: Vec<_> = slice.iter().map(|element| element.number).collect();
            assert_eq!(numbers, [0, 1, 2, 3, 4], "{hint:?}");
            assert_eq!((alive.get(), heap.live_count()), (5, 1), "{hint:?}");
            let any = AnyGc::from(slice);
            assert_eq!(any.size(), 5 * size_of::<Element>());
            assert_eq!(any.downcast_slice::<Element>().unwrap().len(), 5);
        }
        assert_eq!((alive.get(), heap.live_count()), (0, 0), "{hint:?}");
    }
}

// ---- nobody meets a half-built object ----------------------------------------------------------------

/// A node of a graph through slices.
#[derive(Trace)]
struct Node {
    next: RefCell<Option<Gc<[Node]>>>,
    back: Slot<Node>,
}

impl Node {
    fn new(next: Option<Gc<[Node]>>) -> Self {
        Self { next: RefCell::new(next), back: Slot::empty() }
    }
}

#[test]
fn a_half_built_slice_is_seen_by_nobody() {
    let heap = quiet_heap();
    let first = Gc::slice_in(&heap, vec![Node::new(None)]);
    let slice = Gc::collect_in(
        &heap,
        (0..5).map(|_| {
            // Freezing, collecting and looking around: the slice is not there yet.
            assert_eq!(heap.objects().len(), 1);
            assert_eq!(heap.referrers(&first).len(), 0);
            heap.freeze();
            assert_eq!(heap.frozen_count(), 1);
            heap.unfreeze();
            assert_eq!(heap.collect().collected, 0);
            Node::new(Some(first.clone()))
        }),
    );
    assert_eq!(heap.objects().len(), 2);
    assert_eq!(heap.referrers(&first).len(), 1);
    assert_eq!(Gc::referents(&slice).len(), 5);
    assert_eq!(Gc::generation(&slice), gc_core::Generation::Young);
    *first[0].next.borrow_mut() = Some(slice);
    drop(first);
    assert_eq!(heap.collect().collected, 2);
    assert_eq!(heap.live_count(), 0);
}

#[test]
fn a_heap_that_ends_while_a_slice_is_built_keeps_the_slice() {
    let heap = Heap::new();
    let closing = heap.clone();
    let slice = Gc::collect_in(&heap, (0..3).inspect(|_| _ = closing.shutdown()));
    drop((heap, closing));
    assert_eq!(*slice, [0, 1, 2]);
}

#[test]
fn cycles_through_slices_are_found() {
    let heap = quiet_heap();
    for len in [1, 2, 100, 2000] {
        let slice = Gc::collect_in(&heap, (0..len).map(|_| Node::new(None)));
        *slice[len - 1].next.borrow_mut() = Some(slice.clone());
        let weak = Gc::downgrade(&slice);
        drop(slice);
        assert_eq!(weak.upgrade().map(|slice| slice.len()), Some(len));
        assert_eq!(heap.collect().collected, 1);
        assert!(weak.is_dead());
    }
    assert_eq!(heap.live_count(), 0);
}

#[test]
fn slices_are_built_while_the_heap_collects_by_itself() {
    let heap = Heap::new();
    heap.set_thresholds(Thresholds { young: 4, middle: 2, old: 2, ..heap.thresholds() });
    for round in 0..50 {
        let slice = Gc::collect_in(
            &heap,
            (0..round).map(|_| {
                let node = Gc::new_in(&heap, Node::new(None));
                node.back.set(Some(node.clone()));
                Node::new(Some(Gc::slice_in(&heap, vec![Node::new(None)])))
            }),
        );
        assert!(
            slice.iter().all(|node| node
                .next
                .borrow()
                .as_ref()
                .is_some_and(|next| next.len() == 1))
        );
    }
    heap.collect();
    assert_eq!(heap.live_count(), 0);
}

#[test]
fn weak_handles_watches_and_cleanups_of_slices() {
    let heap = quiet_heap();
    let calls = Rc::new(Cell::new(0));
    let count = || {
        let calls = calls.clone();
        move || calls.set(calls.get() + 1)
    };
    let slice = Gc::slice_in(&heap, vec![Node::new(None), Node::new(None)]);
    *slice[1].next.borrow_mut() = Some(slice.clone());
    let watch = Gc::watch(&slice, count());
    let _cleanup = Gc::cleanup(&slice, count());
    let dead = Weak::<[Node; 3]>::new();
    let weak: Weak<[Node]> = Gc::downgrade(&slice);
    assert!(!weak.ptr_eq(&coerce!(dead => [Node])));
    let set: HashSet<_> = [weak.clone(), Gc::downgrade(&slice)].into();
    assert_eq!((set.len(), weak.with(<[_]>::len), watch.is_dead()), (1, Some(2), false));
    drop(slice);
    assert_eq!(heap.collect().collected, 1);
    assert_eq!((calls.get(), weak.with(<[_]>::len), watch.is_dead()), (2, None, true));
}
