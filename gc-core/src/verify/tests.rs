//! The verifier is only worth something if it tells: each invariant is broken here in turn, on purpose,
//! as only this crate can.

use std::cell::Cell;

use super::verify;
use crate::object::{FROZEN, IN_SET, LEAF, ObjectRef, REACHED, SUSPECT};
use crate::page::PageRef;
use crate::side::Side;
use crate::state::HeapState;
use crate::{Depth, Gc, Heap, Trace, Tracer, Weak, WeakKeyMap};

struct Node {
    next: Cell<Option<Gc<Node>>>,
}

// SAFETY: its one handle is reported once, by the cell.
unsafe impl Trace for Node {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.next.trace(tracer);
    }

    fn may_hold_gc(_: Depth) -> bool {
        true
    }
}

/// A sound heap with some of everything.
struct Scene {
    heap: Heap,
    _frozen: Gc<Node>,
    /// Leads to `next`, and is a suspect of Young.
    node: Gc<Node>,
    /// No suspect. Of its handles one is an edge of `node`.
    next: Gc<Node>,
    /// A leaf, with a handle in what the map keeps for it: a tracked one.
    key: Gc<u64>,
    map: WeakKeyMap<u64, Gc<Node>>,
    leaf: Gc<u64>,
    /// Its object is dead, and was a suspect.
    dead: Weak<Node>,
}

impl Scene {
    fn new() -> Self {
        let heap = Heap::new();
        let frozen = node(&heap, None);
        heap.freeze();
        let next = node(&heap, None);
        let first = node(&heap, Some(next.clone()));
        drop(first.clone());
        let key = Gc::new_in(&heap, 1);
        let map = WeakKeyMap::new();
        map.insert(&key, next.clone());
        let leaf = Gc::new_in(&heap, 7);
        let dies = node(&heap, None);
        drop(dies.clone());
        let dead = Gc::downgrade(&dies);
        drop(dies);
        Self { heap, _frozen: frozen, node: first, next, key, map, leaf, dead }
    }

    fn told(&self) -> Vec<String> {
        verify(&self.heap.state()).0
    }
}

fn node(heap: &Heap, next: Option<Gc<Node>>) -> Gc<Node> {
    Gc::new_in(heap, Node { next: Cell::new(next) })
}

/// Does harm to a sound heap, and asserts that the verifier says this. Then it is sound again.
#[track_caller]
fn assert_told(expected: &str, harm: impl FnOnce(&Scene), heal: impl FnOnce(&Scene)) {
    let scene = Scene::new();
    assert_eq!(scene.told(), [""; 0], "before");
    harm(&scene);
    let told = scene.told();
    heal(&scene);
    assert!(told.iter().any(|line| line.contains(expected)), "{expected:?} is not in {told:?}");
    assert_eq!(scene.told(), [""; 0], "after");
}

/// A flag that an object must not have.
#[track_caller]
fn assert_flag_told(expected: &str, of: fn(&Scene) -> ObjectRef, flag: u32) {
    assert_told(expected, |scene| of(scene).set(flag), |scene| of(scene).clear(flag));
}

/// A counter that is off by one, whichever way, is told with both numbers.
#[track_caller]
fn assert_counted(what: &str, expected: usize, counter: fn(&HeapState) -> &Cell<usize>) {
    for by in [1, -1] {
        let add = |scene: &Scene, by| {
            let state = scene.heap.state();
            let counter = counter(&state);
            counter.set(counter.get().wrapping_add_signed(by));
        };
        assert_told(
            &format!("{what}: {}, should be {expected}", expected.wrapping_add_signed(by)),
            |scene| add(scene, by),
            |scene| add(scene, -by),
        );
    }
}

#[test]
fn a_counter_that_is_off_by_one_is_told() {
    assert_told(
        "tracked objects: 5, should be 4",
        |scene| scene.heap.state().count_birth(),
        |scene| scene.heap.state().count_death(),
    );
    assert_told(
        "tracked objects: 3, should be 4",
        |scene| scene.heap.state().count_death(),
        |scene| scene.heap.state().count_birth(),
    );
    assert_counted("tracked leaves", 1, |heap| &heap.tracked_leaves);
    assert_counted("frozen objects", 1, |heap| &heap.frozen);
    assert_counted("remains", 1, |heap| &heap.store.remains);
}

#[test]
fn a_heap_with_some_of_everything_is_sound() {
    let scene = Scene::new();
    assert_eq!(scene.told(), [""; 0]);
    // Edges may account for every handle.
    scene.next.object().set_refs(1);
    assert_eq!(scene.told(), [""; 0]);
    scene.next.object().set_refs(3);
    drop(scene.map);
    drop(scene.key);
}

