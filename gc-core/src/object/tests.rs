//! The two forms of a count, up to where it passes its width: numbers of handles that no test can make.

use super::{ARMED, FROZEN, IMMORTAL, MOST_ARMED, ObjectRef, SUSPECT, is_armed};
use crate::{Gc, Heap, Weak, WeakKeyMap};

/// Tracked, and with no handle in it.
type Node = Vec<Gc<u64>>;

fn node(heap: &Heap) -> Gc<Node> {
    Gc::new_in(heap, Node::new())
}

fn count(object: ObjectRef) -> u32 {
    object.header().refs.get()
}

/// Has as many handles been forgotten, and tells the object to have one again at the end, so that it dies.
fn with_count<T: ?Sized>(gc: Gc<T>, count: u32, test: impl FnOnce(&Gc<T>, ObjectRef)) {
    let object = gc.object();
    let weak = Gc::downgrade(&gc);
    object.header().refs.set(count);
    test(&gc, object);
    object.set_refs(1);
    drop(gc);
    assert_eq!(Weak::strong_count(&weak), 0, "one handle was left");
}

fn lose_one<T: ?Sized>(gc: &Gc<T>) {
    drop(gc.clone());
}

#[test]
fn a_count_is_armed_until_the_first_loss_and_again_after_an_acquittal() {
    let heap = Heap::new();
    let gc = node(&heap);
    let object = gc.object();
    let others: Vec<_> = (0..3).map(|_| gc.clone()).collect();
    assert_eq!((count(object), object.refs()), (ARMED + 4, 4));
    lose_one(&gc);
    assert!(object.has(SUSPECT));
    assert_eq!((count(object), object.refs()), (3, 4));
    lose_one(&gc);
    assert_eq!((count(object), object.refs()), (3, 4));
    heap.collect();
    assert!(!object.has(SUSPECT));
    assert_eq!((count(object), object.refs()), (ARMED + 4, 4));
    drop(others);
    assert_eq!((count(object), object.refs()), (0, 1));
}

#[test]
fn a_leaf_is_never_armed() {
    let heap = Heap::new();
    let gc = Gc::new_in(&heap, 7);
    assert_eq!((count(gc.object()), gc.object().refs()), (0, 1));
    lose_one(&gc);
    assert!(!is_armed(gc.object().meta()) && !gc.object().has(SUSPECT));
    assert_eq!((count(gc.object()), gc.object().refs()), (0, 1));
}

#[test]
fn an_armed_count_that_comes_round_is_that_of_an_immortal_suspect() {
    let heap = Heap::new();
    with_count(node(&heap), u32::MAX, |gc, object| {
        assert_eq!(object.refs(), (1 << 31) - 1);
        let last = gc.clone();
        assert!(object.is_immortal() && object.has(SUSPECT));
        assert_eq!(count(object), IMMORTAL);
        drop(last);
        lose_one(gc);
        assert_eq!(count(object), IMMORTAL);
        heap.verify();
    });
}

#[test]
fn a_suspect_is_immortal_from_the_loss_on_that_finds_more_than_2_31_handles() {
    let heap = Heap::new();
    let gc = node(&heap);
    lose_one(&gc);
    with_count(gc, MOST_ARMED, |gc, object| {
        assert_eq!(object.refs(), 1 << 31);
        // One more and one less is counted.
        let more = gc.clone();
        assert_eq!(object.refs(), (1 << 31) + 1);
        drop(more);
        assert_eq!(object.refs(), 1 << 31);
        let more = [gc.clone(), gc.clone()];
        assert_eq!(object.refs(), (1 << 31) + 2);
        drop(more);
        assert_eq!(count(object), IMMORTAL);
    });
}

#[test]
fn a_disarmed_count_that_comes_round_is_an_immortals() {
    let heap = Heap::new();
    let suspect = node(&heap);
    lose_one(&suspect);
    with_count(suspect, u32::MAX - 1, |gc, object| {
        let handles = [gc.clone(), gc.clone()];
        assert_eq!(count(object), IMMORTAL);
        drop(handles);
        assert_eq!(count(object), IMMORTAL);
    });
    with_count(Gc::new_in(&heap, 7), u32::MAX - 1, |gc, object| {
        let handles = [gc.clone(), gc.clone()];
        assert_eq!(count(object), IMMORTAL);
        drop(handles);
        assert_eq!(count(object), IMMORTAL);
    });
}

