//! Cycles are found and freed (conformance group CY), and nothing else is; hunts leaks, and ends of
//! what is in use.

use std::collections::{BTreeMap, HashMap};

use crate::support::*;

#[test]
fn cy_01_self_cycle_is_collected() {
    let world = World::quiet();
    let a = world.self_cycle(1);
    drop(a);
    assert_eq!(world.log.events(), []);
    let collection = world.heap.collect();
    assert_eq!(collection.collected, 1);
    assert_eq!(world.log.events(), [Fin(1), Dropped(1)]);
    assert_eq!(world.heap.live_count(), 0);
    assert_eq!(world.heap.collect().collected, 0);
    world.finish([1], &[]);
}

#[test]
fn cy_02_self_cycle_through_std_containers() {
    type Shelves = BTreeMap<String, Vec<Option<Box<(u8, Gc<Node>)>>>>;
    #[derive(Trace)]
    struct Node {
        by_number: RefCell<HashMap<u32, Gc<Node>>>,
        by_name: RefCell<Shelves>,
        #[trace(skip)]
        _probe: OnDrop,
    }
    let world = World::quiet();
    let node = |n| {
        let log = world.log.clone();
        let _probe = OnDrop::new(move || log.push(Dropped(n)));
        let (by_number, by_name) = Default::default();
        Gc::new_in(&world.heap, Node { by_number, by_name, _probe })
    };
    let (one, other) = (node(1), node(2));
    for (n, target) in [(1, &one), (2, &other)] {
        one.by_number.borrow_mut().insert(n, target.clone());
        let shelf = vec![None, Some(Box::new((7, target.clone()))), None];
        other.by_name.borrow_mut().insert(format!("shelf {n}"), shelf);
    }
    assert_eq!((Gc::strong_count(&one), Gc::strong_count(&other)), (3, 3));
    assert_eq!(world.heap.collect().collected, 0);
    drop((one, other));
    assert_eq!(world.heap.collect().collected, 2);
    world.finish([1, 2], &[]);
}

#[test]
fn cy_03_two_types_cycle() {
    #[derive(Trace)]
    struct A {
        b: Gc<B>,
    }
    #[derive(Trace)]
    struct B {
        a: RefCell<Option<Gc<A>>>,
    }
    let heap = World::quiet().heap;
    let b = Gc::new_in(&heap, B { a: RefCell::new(None) });
    let a = Gc::new_in(&heap, A { b: b.clone() });
    *b.a.borrow_mut() = Some(a.clone());
    assert!(Gc::ptr_eq(&a.b, &b));
    drop((a, b));
    assert_eq!(heap.collect().collected, 2);
    assert_eq!(heap.live_count(), 0);
}

#[test]
fn cy_04_cycle_through_trait_object() {
    trait Handler: Trace {
        fn handle(&self) -> u32;
    }
    #[derive(Trace)]
    struct Owner {
        cb: RefCell<Option<Box<dyn Handler>>>,
        #[trace(skip)]
        _probe: OnDrop,
    }
    #[derive(Trace)]
    struct Callback {
        owner: Gc<Owner>,
        #[trace(skip)]
        _probe: OnDrop,
    }
    impl Handler for Callback {
        fn handle(&self) -> u32 {
            u32::from(self.owner.cb.borrow().is_some())
        }
    }
    let world = World::quiet();
    let probe = |n| {
        let log = world.log.clone();
        OnDrop::new(move || log.push(Dropped(n)))
    };
    let owner = Gc::new_in(&world.heap, Owner { cb: RefCell::new(None), _probe: probe(1) });
    let callback = Callback { owner: owner.clone(), _probe: probe(2) };
    *owner.cb.borrow_mut() = Some(Box::new(callback));
    assert_eq!(owner.cb.borrow().as_ref().map(|cb| cb.handle()), Some(1));
    drop(owner);
    assert_eq!(world.log.events(), []);
    assert_eq!(world.heap.collect().collected, 1);
    assert_eq!(world.log.drops(), 2);
    world.finish([1, 2], &[]);
}

