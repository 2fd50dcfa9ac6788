//! What a heap tells and keeps for those who look for leaks (conformance group DBG). Hunted: garbage
//! kept that is not whole, and records that go astray.

use crate::support::*;

#[test]
fn dbg_01_save_all() {
    let world = World::quiet();
    world.heap.set_debug(DebugFlags::SAVE_ALL);
    let l = world.self_cycle(1);
    let place = Gc::as_ptr(&l);
    drop(l);
    let collection = world.heap.collect();
    assert_eq!((collection.collected, collection.uncollectable), (0, 1));
    world.heap.set_debug(DebugFlags::NONE);
    assert_eq!(world.log.drops(), 0, "the value was not dropped");

    let garbage = world.heap.take_garbage();
    assert!(world.heap.take_garbage().is_empty(), "it is taken once");
    let [kept] = <[_; 1]>::try_from(garbage).expect("one entry");
    let kept = kept.downcast::<Obj>().expect("of its type");
    assert_eq!(Gc::as_ptr(&kept), place);
    kept.check();
    assert!(Gc::ptr_eq(&kept.edge(0), &kept));
    drop(kept);
    assert_eq!(world.heap.collect().collected, 1);
    assert_eq!(world.log.events(), [Fin(1), Dropped(1)]);
    world.finish([1], &[]);
}

/// The half of the case that speaks of heaps without flags.
#[test]
fn dbg_01_no_garbage_is_kept_without_save_all() {
    let world = World::quiet();
    let survivors = Rc::new(RefCell::new(Vec::new()));
    drop(world.ring(1, 3));
    let back = world.self_cycle(4);
    let list = survivors.clone();
    back.on_finalize(move |object| list.borrow_mut().push(object.clone()));
    drop(back);
    let collection = world.heap.collect();
    assert_eq!((collection.collected, collection.uncollectable), (3, 0));
    assert_eq!(collection.resurrected, 1);
    assert!(world.heap.take_garbage().is_empty());
    survivors.take();
    world.finish(1..5, &[]);
}