#[test]
fn what_has_too_many_handles_to_be_armed_is_never_acquitted() {
    let heap = Heap::new();
    for too_many in [MOST_ARMED, MOST_ARMED + 1, 5 << 29, IMMORTAL, u32::MAX - 1] {
        let gc = node(&heap);
        lose_one(&gc);
        with_count(gc, too_many, |_, object| {
            for _ in 0..2 {
                let report = heap.collect();
                assert_eq!((report.collected, report.given_up), (0, None));
                assert!(object.has(SUSPECT));
                assert_eq!(count(object), too_many);
                heap.verify();
            }
        });
    }
    let gc = node(&heap);
    lose_one(&gc);
    with_count(gc, MOST_ARMED - 1, |_, object| {
        heap.collect();
        assert!(!object.has(SUSPECT));
        assert_eq!((count(object), object.refs()), (u32::MAX, MOST_ARMED));
    });
}

#[test]
fn an_immortal_is_held_whatever_edges_lead_to_it() {
    let heap = Heap::new();
    let gc = node(&heap);
    let holder = Gc::new_in(&heap, vec![gc.clone(), gc.clone()]);
    lose_one(&gc);
    with_count(gc, IMMORTAL, |_, object| {
        lose_one(&holder);
        let report = heap.collect();
        assert_eq!((report.collected, report.given_up), (0, None));
        assert!(object.has(SUSPECT) && !holder.object().has(SUSPECT));
        drop(holder);
        assert_eq!(count(object), IMMORTAL);
        assert_eq!(heap.collect().collected, 0);
    });
}

#[test]
fn a_leaf_with_too_many_handles_to_be_armed_is_a_suspect_once_it_is_tracked() {
    let heap = Heap::new();
    for too_many in [MOST_ARMED, MOST_ARMED + 1, IMMORTAL, u32::MAX - 1] {
        with_count(Gc::new_in(&heap, 7), too_many, |gc, object| {
            let map = WeakKeyMap::new();
            map.insert(gc, node(&heap));
            assert!(object.has(SUSPECT));
            assert_eq!(count(object), too_many);
            heap.verify();
            assert_eq!(heap.collect().collected, 0);
            assert_eq!(count(object), too_many);
        });
    }
}

#[test]
fn an_immortal_stays_one_when_it_is_frozen_and_thawed() {
    let heap = Heap::new();
    let gc = node(&heap);
    lose_one(&gc);
    with_count(gc, IMMORTAL, |_, object| {
        heap.freeze();
        heap.unfreeze();
        assert_eq!(count(object), IMMORTAL);
        assert!(object.has(SUSPECT));
        heap.verify();
    });
}

/// As `with_count`, of an object about which nothing is special: its end is the short one.
fn with_count_and_no_side_table<T: ?Sized>(
    heap: &Heap,
    gc: Gc<T>,
    count: u32,
    test: impl FnOnce(&Gc<T>, ObjectRef),
) {
    let object = gc.object();
    object.header().refs.set(count);
    test(&gc, object);
    assert_eq!(heap.live_count(), 1);
    heap.verify();
    object.set_refs(1);
    drop(gc);
    assert_eq!(heap.live_count(), 0, "one handle was left");
}

#[test]
fn a_count_that_looks_like_that_of_the_last_handles_loss_ends_no_immortal() {
    let heap = Heap::new();
    with_count_and_no_side_table(&heap, Gc::new_in(&heap, 7), IMMORTAL, |gc, object| {
        lose_one(gc);
        assert_eq!(count(object), IMMORTAL);
    });
    let suspect = node(&heap);
    lose_one(&suspect);
    // A disarmed one of 2³¹ + 1 handles, and an armed one of none, are the same number.
    with_count_and_no_side_table(&heap, suspect, ARMED, |gc, object| {
        lose_one(gc);
        assert_eq!(count(object), IMMORTAL);
    });
}

#[test]
fn flags_that_are_not_set_are_cleared_without_a_change_of_the_count() {
    let heap = Heap::new();
    let gc = node(&heap);
    let object = gc.object();
    object.clear(SUSPECT);
    assert_eq!((count(object), object.refs()), (ARMED + 1, 1));
    lose_one(&gc);
    object.clear(FROZEN);
    assert_eq!((count(object), object.refs()), (0, 1));
}

#[test]
fn an_armed_count_of_no_handles_is_in_no_form() {
    let heap = Heap::new();
    let gc = node(&heap);
    assert!(gc.object().has_count_in_form());
    gc.object().set_refs(0);
    assert!(!gc.object().has_count_in_form());
    gc.object().set_refs(1);
}