#[test]
fn a_mark_of_a_judgement_is_told_when_there_is_none() {
    let holds = "no mark of a judgement does not hold";
    assert_flag_told(holds, |scene| scene.node.object(), IN_SET);
    assert_flag_told(holds, |scene| scene.node.object(), REACHED);
    assert_flag_told(holds, |scene| scene.key.object(), IN_SET);
    let scene = Scene::new();
    scene.heap.state().set_judging(true);
    scene.node.object().set(IN_SET);
    assert_eq!(scene.told(), [""; 0]);
    scene.node.object().clear(IN_SET);
    scene.heap.state().set_judging(false);
}

#[test]
fn an_object_with_fewer_handles_than_edges_is_told() {
    let second = Cell::new(None);
    assert_told(
        "a handle for each edge does not hold",
        |scene| {
            let other = node(&scene.heap, Some(scene.next.clone()));
            second.set(Some(other));
            scene.next.object().set_refs(1);
        },
        |scene| {
            scene.next.object().set_refs(4);
            drop(second.take());
        },
    );
    assert_told(
        "a living object has a handle does not hold",
        |scene| scene.leaf.object().set_refs(0),
        |scene| scene.leaf.object().set_refs(1),
    );
}

#[test]
fn a_count_in_the_other_form_is_told() {
    let expected = "a count in the form of its flags does not hold";
    assert_told(
        expected,
        |scene| scene.next.object().change_form(),
        |scene| scene.next.object().change_form(),
    );
    let second = Cell::new(None);
    assert_told(
        expected,
        |scene| {
            second.set(Some(scene.node.clone()));
            scene.node.object().change_form();
        },
        |scene| {
            scene.node.object().change_form();
            drop(second.take());
        },
    );
}

#[test]
fn an_object_that_is_told_is_named() {
    for words in ["tests::Node at 0x", ">, Alive, 3 handles: "] {
        assert_told(
            words,
            |scene| scene.next.object().set(IN_SET),
            |scene| scene.next.object().clear(IN_SET),
        );
    }
}

#[test]
fn a_suspect_without_its_mark_is_told() {
    assert_flag_told(
        "a suspect is written down, or marked on its page does not hold",
        |scene| scene.next.object(),
        SUSPECT,
    );
    assert_flag_told(
        "a suspect is written down, or marked on its page does not hold",
        |scene| scene.key.object(),
        SUSPECT,
    );
}

#[test]
fn what_is_left_of_an_object_but_looks_alive_is_told() {
    for flag in [SUSPECT, FROZEN] {
        let of = |scene: &Scene| scene.dead.object().expect("it was made");
        assert_flag_told("no flag of the living does not hold", of, flag);
    }
}

#[test]
fn a_page_with_suspects_that_its_chunk_does_not_note_is_told() {
    let page = |scene: &Scene| {
        scene.heap.state().store.losses.mark_all();
        scene.node.object().page()
    };
    for generation in 0..3 {
        assert_told(
            "a page with suspects that its chunk does not note",
            |scene| {
                page(scene).promote_suspects(0, generation);
                page(scene).chunk().promote_suspects(page(scene).number(), generation, false);
            },
            |scene| page(scene).chunk().mark_suspect(page(scene).number(), generation),
        );
    }
}

#[test]
fn a_loss_that_is_not_the_heap_s_is_told() {
    let other = Heap::new();
    let stranger = node(&other, None);
    let leaf = Gc::new_in(&other, 1);
    for object in [stranger.object(), leaf.object()] {
        assert_told(
            "losses elsewhere than on pages of tracked objects: 1, should be 0",
            |scene| {
                scene.heap.state().store.losses.mark_all();
                assert!(scene.heap.state().store.losses.push(object));
            },
            |scene| scene.heap.state().store.losses.clear(),
        );
    }
}

#[test]
fn an_object_on_a_page_of_the_other_kind_is_told() {
    let expected = "being a leaf, on a page of leaves does not hold";
    assert_flag_told(expected, |scene| scene.node.object(), LEAF);
    assert_flag_told(expected, |scene| scene.key.object(), LEAF);
    assert_told(
        expected,
        |scene| scene.leaf.object().clear(LEAF),
        |scene| scene.leaf.object().set(LEAF),
    );
}

#[test]
fn a_frozen_object_that_nobody_counted_or_that_could_be_suspected_again_is_told() {
    assert_flag_told(
        "the flag of a suspect on the frozen does not hold",
        |scene| scene.next.object(),
        FROZEN,
    );
    assert_flag_told("frozen objects: 1, should be 2", |scene| scene.next.object(), FROZEN);
}

#[test]
fn entries_on_the_list_of_another_object_are_told() {
    let entries = |gc: &Gc<u64>| &Side::get_or_make(gc.object()).entries;
    assert_told(
        "entries of weak containers are its own, and theirs does not hold",
        |scene| entries(&scene.leaf).set(entries(&scene.key).get()),
        |scene| entries(&scene.leaf).set(None),
    );
}