#[test]
fn cy_05_externally_held_ring_survives_next_to_trash() {
    let world = World::quiet();
    let [l1, l2, l3] = [1, 2, 3].map(|n| world.obj(n));
    l1.link(&l2);
    l2.link(&l3);
    l3.link(&l1);
    let a = l1.clone();
    drop((l1, l2, l3, world.self_cycle(4)));
    assert_eq!(world.heap.collect().collected, 1);
    assert_eq!(world.log.events(), [Fin(4), Dropped(4)]);
    assert!(Gc::ptr_eq(&a.edge(0).edge(0).edge(0), &a));
    assert_eq!(Gc::strong_count(&a), 2);
    a.edge(0).edge(0).check();
    drop(a);
    assert_eq!(world.heap.collect().collected, 3);
    world.finish(1..5, &[]);
}

#[test]
fn cy_06_edge_from_trash_to_live_is_released_once() {
    let world = World::quiet();
    let (a, b, x) = (world.obj(1), world.obj(2), world.obj(3));
    a.link(&b);
    b.link(&a);
    for object in [&a, &b] {
        object.link(&x);
        object.link(&x);
    }
    assert_eq!(Gc::strong_count(&x), 5);
    drop((a, b));
    assert_eq!(world.heap.collect().collected, 2);
    assert_eq!(Gc::strong_count(&x), 1);
    assert_eq!(world.log.count(|event| matches!(event, Fin(3) | Dropped(3))), 0);
    x.check();
    drop(x);
    world.finish(1..4, &[]);
}

#[test]
fn cy_07_borrowed_graph_is_not_mutated_by_detection() {
    /// Counts the calls that a collector has no business to make, and those that it has.
    #[derive(Default)]
    struct Calls {
        forbidden: Cell<u32>,
        finalized: Cell<u32>,
        dropped: Cell<u32>,
    }
    fn add(count: &Cell<u32>) {
        count.set(count.get() + 1);
    }
    #[derive(Trace)]
    #[trace(finalize)]
    struct Nosy {
        edges: RefCell<Vec<Gc<Nosy>>>,
        #[trace(skip)]
        calls: Rc<Calls>,
        #[trace(skip)]
        _probe: OnDrop,
    }
    impl Nosy {
        fn value(calls: &Rc<Calls>) -> Self {
            let dropped = calls.clone();
            let _probe = OnDrop::new(move || add(&dropped.dropped));
            Self { edges: RefCell::default(), calls: calls.clone(), _probe }
        }
    }
    impl Finalize for Nosy {
        fn finalize(&self, _: &FinalizeCx<'_, Self>) {
            add(&self.calls.finalized);
        }
    }
    impl std::ops::Deref for Nosy {
        type Target = ();
        fn deref(&self) -> &() {
            add(&self.calls.forbidden);
            &()
        }
    }
    impl Clone for Nosy {
        fn clone(&self) -> Self {
            add(&self.calls.forbidden);
            Self::value(&self.calls)
        }
    }
    impl PartialEq for Nosy {
        fn eq(&self, _: &Self) -> bool {
            add(&self.calls.forbidden);
            true
        }
    }
    impl std::fmt::Debug for Nosy {
        fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            add(&self.calls.forbidden);
            Ok(())
        }
    }
    impl std::hash::Hash for Nosy {
        fn hash<H: std::hash::Hasher>(&self, _: &mut H) {
            add(&self.calls.forbidden);
        }
    }
    let heap = World::quiet().heap;
    let calls = Rc::new(Calls::default());
    let (a, b) = (Gc::new_in(&heap, Nosy::value(&calls)), Gc::new_in(&heap, Nosy::value(&calls)));
    a.edges.borrow_mut().push(b.clone());
    b.edges.borrow_mut().push(a.clone());
    drop((a, b));
    assert_eq!(heap.collect().collected, 2);
    assert_eq!((calls.finalized.get(), calls.dropped.get()), (2, 2));
    assert_eq!(calls.forbidden.get(), 0);
    assert_eq!(heap.live_count(), 0);
}