#[test]
fn dbg_02_debug_records_are_data() {
    let name = "debug::dbg_02_debug_records_are_data";
    let Some(output) = in_own_process(name, || {
        let world = World::quiet();
        let live = world.obj(1);
        let frozen = world.obj(2);
        world.heap.freeze();
        let trash = world.self_cycle(3);
        let address = Gc::as_ptr(&trash).addr();
        drop(trash);
        let records = Rc::new(RefCell::new(Vec::new()));
        let seen = records.clone();
        world.heap.set_debug_sink(Some(move |record| seen.borrow_mut().push(record)));
        world.heap.set_debug(DebugFlags::STATS | DebugFlags::COLLECTABLE);
        world.heap.collect();
        world.heap.set_debug(DebugFlags::NONE);

        let [start, collectable, done] = <[_; 3]>::try_from(records.take()).expect("three records");
        assert_eq!(
            start,
            DebugRecord::Start { generation: Generation::Old, sizes: [1, 0, 0], frozen: 2 }
        );
        let type_name = std::any::type_name::<Obj>();
        assert_eq!(collectable, DebugRecord::Collectable { type_name, address });
        let DebugRecord::Done { unreachable, uncollectable, elapsed } = done else {
            panic!("{done:?} is not the end")
        };
        assert_eq!((unreachable, uncollectable), (1, 0));
        assert!(!elapsed.is_zero());
        world.heap.unfreeze();
        drop((live, frozen));
        world.finish(1..4, &[]);
    }) else {
        return;
    };
    assert!(output.status.success(), "{output:?}");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn without_a_sink_the_records_go_to_stderr() {
    let name = "debug::without_a_sink_the_records_go_to_stderr";
    let Some(output) = in_own_process(name, || {
        let world = World::quiet();
        drop(world.self_cycle(1));
        world.heap.set_debug(DebugFlags::STATS | DebugFlags::COLLECTABLE);
        world.heap.collect();
        world.heap.set_debug(DebugFlags::NONE);
        world.finish([1], &[]);
    }) else {
        return;
    };
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    for part in ["1 young", "0 frozen", "collectable <", "Obj at 0x", "1 unreachable"] {
        assert!(stderr.contains(part), "no {part:?} in {stderr}");
    }
}

/// What two objects of garbage that are kept are told as.
fn records_of_kept_garbage(flags: DebugFlags) -> Vec<DebugRecord> {
    let world = World::quiet();
    let records = Rc::new(RefCell::new(Vec::new()));
    let seen = records.clone();
    world.heap.set_debug_sink(Some(move |record| seen.borrow_mut().push(record)));
    world.heap.set_debug(flags | DebugFlags::SAVE_ALL);
    drop(world.ring(1, 2));
    assert_eq!(world.heap.collect().uncollectable, 2);
    world.heap.set_debug(DebugFlags::NONE);
    drop(world.heap.take_garbage());
    world.finish([1, 2], &[]);
    records.take()
}

#[test]
fn kept_garbage_is_told_once_as_uncollectable_where_that_is_asked_for() {
    for flags in [DebugFlags::LEAK, DebugFlags::UNCOLLECTABLE] {
        let records = records_of_kept_garbage(flags);
        assert_eq!(records.len(), 2);
        assert!(records.iter().all(|record| matches!(record, DebugRecord::Uncollectable { .. })));
    }
}

#[test]
fn kept_garbage_is_told_as_garbage_where_only_that_is_asked_for() {
    let records = records_of_kept_garbage(DebugFlags::COLLECTABLE);
    assert_eq!(records.len(), 2);
    assert!(records.iter().all(|record| matches!(record, DebugRecord::Collectable { .. })));
    assert_eq!(records_of_kept_garbage(DebugFlags::NONE), []);
}

/// Weak handles die when garbage is condemned. What is kept lives after all, and so do they.
#[test]
fn weak_handles_to_kept_garbage_can_be_upgraded() {
    let world = World::quiet();
    world.heap.set_debug(DebugFlags::SAVE_ALL);
    let object = world.self_cycle(1);
    let weak = Gc::downgrade(&object);
    let watch = world.watch(&object, 7);
    drop(object);
    world.heap.collect();
    world.heap.set_debug(DebugFlags::NONE);
    assert!(weak.upgrade().is_some_and(|object| object.n == 1));
    assert_eq!(world.log.events(), [Fin(1)]);
    drop(world.heap.take_garbage());
    world.heap.collect();
    assert!(weak.is_dead());
    assert_eq!(world.log.events(), [Fin(1), Dropped(1), Dead(7)]);
    drop(watch);
    world.finish([1], &[]);
}

/// Nobody took it, and nobody can any more: it goes with its heap.
#[test]
fn garbage_that_nobody_took_goes_with_the_heap() {
    let World { heap, log } = World::quiet();
    let world = World { heap: heap.clone(), log: log.clone() };
    heap.set_debug(DebugFlags::SAVE_ALL);
    drop(world.ring(1, 2));
    heap.collect();
    assert_eq!(log.drops(), 0);
    drop((heap, world));
    assert_eq!(log.drops(), 2);
}

#[test]
fn a_sink_that_replaces_itself_is_replaced() {
    let world = World::quiet();
    let told = Rc::new(RefCell::new(Vec::new()));
    let (old, new, heap) = (told.clone(), told.clone(), world.heap.clone());
    let mut new = Some(new);
    world.heap.set_debug_sink(Some(move |_| {
        old.borrow_mut().push("old");
        if let Some(new) = new.take() {
            heap.set_debug_sink(Some(move |_| new.borrow_mut().push("new")));
        }
    }));
    world.heap.set_debug(DebugFlags::STATS);
    world.heap.collect();
    world.heap.set_debug(DebugFlags::NONE);
    assert_eq!(told.take(), ["old", "new"]);
    world.finish([], &[]);
}

#[test]
fn records_count_each_generation_and_all_that_is_unreachable() {
    for (flags, uncollectable) in [(DebugFlags::NONE, 0), (DebugFlags::SAVE_ALL, 5)] {
        let world = World::quiet();
        let mut kept: Vec<_> = (1..=4).map(|n| world.obj(n)).collect();
        world.heap.freeze();
        kept.extend((5..=7).map(|n| world.obj(n)));
        world.heap.collect_generation(Generation::Middle);
        kept.extend((8..=9).map(|n| world.obj(n)));
        world.heap.collect_generation(Generation::Young);
        drop(world.ring(10, 5));
        let records = Rc::new(RefCell::new(Vec::new()));
        let seen = records.clone();
        world.heap.set_debug_sink(Some(move |record| seen.borrow_mut().push(record)));
        world.heap.set_debug(DebugFlags::STATS | flags);
        world.heap.collect_generation(Generation::Young);
        world.heap.set_debug(DebugFlags::NONE);
        let [start, done] = <[_; 2]>::try_from(records.take()).expect("two records");
        let (generation, frozen) = (Generation::Young, 4);
        assert_eq!(start, DebugRecord::Start { generation, sizes: [5, 2, 3], frozen });
        let DebugRecord::Done { unreachable, uncollectable: kept_garbage, .. } = done else {
            panic!("{done:?} is not the end")
        };
        assert_eq!((unreachable, kept_garbage), (5, uncollectable));
        world.heap.unfreeze();
        drop((kept, world.heap.take_garbage()));
        world.finish(1..15, &[]);
    }
}