/// Puts a slot on the free list of a page.
fn put(page: PageRef, slot: ObjectRef) {
    // SAFETY: the slot is free, and off every list. Some tests use the wrong page, and take the slot off
    // again before anybody but the verifier has looked.
    let _ = unsafe { page.put(slot) };
}

#[test]
fn free_lists_that_are_not_what_the_page_counted_are_told() {
    let page = |scene: &Scene| scene.node.object().page();
    let leaves = |scene: &Scene| scene.leaf.object().page();
    let taken = Cell::new(None);
    assert_told(
        "used slots of a page: 4, should be 5",
        |scene| taken.set(page(scene).take()),
        |scene| put(page(scene), taken.take().expect("taken")),
    );
    let expect = "free slots that are not the page's, or not free: 1, should be 0";
    assert_told(
        expect,
        |scene| put(page(scene), leaves(scene).take().expect("a free one")),
        |scene| put(leaves(scene), page(scene).take().expect("the one")),
    );
    // Put twice, it leads to itself.
    let twice = |scene: &Scene| {
        let slot = page(scene).take().expect("a free one");
        put(page(scene), slot);
        taken.set(slot.next_free());
        slot.init_free(Some(slot));
    };
    let once = |scene: &Scene| page(scene).peek().expect("the slot").init_free(taken.take());
    assert_told("distinct free slots of a page: 1, should be", twice, once);
    assert_told("slots of a page that were carved: ", twice, once);
}

/// Asserts that waking the heap at any time but the right one is told of this page.
#[track_caller]
fn assert_waking_told(heap: &Heap, page: PageRef, right: Option<u32>, expected: &str) {
    assert_eq!(page.wakes_at(), right);
    for wrong in [None, Some(0), Some(1)].into_iter().filter(|&at| at != right) {
        page.wake_at(wrong);
        let told = verify(&heap.state()).0;
        page.wake_at(right);
        assert!(told.iter().any(|line| line.contains(expected)), "{expected:?} is not in {told:?}");
    }
    assert_eq!(verify(&heap.state()).0, [""; 0]);
}

/// Ends a quarter of the objects of a page, which is more than wakes one that ran full.
fn end_a_quarter(nodes: &mut Vec<Gc<Node>>, page: PageRef) {
    let mut left = page.used() / 4;
    nodes.retain(|node| {
        let goes = left > 0 && node.object().page() == page;
        left -= u32::from(goes);
        !goes
    });
}

#[test]
fn a_page_that_wakes_the_heap_at_the_wrong_time_is_told() {
    let heap = Heap::new();
    let big = Gc::new_in(&heap, [0_u8; 40_000]);
    let mut nodes: Vec<_> = (0..2500).map(|_| node(&heap, None)).collect();
    let [full, with_room, current] =
        [0, 1000, 2499].map(|index: usize| nodes[index].object().page());
    end_a_quarter(&mut nodes, with_room);
    assert_waking_told(&heap, current, None, "when a current page wakes the heap");
    assert_waking_told(&heap, with_room, Some(0), "when a page with room wakes the heap");
    let at = full.wakes_from_sleep_at();
    assert_eq!(full.used() - at, 1 + full.used() / 8);
    assert_waking_told(&heap, full, Some(at), "when a page that ran full wakes the heap");
    let big = big.object().page();
    assert_waking_told(&heap, big, Some(0), "when a big object's page wakes the heap");
}

#[test]
fn no_room_on_a_page_that_is_listed_and_much_on_one_that_is_not_is_told() {
    let heap = Heap::new();
    let mut nodes: Vec<_> = (0..2500).map(|_| node(&heap, None)).collect();
    let [full, with_room] = [0, 1000].map(|index: usize| nodes[index].object().page());
    let most = full.wakes_from_sleep_at();
    end_a_quarter(&mut nodes, with_room);
    assert_eq!(verify(&heap.state()).0, [""; 0]);
    let slots: Vec<_> = std::iter::from_fn(|| with_room.take_counted()).collect();
    let told = verify(&heap.state()).0;
    assert!(
        told.iter().any(|line| line == "a page with room has some: Some(0), should be Some(1)")
    );
    let expected = "a page on no list is nearly full: Some(0), should be Some(1)";
    let mut was_told = false;
    for &slot in &slots {
        assert_eq!(was_told, full.used() <= most);
        put(full, slot);
        was_told = verify(&heap.state()).0.iter().any(|line| line == expected);
    }
    assert!(was_told);
    for _ in &slots {
        put(with_room, full.take_counted().expect("a slot"));
    }
    assert_eq!(verify(&heap.state()).0, [""; 0]);
}