// ---- beyond the cases ----------------------------------------------------------------------------

#[test]
fn tail_of_trash_is_swept_with_it_and_leaves_die_by_count() {
    #[derive(Trace)]
    struct Node {
        next: Slot<Node>,
        text: Gc<String>,
    }
    let heap = World::quiet().heap;
    let node = |next: Option<Gc<Node>>| {
        Gc::new_in(&heap, Node { next: Slot::new(next), text: Gc::new_in(&heap, "leaf".into()) })
    };
    let tail = node(Some(node(None)));
    let (one, other) = (node(None), node(Some(tail)));
    // other -> tail is cut off again and hangs off a node beside the ring.
    let side = node(other.next.take());
    one.next.set(Some(other.clone()));
    other.next.set(Some(one.clone()));
    let text = one.text.clone();
    drop((one, other));
    assert_eq!(heap.live_count(), 10);
    assert_eq!(heap.collect().collected, 2, "the leaves are not counted");
    assert_eq!(heap.live_count(), 7, "three nodes, three texts, and the text that is held");
    assert_eq!((Gc::strong_count(&text), &**text), (1, "leaf"));
    side.next.get().unwrap().next.get().unwrap().next.set(Some(side.clone()));
    drop((side, text));
    assert_eq!(heap.collect().collected, 3);
    assert_eq!(heap.live_count(), 0);
}

#[test]
fn two_handles_for_one_edge_each_are_counted() {
    let world = World::quiet();
    let object = world.obj(1);
    for _ in 0..1000 {
        object.link(&object);
    }
    assert_eq!(world.heap.collect().collected, 0);
    let other = object.clone();
    drop(object);
    assert_eq!(world.heap.collect().collected, 0);
    other.check();
    drop(other);
    assert_eq!(world.heap.collect().collected, 1);
    world.finish([1], &[]);
}

#[test]
fn every_member_of_a_clique_goes_or_none() {
    let world = World::quiet();
    let clique: Vec<_> = (0..40).map(|n| world.obj(n)).collect();
    for one in &clique {
        clique.iter().for_each(|other| one.link(other));
    }
    let held = clique[17].clone();
    drop(clique);
    assert_eq!(world.heap.collect().collected, 0);
    assert!(held.edges.borrow().iter().all(|member| Gc::strong_count(member) >= 40));
    drop(held);
    assert_eq!(world.heap.collect().collected, 40);
    world.finish(0..40, &[]);
}

#[test]
fn bytes_freed_are_those_of_the_slots() {
    let heap = quiet_heap();
    /// 16 bytes of header and these.
    #[derive(Trace)]
    struct Node<const WORDS: usize> {
        next: Slot<dyn Trace>,
        _words: [u64; WORDS],
    }
    fn node<const WORDS: usize>(heap: &Heap) -> Gc<Node<WORDS>> {
        let node = Gc::new_in(heap, Node { next: Slot::empty(), _words: [0; WORDS] });
        node.next.set(Some(gc_core::coerce!(node.clone() => dyn Trace)));
        node
    }
    drop((0..3000).map(|_| node::<0>(&heap)).collect::<Vec<_>>());
    drop((0..7).map(|_| node::<5>(&heap)).collect::<Vec<_>>());
    let collection = heap.collect();
    assert_eq!((collection.collected, collection.bytes_freed), (3007, 3000 * 32 + 7 * 72));
    // With weak handles, which keep some of the slots for themselves.
    let nodes: Vec<_> = (0..10).map(|_| node::<0>(&heap)).collect();
    let _weak = [Gc::downgrade(&nodes[0]), Gc::downgrade(&nodes[3])];
    drop((nodes, node::<5>(&heap)));
    let collection = heap.collect();
    assert_eq!((collection.collected, collection.bytes_freed), (11, 10 * 32 + 72));
    assert_eq!(heap.live_count(), 0);
}

