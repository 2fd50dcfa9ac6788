//! User code that the heap runs may use the heap (conformance group REENT). Hunted: collections inside
//! collections, objects seen half built or half dead, and deaths handled twice.

use crate::support::*;

#[test]
fn reent_01_nested_collect_is_a_no_op() {
    let world = World::quiet();
    let inner = Rc::new(RefCell::new(Vec::new()));
    let phases = Rc::new(RefCell::new(Vec::new()));
    let cycle = world.self_cycle(0);
    let (heap, reports) = (world.heap.clone(), inner.clone());
    cycle.on_finalize(move |_| reports.borrow_mut().push(heap.collect()));
    let (heap, log) = (world.heap.clone(), world.log.clone());
    let (reports, seen) = (inner.clone(), phases.clone());
    let subscription = world.heap.on_collection(move |event| {
        seen.borrow_mut().push(event.phase);
        let n = seen.borrow().len() as u32;
        let world = World { heap: heap.clone(), log: log.clone() };
        drop(world.obj(n)); // trash that dies by count
        reports.borrow_mut().push(heap.collect());
    });
    drop(cycle);

    let outer = world.heap.collect();
    assert_eq!((outer.collected, outer.skipped), (1, None));
    assert_eq!(phases.take(), [Phase::Start, Phase::Stop]);
    let inner = inner.take();
    assert_eq!(inner.len(), 3);
    for report in inner {
        assert_eq!((report.skipped, report.collected), (Some(Skipped::AlreadyCollecting), 0));
    }
    drop(subscription);
    world.finish(0..3, &[]);
}

/// If what a subscriber leaves behind is cyclic, it is garbage like any other: what was there when the
/// judgement began goes with it, what was made at the stop goes with the next one. (The case's figure
/// of one for the outer collection is that of trash which does not wait for a collection.)
#[test]
fn reent_01_cyclic_trash_of_subscribers() {
    let world = World::quiet();
    let (heap, log) = (world.heap.clone(), world.log.clone());
    let subscription = world.heap.on_collection(move |event| {
        let world = World { heap: heap.clone(), log: log.clone() };
        drop(world.self_cycle(if event.phase == Phase::Start { 1 } else { 2 }));
        assert!(heap.collect().skipped.is_some());
    });
    drop(world.self_cycle(0));
    assert_eq!(world.heap.collect().collected, 2);
    drop(subscription);
    assert_eq!(world.log.drops(), 2);
    assert_eq!(world.heap.collect().collected, 1);
    world.finish(0..3, &[]);
}

#[test]
fn reent_02_no_automatic_collection_during_a_collection() {
    let world = World::quiet();
    world.heap.collect();
    let nesting = Rc::new(Cell::new(0));
    let phases = Rc::new(RefCell::new(Vec::new()));
    let seen = phases.clone();
    let subscription = world.heap.on_collection(move |event| seen.borrow_mut().push(event.phase));
    automatic(&world.heap, 10, 1, 1);
    for n in 0..60 {
        let cycle = world.self_cycle(n);
        let (heap, nesting) = (world.heap.clone(), nesting.clone());
        cycle.on_finalize(move |_| {
            assert_eq!(nesting.replace(1), 0, "a finalizer inside a finalizer");
            let made: Vec<_> = (0..100).map(|_| Gc::new_in(&heap, Slot::<u8>::empty())).collect();
            drop(made);
            nesting.set(0);
        });
    }
    world.heap.collect();
    world.heap.set_auto_collect(false);
    drop(subscription);
    let phases = phases.take();
    assert!(phases.len() > 4, "some collections happened by themselves");
    for pair in phases.chunks(2) {
        assert_eq!(pair, [Phase::Start, Phase::Stop]);
    }
    assert_eq!(world.log.fins(), 60);
    world.finish(0..60, &[]);
}

#[test]
fn reent_03_automatic_collection_inside_refcount_finalizer() {
    let world = World::quiet();
    world.heap.collect();
    let (subscription, reports) = collections(&world.heap);
    let dying = world.obj(0);
    let (heap, happened) = (world.heap.clone(), reports.clone());
    let made = Rc::new(RefCell::new(Vec::new()));
    let keep = made.clone();
    dying.on_finalize(move |dying| {
        let id = Gc::id(dying);
        let before = happened.borrow().len();
        for _ in 0..10 {
            keep.borrow_mut().push(Gc::new_in(&heap, Slot::<u8>::empty()));
            assert!(heap.objects().iter().all(|object| object.id() != id), "it is listed");
        }
        assert!(happened.borrow().len() > before, "a collection happened inside the finalizer");
    });
    let errors = collect_errors(&world.heap);
    drop(world.ring(1, 3));
    automatic(&world.heap, 1, 10, 10);
    drop(dying);
    world.heap.set_auto_collect(false);

    assert_eq!(errors.take().len(), 0);
    assert_eq!(world.log.count(|event| event == Fin(0)), 1);
    assert_eq!(world.log.count(|event| event == Dropped(0)), 1);
    assert_eq!(reports.borrow().iter().map(|report| report.collected).sum::<usize>(), 3);
    made.take();
    drop(subscription);
    world.finish(0..4, &[]);
}

