//! What weak containers keep for their members: held by both, and shown with one of them. Hunted: a
//! picture that calls alive what a collection frees, and a path that explains a key by its own value.

use gc_core::{GcFn, WeakKeyMap, WeakSet, gc_fn};

use super::*;

/// An object with a map of its own.
#[derive(Trace)]
struct Notes {
    notes: WeakKeyMap<Node, Vec<Gc<Node>>>,
    next: Slot<Notes>,
}

fn notes(heap: &Heap) -> Gc<Notes> {
    Gc::new_in(heap, Notes { notes: WeakKeyMap::new(), next: Slot::empty() })
}

/// What the snapshot takes for garbage is what a collection frees.
fn assert_right_about_garbage(heap: &Heap) -> usize {
    let report = heap.find_unreachable();
    let garbage = report.garbage().count();
    assert_eq!(heap.collect().collected, garbage, "{report}");
    garbage
}

#[test]
fn values_are_held_by_their_keys_by_the_name_of_the_map() {
    let heap = quiet_heap();
    let (map, key, value) = (notes(&heap), node(&heap), node(&heap));
    value.left.set(Some(key.clone()));
    map.notes.insert(&key, vec![value.clone()]);
    let (weak_key, weak_value) = (Gc::downgrade(&key), Gc::downgrade(&value));
    drop(value);

    let snapshot = heap.snapshot();
    let path = snapshot.why_alive(&weak_value).expect("held");
    assert_eq!(path.to_string(), "Node.(in Notes.notes)[0] → Node");
    assert_eq!(path.root(), snapshot.find(&key).expect("the key"));
    let object = snapshot.find(&key).expect("the key");
    assert_eq!(object.retained_bytes(), object.bytes() + path.target().bytes());
    assert_eq!(path.target().dominator(), Some(object));
    assert_eq!(path.target().external_count(), 0);
    let owner = snapshot.find(&map).expect("the map");
    assert_eq!((owner.edges().len(), owner.weak_edges().len()), (0, 1));
    let weak = owner.weak_edges().next().expect("one");
    assert_eq!((weak.label().to_string().as_str(), weak.to()), ("notes[#0].key", object));
    assert!(owner.owned_bytes() > 0, "a table and an entry");
    assert_eq!(snapshot.cycles().len(), 1, "key and value");
    assert_eq!(assert_right_about_garbage(&heap), 0);

    // The value leads to its key, which does not keep that alive.
    drop(key);
    assert!(heap.snapshot().why_alive(&weak_key).is_none());
    let report = heap.find_unreachable();
    let leak = report.leaks().next().expect("one cycle");
    assert_eq!(leak.weak_candidates()[0].to_string(), "Node.left");
    assert_eq!(assert_right_about_garbage(&heap), 2);
    assert!(weak_key.is_dead() && map.notes.is_empty());
}

#[test]
fn values_go_with_a_map_also_where_another_object_holds_the_key() {
    let heap = quiet_heap();
    let (map, key, value, keeper) = (notes(&heap), node(&heap), node(&heap), node(&heap));
    let weak = Gc::downgrade(&value);
    map.notes.insert(&key, vec![value]);
    map.next.set(Some(map.clone()));
    keeper.left.set(Some(key));
    drop(map);
    assert!(heap.snapshot().find(&weak).expect("it").is_garbage());
    assert_eq!(assert_right_about_garbage(&heap), 2);
}

#[test]
fn values_go_with_a_map_that_is_garbage() {
    let heap = quiet_heap();
    let (map, key, value) = (notes(&heap), node(&heap), node(&heap));
    let weak = Gc::downgrade(&value);
    map.notes.insert(&key, vec![value]);
    map.next.set(Some(map.clone()));
    drop(map);
    let snapshot = heap.snapshot();
    let object = snapshot.find(&weak).expect("the value");
    assert!(object.is_garbage() && object.external_count() == 0);
    let edges: Vec<_> = object.referrers().map(|edge| edge.to_string()).collect();
    assert_eq!(edges, ["Notes.notes[#0][0] → Node"]);
    assert_eq!(assert_right_about_garbage(&heap), 2);
    assert_eq!(Gc::strong_count(&key), 1);
}

#[test]
fn a_map_that_no_object_owns_holds_by_its_keys() {
    let heap = quiet_heap();
    let (map, key, value) = (WeakKeyMap::new(), node(&heap), node(&heap));
    value.right.set(Some(key.clone()));
    let weak = Gc::downgrade(&value);
    map.insert(&key, value);
    let snapshot = heap.snapshot();
    let path = snapshot.why_alive(&weak).expect("the key holds it");
    assert_eq!(path.to_string(), "Node.(in a weak map) → Node");
    // The path to the key is not by way of what is kept for it, though that leads there.
    assert_eq!(snapshot.find(&key).expect("it").referrers().len(), 1);
    assert_eq!(snapshot.why_alive(&key).map(|path| path.to_string()), None);
    drop(key);
    assert_eq!(assert_right_about_garbage(&heap), 2);
    assert!(map.is_empty());
}