#[test]
fn all_that_a_living_hub_leads_to_lives_on() {
    let world = World::quiet();
    let hub = world.obj(0);
    for n in 1..200 {
        let spoke = world.obj(n);
        spoke.link(&hub);
        hub.link(&spoke);
    }
    let trash = world.self_cycle(200);
    drop(trash);
    // All are suspects, and the hub alone is held.
    drop(hub.clone());
    hub.edges.borrow().iter().for_each(|spoke| drop(spoke.clone()));
    let collection = world.heap.collect();
    assert_eq!((collection.candidates, collection.collected), (201, 1));
    hub.edges.borrow().iter().for_each(|spoke| spoke.check());
    drop(hub);
    assert_eq!(world.heap.collect().collected, 200);
    world.finish(0..201, &[]);
}

#[test]
fn rings_in_a_row_go_from_where_they_are_let_go() {
    // Ten rings, each holding the next; the middle one is held. The first five are trash.
    let world = World::quiet();
    let rings: Vec<_> = (0..10).map(|n| world.ring(n * 3, 3)).collect();
    rings.windows(2).for_each(|pair| pair[0][0].link(&pair[1][0]));
    let held = rings[5][1].clone();
    drop(rings);
    assert_eq!(world.heap.collect().collected, 15);
    assert_eq!(world.heap.live_count(), 15);
    Obj::check_ring(&held);
    drop(held);
    assert_eq!(world.heap.collect().collected, 15);
    world.finish(0..30, &[]);
}

#[test]
fn handle_in_a_borrowed_cell_counts_as_held() {
    let world = World::quiet();
    let ring = world.ring(0, 2);
    let weak = Gc::downgrade(&ring[0]);
    let other = ring[1].clone();
    drop(ring);
    // The loan keeps `other` alive by itself; what the cell holds is out of sight meanwhile.
    let edges = other.edges.borrow_mut();
    assert_eq!(world.heap.collect().collected, 0);
    assert_eq!(edges.len(), 2);
    drop(edges);
    drop(other);
    assert!(weak.upgrade().is_some());
    assert_eq!(world.heap.collect().collected, 2);
    world.finish([0, 1], &[]);
}

#[test]
fn drop_that_panics_in_a_sweep_hinders_no_other() {
    let world = World::quiet();
    let errors = collect_errors(&world.heap);
    let ring = world.ring(0, 6);
    let weak: Vec<_> = ring.iter().map(Gc::downgrade).collect();
    let _watches: Vec<_> = ring.iter().map(|object| world.watch(object, object.n)).collect();
    for object in ring.iter().step_by(2) {
        object.on_drop(|| panic!("from a field"));
    }
    drop(ring);
    assert_eq!(world.heap.collect().collected, 6);
    assert_eq!(errors.borrow().len(), 3);
    assert!(weak.iter().all(Weak::is_dead));
    assert_eq!(world.log.count(|event| matches!(event, Dead(_))), 6);
    world.finish(0..6, &[]);
}

#[test]
fn drop_of_trash_may_use_the_heap() {
    // While values are dropped, a field allocates, makes new trash, collects, and lets go of live objects.
    let world = World::quiet();
    let ring = world.ring(0, 3);
    let live = world.obj(10);
    live.link(&world.self_cycle(11));
    let weak = Gc::downgrade(&live);
    let last = RefCell::new(Some(live));
    let inner = World { heap: world.heap.clone(), log: world.log.clone() };
    ring[1].on_drop(move || {
        drop(inner.ring(20, 2));
        assert!(inner.heap.collect().skipped.is_some());
        drop(last.take());
        drop(inner.obj(30));
    });
    drop(ring);
    assert_eq!(world.heap.collect().collected, 3);
    assert!(weak.is_dead());
    assert_eq!(world.heap.collect().collected, 3, "11 and the new ring");
    world.finish([0, 1, 2, 10, 11, 20, 21, 30], &[]);
}