/// What the objects under construction become.
#[derive(Trace)]
struct Built {
    edges: Vec<Gc<Obj>>,
    #[trace(skip)]
    mark: u64,
}

const WHOLE: u64 = 0x5EED;

#[test]
fn reent_04_value_under_construction_is_safe() {
    const ROUNDS: u32 = 1000;
    let world = World::quiet();
    world.heap.collect();
    let errors = collect_errors(&world.heap);
    let complete = Rc::new(Cell::new(0));
    let (heap, count) = (world.heap.clone(), complete.clone());
    let starts = Rc::new(Cell::new(0));
    let counter = starts.clone();
    let subscription = world.heap.on_collection(move |_| {
        counter.set(counter.get() + 1);
        let mut built = 0;
        for object in heap.objects() {
            match object.downcast::<Built>() {
                Ok(object) => {
                    assert_eq!(object.mark, WHOLE);
                    object.edges.iter().for_each(|edge| edge.check());
                    built += 1;
                }
                Err(other) => other.downcast::<Obj>().expect("nothing else is made").check(),
            }
        }
        assert_eq!(built, count.get(), "only what is complete is listed");
    });
    automatic(&world.heap, 1, 10, 10);
    for round in 0..ROUNDS {
        let (x, y) = (world.obj(2 * round), world.obj(2 * round + 1));
        x.link(&y);
        y.link(&x);
        drop(y);
        let drops = world.log.drops();
        let built = Gc::new_in(&world.heap, Built { edges: vec![x], mark: WHOLE });
        complete.set(1);
        assert_eq!(world.log.count(|event| event == Dropped(2 * round)), 0);
        assert!(world.log.drops() >= drops);
        built.edges[0].check();
        built.edges[0].edge(0).check();
        assert!(Gc::ptr_eq(&built.edges[0].edge(0).edge(0), &built.edges[0]));
        complete.set(0);
        drop(built);
    }
    world.heap.set_auto_collect(false);
    drop(subscription);
    assert_eq!(errors.take().len(), 0);
    assert!(starts.get() > ROUNDS, "there were collections all the time: {}", starts.get());
    world.finish(0..2 * ROUNDS, &[]);
}

#[test]
fn objects_made_in_a_finalizer_wait_for_the_next_collection() {
    let world = World::quiet();
    let cycle = world.self_cycle(0);
    let maker = World { heap: world.heap.clone(), log: world.log.clone() };
    cycle.on_finalize(move |object| {
        let made = maker.self_cycle(1);
        made.link(object); // it holds what is being finalized
    });
    drop(cycle);
    let first = world.heap.collect();
    assert_eq!((first.collected, first.resurrected), (0, 1));
    assert_eq!(world.heap.collect().collected, 2);
    world.finish([0, 1], &[]);
}

#[test]
fn a_collection_inside_a_watch_or_a_drop_is_a_no_op_in_a_sweep_only() {
    struct CollectOnDrop(Heap, Rc<RefCell<Vec<Collection>>>);
    impl Drop for CollectOnDrop {
        fn drop(&mut self) {
            self.1.borrow_mut().push(self.0.collect());
        }
    }
    #[derive(Trace)]
    struct Holder {
        me: Slot<Holder>,
        #[trace(skip)]
        _last: CollectOnDrop,
    }
    for cyclic in [false, true] {
        let world = World::quiet();
        let reports = Rc::new(RefCell::new(Vec::new()));
        let last = CollectOnDrop(world.heap.clone(), reports.clone());
        let holder = Gc::new_in(&world.heap, Holder { me: Slot::empty(), _last: last });
        let (heap, list) = (world.heap.clone(), reports.clone());
        Gc::watch(&holder, move || list.borrow_mut().push(heap.collect())).forget();
        if cyclic {
            holder.me.set(Some(holder.clone()));
        }
        drop(holder);
        drop(world.ring(0, 2));
        if cyclic {
            assert_eq!(world.heap.collect().collected, 3);
        }
        let reports = reports.take();
        assert_eq!(reports.len(), 2);
        assert!(reports.iter().all(|report| report.skipped.is_some() == cyclic));
        world.finish(0..2, &[]);
    }
}

#[test]
fn a_drop_in_a_sweep_may_collect_another_heap() {
    let (world, other) = (World::quiet(), World::quiet());
    let cycle = world.self_cycle(0);
    drop(other.ring(1, 2));
    let heap = other.heap.clone();
    cycle.on_finalize(move |_| assert_eq!(heap.collect().collected, 2));
    drop(cycle);
    assert_eq!(world.heap.collect().collected, 1);
    world.finish([0], &[]);
    other.finish([1, 2], &[]);
}

#[test]
fn a_finalizer_may_drop_the_last_handle_of_a_cycle_just_judged_alive() {
    let world = World::quiet();
    let alive = world.ring(1, 2);
    let alive = Rc::new(RefCell::new(Some(alive)));
    let cycle = world.self_cycle(0);
    let held = alive.clone();
    cycle.on_finalize(move |_| {
        let ring = held.borrow_mut().take();
        drop(ring);
    });
    drop(cycle);
    assert_eq!(world.heap.collect().collected, 1);
    assert_eq!(world.heap.collect().collected, 2, "they were acquitted before the finalizer ran");
    world.finish(0..3, &[]);
}
