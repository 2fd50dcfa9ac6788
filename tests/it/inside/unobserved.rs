//! A snapshot changes nothing, and works wherever it is taken.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

#[test]
fn snapshots_can_be_taken_in_finalizers_and_drops() {
    let world = World::quiet();
    let ring = world.ring(1, 6);
    let seen = Rc::new(RefCell::new(Vec::new()));
    for object in &ring {
        let (heap, seen) = (world.heap.clone(), seen.clone());
        object.on_finalize(move |object| {
            let snapshot = heap.snapshot();
            let me = snapshot.find(object).expect("a finalizer's object is whole");
            seen.borrow_mut().push((snapshot.len(), me.strong_count(), me.is_garbage()));
        });
        let heap = world.heap.clone();
        object.on_drop(move || assert_eq!(heap.snapshot().len(), 0, "the condemned are not shown"));
    }
    drop(ring);
    assert_eq!(world.heap.collect().collected, 6);
    // Two neighbours and the handle that the closure is lent.
    assert_eq!(seen.take(), [(6, 3, false); 6]);
    world.finish(1..7, &[]);
}

#[test]
fn snapshots_can_be_taken_in_a_death_by_count() {
    let world = World::quiet();
    let (parent, child) = (world.obj(1), world.obj(2));
    parent.link(&child);
    drop(child);
    let lens = Rc::new(RefCell::new(Vec::new()));
    let (heap, seen) = (world.heap.clone(), lens.clone());
    parent.on_drop(move || seen.borrow_mut().push(heap.snapshot().len()));
    drop(parent);
    assert_eq!(lens.take(), [0], "the parent has no value, the child waits for its end");
    world.finish([1, 2], &[]);
}

#[test]
fn what_is_lent_exclusively_is_left_out() {
    let heap = Heap::new();
    let inner = Gc::new_in(&heap, 5);
    let mut outer = Gc::new_in(&heap, vec![inner.clone()]);
    let weak = Gc::downgrade(&inner);
    drop(inner);
    let guard = Gc::get_mut(&mut outer).expect("the only handle");
    let snapshot = heap.snapshot();
    assert_eq!(snapshot.len(), 1);
    assert_eq!(snapshot.find(&weak).expect("it").external_count(), 1, "held by what is not seen");
    drop(guard);
    assert_eq!(heap.snapshot().find(&weak).expect("it").external_count(), 0);
    let cyclic = Gc::new_cyclic_in(&heap, |_: &Weak<u8>| {
        assert_eq!(heap.snapshot().len(), 2, "what is being made is left out");
        7
    });
    drop(cyclic);
}

#[test]
fn frozen_and_foreign_objects_are_told_apart() {
    let (heap, other) = (Heap::new(), Heap::new());
    let frozen = node(&heap);
    heap.freeze();
    let foreign = Gc::new_in(&other, frozen.clone());
    let across = Gc::new_in(&heap, foreign.clone());
    let snapshot = heap.snapshot();
    assert!(snapshot.find(&foreign).is_none());
    assert!(snapshot.find(&frozen).expect("it").is_frozen());
    assert!(!snapshot.find(&across).expect("it").is_frozen());
    assert_eq!(snapshot.find(&across).expect("it").edges().len(), 0);
    assert_eq!(snapshot.find(&frozen).expect("it").external_count(), 2);
    heap.unfreeze();
}

#[test]
fn a_snapshot_is_a_picture_that_does_not_change() {
    let world = World::quiet();
    let object = world.obj(1);
    let weak = Gc::downgrade(&object);
    let snapshot = world.heap.snapshot();
    drop(object);
    assert_eq!(world.log.take(), [Fin(1), Dropped(1)], "it keeps nothing alive");
    assert_eq!(snapshot.len(), 1);
    assert_eq!(snapshot.find(&weak).expect("it was there").strong_count(), 1);
    assert!(world.heap.snapshot().find(&weak).is_none());
    let same_place = Gc::new_in(&world.heap, 5_u64);
    assert!(snapshot.find(&same_place).is_none(), "another type, so another object");
}

/// What a broken `inspect` or `trace` does while it is looked at.
struct Broken {
    what: u32,
    heap: Heap,
    inner: RefCell<Vec<Gc<Node>>>,
}

static CALLS: AtomicUsize = AtomicUsize::new(0);

// SAFETY: none: it breaks the contract, for the test of what becomes of that.
unsafe impl Trace for Broken {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        if let Ok(inner) = self.inner.try_borrow() {
            inner.iter().for_each(|edge| edge.trace(tracer));
        }
    }

    fn inspect(&self, mut inspector: Inspector<'_>) {
        CALLS.fetch_add(1, Ordering::Relaxed);
        match self.what {
            0 => panic!("no look at me"),
            1 => drop(self.inner.take()),
            2 => {
                self.heap.collect();
            }
            3 => self.inner.borrow_mut().extend((0..100).map(|_| node(&self.heap))),
            4 => assert_eq!(self.heap.snapshot().len(), 0, "a look inside a look sees nothing"),
            5 => {
                // More edges than there are, and memory without end.
                for _ in 0..10 {
                    self.inner
                        .borrow()
                        .iter()
                        .for_each(|edge| edge.inspect(inspector.field("again")));
                }
                inspector.owns(usize::MAX);
                inspector.owns(usize::MAX);
            }
            _ => {}
        }
    }
}

#[test]
fn a_trace_that_breaks_its_contract_spoils_the_picture_alone() {
    for what in 0..7 {
        let world = World::quiet();
        let heap = &world.heap;
        let own = node(heap);
        let weak = Gc::downgrade(&own);
        let inner = RefCell::new(vec![own]);
        let broken = Gc::new_in(heap, Broken { what, heap: heap.clone(), inner });
        let held = node(heap);
        held.left.set(Some(node(heap)));
        let garbage = node(heap);
        garbage.left.set(Some(garbage.clone()));
        drop(garbage);

        let snapshot = heap.snapshot();
        assert_eq!(snapshot.len(), 5, "broken in way {what}");
        let object = snapshot.find(&broken).expect("it");
        assert_eq!(object.is_opaque(), what == 0);
        assert_eq!(snapshot.find(&held).expect("it").edges().len(), 1);
        assert!(snapshot.top_retained(5).len() == 5 && snapshot.cycles().len() == 1);
        assert_eq!(object.edges().len(), if what == 5 { 10 } else { 0 });
        heap.verify();
        assert_eq!(weak.is_dead(), what == 1, "what it dropped has ended by now");
        drop((broken, held));
        while heap.collect().collected > 0 {}
        assert!(heap.live_count() <= 1, "a cycle that a broken look had judged may be left");
        heap.verify();
    }
    assert_eq!(CALLS.load(Ordering::Relaxed), 7);
}

/// A look inside a judgement can only come from a broken `Trace`: the judgement is given up.
#[test]
fn a_trace_that_takes_a_snapshot_has_its_judgement_given_up() {
    thread_local! {
        static LEN: Cell<usize> = const { Cell::new(1) };
    }
    struct Looks(Heap);
    // SAFETY: none: a snapshot is more than a report.
    unsafe impl Trace for Looks {
        fn trace(&self, _: &mut Tracer<'_>) {
            LEN.set(self.0.snapshot().len());
        }
    }
    let heap = quiet_heap();
    let object = Gc::new_in(&heap, Looks(heap.clone()));
    drop(object.clone());
    assert_eq!(heap.collect().given_up, Some(GivenUp::TraceMisbehaved));
    assert_eq!(LEN.get(), 0, "it saw nothing");
    heap.verify();
}