#[test]
fn what_is_on_loan_counts_as_held_from_outside() {
    let heap = quiet_heap();
    let (map, key, value) = (notes(&heap), node(&heap), node(&heap));
    let weak = Gc::downgrade(&value);
    map.notes.insert(&key, vec![value]);
    let lent = map.notes.get(&key).expect("the value");
    let snapshot = heap.snapshot();
    assert_eq!(snapshot.find(&weak).expect("it").external_count(), 1);
    assert_eq!(snapshot.find(&key).expect("it").edges().len(), 0);
    drop(lent);
    assert_eq!(heap.snapshot().find(&weak).expect("it").external_count(), 0);
}

#[test]
fn keys_are_held_by_their_values_and_shown_as_text() {
    #[derive(Trace)]
    struct Caches {
        by_name: WeakValueMap<String, Node>,
        by_node: WeakValueMap<Named, Node>,
        all: WeakSet<Node>,
    }
    #[derive(Trace, PartialEq, Eq, Hash)]
    struct Named(u8, Gc<u8>);
    let heap = quiet_heap();
    let (by_name, by_node, all) = (WeakValueMap::new(), WeakValueMap::new(), WeakSet::new());
    let caches = Gc::new_in(&heap, Caches { by_name, by_node, all });
    let (value, part) = (node(&heap), Gc::new_in(&heap, 7));
    caches.by_name.insert("a".to_owned(), &value);
    caches.by_node.insert(Named(1, part), &value);
    caches.all.insert(&value);
    let snapshot = heap.snapshot();
    assert_eq!(labels(&snapshot, &value), ["(in Caches.by_node).key.1"]);
    let owner = snapshot.find(&caches).expect("it");
    let mut weak: Vec<_> = owner.weak_edges().map(|edge| edge.label().to_string()).collect();
    weak.sort();
    assert_eq!(weak, ["all[#0]", r#"by_name["a"]"#, "by_node[#0]"]);
    assert_eq!(snapshot.find(&value).expect("it").external_count(), 1);
}

#[test]
fn members_in_other_heaps_count_as_alive() {
    let (heap, other) = (quiet_heap(), quiet_heap());
    let (map, key, value) = (notes(&heap), node(&other), node(&heap));
    let weak = Gc::downgrade(&value);
    map.notes.insert(&key, vec![value]);
    let snapshot = heap.snapshot();
    let path = snapshot.why_alive(&weak).expect("the map holds it");
    assert_eq!(path.to_string(), "Notes.notes[#0][0] → Node");
}

#[test]
fn maps_in_maps_are_looked_into() {
    #[derive(Trace)]
    struct Outer(WeakKeyMap<Node, WeakKeyMap<Node, Gc<u32>>>);
    let heap = quiet_heap();
    let outer = Gc::new_in(&heap, Outer(WeakKeyMap::new()));
    let (first, second) = (node(&heap), node(&heap));
    let inner = WeakKeyMap::new();
    inner.insert(&second, Gc::new_in(&heap, 7));
    outer.0.insert(&first, inner);
    let snapshot = heap.snapshot();
    assert_eq!(labels(&snapshot, &first).len(), 0);
    assert_eq!(labels(&snapshot, &second), ["(in Outer.0[])"]);
    // Looked into from the outer map's side; the inner is owned by what that keeps for `first`.
    let object = snapshot.find(&outer).expect("it");
    let mut weak: Vec<_> = object.weak_edges().map(|edge| edge.label().to_string()).collect();
    weak.sort();
    assert_eq!(weak, ["0[#0].key", "0[#0][#0].key"]);
    drop(first); // and with it the inner map
    assert_eq!(labels(&heap.snapshot(), &second).len(), 0);
}

/// A map in a map goes with the key that it is kept for, and what it keeps goes, though its own keys live.
#[test]
fn maps_in_maps_go_with_what_holds_them() {
    #[derive(Trace)]
    struct Outer(WeakKeyMap<Node, Inner>);
    #[derive(Trace)]
    struct Inner(WeakKeyMap<Node, Gc<Node>>);
    for is_owned in [true, false] {
        let heap = quiet_heap();
        let (first, second, kept) = (node(&heap), node(&heap), node(&heap));
        first.left.set(Some(first.clone()));
        let (outer, inner) = (WeakKeyMap::new(), WeakKeyMap::new());
        let weak = Gc::downgrade(&kept);
        inner.insert(&second, kept);
        outer.insert(&first, Inner(inner));
        let outer = Outer(outer);
        let outer = if is_owned { Ok(Gc::new_in(&heap, outer)) } else { Err(outer) };

        let snapshot = heap.snapshot();
        assert_eq!(snapshot.find(&weak).expect("it").dominator(), snapshot.find(&second));
        drop(first);
        let snapshot = heap.snapshot();
        let object = snapshot.find(&weak).expect("it");
        assert!(object.is_garbage() && object.external_count() == 0);
        let edges: Vec<_> = object.referrers().map(|edge| edge.to_string()).collect();
        let place = if is_owned { "Outer.0[].0" } else { "a weak map" };
        assert_eq!(edges, [format!("Node.(in {place}) → Node")], "of the first, not the second");
        assert_eq!(assert_right_about_garbage(&heap), 2);
        assert!(weak.is_dead() && outer.is_ok() == is_owned);
    }
}

#[test]
fn closures_hold_what_they_captured_by_its_name() {
    #[derive(Trace)]
    struct Button {
        listeners: RefCell<Vec<GcFn<dyn Fn()>>>,
    }
    let heap = quiet_heap();
    let button = Gc::new_in(&heap, Button { listeners: RefCell::default() });
    let seen = node(&heap);
    let weak = Gc::downgrade(&seen);
    let listener: GcFn<dyn Fn()> = gc_fn!(in &heap; [n = 5, seen, pair = (1, node(&heap))] || {
        assert_eq!((*n, pair.0), (5, 1));
        drop(seen.left.take());
    });
    listener();
    button.listeners.borrow_mut().push(listener);
    let snapshot = heap.snapshot();
    let path = snapshot.why_alive(&weak).expect("the listener holds it");
    let path = path.to_string();
    assert!(path.starts_with("Button.listeners[0] → Captures<"), "{path}");
    assert!(path.ends_with(".seen → Node"), "{path}");
    let labels =
        snapshot.objects().flat_map(|object| object.edges()).map(|edge| edge.label().to_string());
    let labels: Vec<_> = labels.collect();
    assert!(labels.contains(&"pair.1".to_owned()), "a name is for one step: {labels:?}");
}

#[test]
fn map_in_a_hand_written_trace_has_a_number_and_no_name() {
    struct Hand(Gc<Node>, WeakKeyMap<Node, Gc<Node>>);
    // SAFETY: reports its handle and its map; has no `Drop`.
    unsafe impl Trace for Hand {
        fn trace(&self, tracer: &mut Tracer<'_>) {
            self.1.trace(tracer);
            self.0.trace(tracer);
        }
    }
    let heap = Heap::new();
    let (key, value) = (node(&heap), node(&heap));
    let weak = Gc::downgrade(&value);
    let hand = Gc::new_in(&heap, Hand(node(&heap), WeakKeyMap::new()));
    hand.1.insert(&key, value);
    let snapshot = heap.snapshot();
    assert_eq!(labels(&snapshot, &hand), ["#0"], "handles come first");
    let object = snapshot.find(&hand).expect("it");
    let members: Vec<_> = object.weak_edges().map(|edge| edge.label().to_string()).collect();
    assert_eq!(members, ["#1[#0].key"]);
    let path = snapshot.why_alive(&weak).expect("the key holds it");
    assert_eq!(path.to_string(), "Node.(in Hand[]) → Node");
}

/// A value that cannot be looked at, in a map that no object owns.
#[test]
fn key_is_opaque_if_what_is_kept_for_it_panics() {
    struct Shy(Gc<Node>);
    // SAFETY: reports its one handle; has no `Drop`.
    unsafe impl Trace for Shy {
        fn trace(&self, tracer: &mut Tracer<'_>) {
            self.0.trace(tracer);
        }
        fn inspect(&self, _: Inspector<'_>) {
            panic!("no look at me");
        }
    }
    let heap = Heap::new();
    let map = WeakKeyMap::new();
    let (key, other, inner) = (node(&heap), node(&heap), node(&heap));
    let weak = Gc::downgrade(&inner);
    map.insert(&key, Shy(inner));
    let snapshot = heap.snapshot();
    assert!(snapshot.find(&key).expect("it").is_opaque());
    assert!(!snapshot.find(&other).expect("it").is_opaque());
    let hidden = snapshot.find(&weak).expect("it");
    assert_eq!((hidden.referrers().len(), hidden.external_count()), (0, 1), "held by the unseen");
    heap.verify();
}
