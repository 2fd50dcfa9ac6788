//! A cleanup is called exactly once: by hand, at the death, or at the heap's end (conformance group
//! CLN); hunts calls that are lost, doubled, or come too late.

use std::panic::{AssertUnwindSafe, catch_unwind};

use gc_core::{Hook, Reason};

use crate::support::*;

/// A cleanup that logs `Clean(tag)`.
fn clean(world: &World, object: &Gc<Obj>, tag: u32) -> Cleanup<()> {
    let log = world.log.clone();
    Gc::cleanup(object, move || log.push(Clean(tag)))
}

#[test]
fn cln_01_cleanup_called_once_by_hand() {
    let world = World::quiet();
    let a = world.obj(1);
    let runs = Rc::new(Cell::new(0));
    let ran = runs.clone();
    let f = Gc::cleanup(&a, move || {
        ran.set(ran.get() + 1);
        67 + 43 + 89
    });
    assert!(f.is_alive());
    assert_eq!([f.call(), f.call(), f.call()], [Some(199), None, None]);
    assert!(!f.is_alive());
    drop(a);
    assert_eq!(runs.get(), 1);
    world.finish([1], &[]);
}

#[test]
fn cln_02_cleanup_detach() {
    let world = World::quiet();
    let a = world.obj(1);
    let captured = Rc::new(());
    let held = captured.clone();
    let f = Gc::cleanup(&a, move || panic!("it was detached from {held:?}"));
    assert!(f.is_alive());
    assert!(f.detach());
    assert_eq!(Rc::strong_count(&captured), 1);
    assert!(!f.detach() && !f.is_alive());
    assert!(f.call().is_none());
    drop(a);
    world.finish([1], &[]);
}

#[test]
fn cln_03_cleanup_order_and_mixing() {
    for cyclic in [false, true] {
        let world = World::quiet();
        let a = if cyclic { world.self_cycle(1) } else { world.obj(1) };
        let [f1, f2, f3, f4, f5] = [1, 2, 3, 4, 5].map(|tag| clean(&world, &a, tag));
        drop((f1, f4));
        assert!(f5.detach());
        assert_eq!(f3.call(), Some(()));
        assert_eq!(world.log.take(), [Clean(3)]);
        drop(a);
        world.heap.collect();
        assert_eq!(world.log.events(), [Fin(1), Dropped(1), Clean(4), Clean(2), Clean(1)]);
        assert!(!f2.is_alive());
        world.finish([1], &[]);
    }
}

#[test]
fn cln_04_cleanup_at_shutdown() {
    let world = World::quiet();
    world.heap.set_auto_collect(true);
    world.heap.set_thresholds(Thresholds { young: 10, ..Thresholds::default() });
    let by_itself = Rc::new(Cell::new(0));
    let seen = by_itself.clone();
    let _subscription = world.heap.on_collection(move |event| {
        seen.set(seen.get() + u32::from(event.collection.reason == Reason::Threshold));
    });
    let errors = collect_errors(&world.heap);
    let a = world.obj(1);
    let inner = Rc::new(World { heap: world.heap.clone(), log: world.log.clone() });

    let at_end = inner.clone();
    let f1 = Gc::cleanup(&a, move || {
        // Automatic collection would set in here.
        (0..100).for_each(|_| drop(at_end.self_cycle(100)));
        at_end.log.push(Clean(1));
    });
    let f2 = clean(&world, &a, 2);
    f2.set_at_exit(false);
    let (registers, weak) = (inner.clone(), Gc::downgrade(&a));
    let f3 = Gc::cleanup(&a, move || {
        registers.log.push(Clean(3));
        drop(clean(&registers, &weak.upgrade().expect("it is held outside"), 31));
        panic!("f3 fails")
    });
    let f4 = clean(&world, &a, 4);

    drop(inner);
    let report = world.heap.shutdown();
    let cleanups: Vec<_> =
        world.log.take().into_iter().filter(|event| matches!(event, Clean(_))).collect();
    assert_eq!(cleanups, [Clean(4), Clean(3), Clean(31), Clean(1)]);
    assert_eq!((report.cleanups, report.collected, report.outstanding), (4, 100, 1));
    assert_eq!(by_itself.get(), 0);
    let errors = errors.take();
    assert_eq!(errors.len(), 1);
    assert_eq!((errors[0].hook(), errors[0].message()), (Hook::Cleanup, "f3 fails"));

    assert!(f2.call().is_none());
    assert!(!f1.is_alive() && !f3.is_alive() && !f4.is_alive());
    let late = clean(&world, &a, 5);
    assert!(!late.is_alive() && late.call().is_none());
    drop(a);
    assert_eq!(world.log.events(), [Fin(1), Dropped(1)], "the late one never runs");
    world.finish([1], &[]);
}

// ---- beyond the cases ----------------------------------------------------------------------------

#[test]
fn cleanups_and_watches_form_one_list() {
    let world = World::quiet();
    let a = world.obj(1);
    let _first = world.watch(&a, 1);
    let _second = clean(&world, &a, 2);
    let _third = world.watch(&a, 3);
    let _fourth = clean(&world, &a, 4);
    drop(a);
    assert_eq!(world.log.events(), [Fin(1), Dropped(1), Clean(4), Dead(3), Clean(2), Dead(1)]);
    world.finish([1], &[]);
}

#[test]
fn cleanup_of_a_resurrected_object_waits() {
    for cyclic in [false, true] {
        let world = World::quiet();
        let a = if cyclic { world.self_cycle(1) } else { world.obj(1) };
        let survivors: Rc<RefCell<Vec<Gc<Obj>>>> = Rc::default();
        let saved = survivors.clone();
        a.on_finalize(move |me| saved.borrow_mut().push(me.clone()));
        let f = clean(&world, &a, 1);
        drop(a);
        world.heap.collect();
        assert!(f.is_alive());
        assert_eq!(world.log.take(), [Fin(1)]);
        drop(survivors.take());
        world.heap.collect();
        assert_eq!(world.log.events(), [Dropped(1), Clean(1)]);
        world.finish([1], &[]);
    }
}

#[test]
fn cleanup_that_calls_itself_is_called_once() {
    let world = World::quiet();
    let a = world.obj(1);
    let own: Rc<RefCell<Option<Cleanup<u32>>>> = Rc::default();
    let (handle, log) = (own.clone(), world.log.clone());
    let f = Gc::cleanup(&a, move || {
        log.push(Clean(1));
        let again = handle.borrow().as_ref().and_then(Cleanup::call);
        assert!(again.is_none());
        let own = handle.take();
        assert!(own.is_some_and(|own| !own.is_alive() && !own.detach()));
        1
    });
    *own.borrow_mut() = Some(f);
    drop(a);
    assert_eq!(world.log.events(), [Fin(1), Dropped(1), Clean(1)]);
    assert!(own.borrow().is_none());
    world.finish([1], &[]);
}

#[test]
fn cleanup_detached_by_a_newer_one_is_not_called() {
    let world = World::quiet();
    let a = world.obj(1);
    let older = Rc::new(clean(&world, &a, 1));
    let oldest = older.clone();
    let newer = Gc::cleanup(&a, move || oldest.detach());
    drop(a);
    assert_eq!(world.log.events(), [Fin(1), Dropped(1)]);
    assert!(!older.is_alive() && !newer.is_alive());
    world.finish([1], &[]);
}

#[test]
fn panic_by_hand_is_the_callers_and_counts_as_the_call() {
    let world = World::quiet();
    let errors = collect_errors(&world.heap);
    let a = world.obj(1);
    let f: Cleanup<()> = Gc::cleanup(&a, || panic!("by hand"));
    let outcome = catch_unwind(AssertUnwindSafe(|| f.call()));
    assert_eq!(message(&*outcome.unwrap_err()), "by hand");
    assert!(!f.is_alive() && f.call().is_none());
    drop(a);
    assert!(errors.borrow().is_empty());
    world.finish([1], &[]);
}

#[test]
fn result_of_a_cleanup_at_death_is_dropped() {
    let world = World::quiet();
    let errors = collect_errors(&world.heap);
    let a = world.obj(1);
    let result = world.obj(2);
    let f = Gc::cleanup(&a, move || result);
    let _g = Gc::cleanup(&a, || OnDrop::new(|| panic!("the result's drop")));
    drop(a);
    assert!(f.call().is_none());
    assert_eq!(errors.borrow().len(), 1);
    assert_eq!(errors.borrow()[0].message(), "the result's drop");
    world.finish([1, 2], &[]);
}

#[test]
fn cleanup_that_holds_its_own_object_runs_at_the_heaps_end() {
    let world = World::quiet();
    let a = world.obj(1);
    let (held, log) = (a.clone(), world.log.clone());
    let f = Gc::cleanup(&a, move || log.push(Clean(held.n)));
    drop(a);
    assert_eq!(world.heap.collect().collected, 0);
    let report = world.heap.shutdown();
    assert_eq!((report.cleanups, report.outstanding), (1, 0));
    assert_eq!(world.log.events(), [Clean(1), Fin(1), Dropped(1)]);
    assert!(!f.is_alive());
    world.finish([1], &[]);
}

#[test]
fn cleanup_detached_that_holds_its_own_object_ends_it() {
    let world = World::quiet();
    let a = world.obj(1);
    let held = a.clone();
    let f = Gc::cleanup(&a, move || held.check());
    drop(a);
    assert!(f.detach());
    assert_eq!(world.log.events(), [Fin(1), Dropped(1)]);
    world.finish([1], &[]);
}

#[test]
fn dropping_the_last_heap_runs_cleanups_newest_of_all_first() {
    let World { heap, log } = World::quiet();
    let world = World { heap, log: log.clone() };
    let (a, b) = (world.obj(1), world.obj(2));
    let cleanups =
        [(1, &a), (2, &b), (3, &a), (4, &b)].map(|(tag, object)| clean(&world, object, tag));
    drop(world);
    assert_eq!(log.take(), [Clean(4), Clean(3), Clean(2), Clean(1)]);
    assert!(cleanups.iter().all(|cleanup| !cleanup.is_alive()));
    drop((a, b));
    assert_eq!(log.events(), [Fin(1), Dropped(1), Fin(2), Dropped(2)]);
}

#[test]
fn cleanup_at_the_end_may_end_other_objects() {
    // The newest cleanup cuts what holds the other object: that one's cleanup runs with its death, once.
    let world = World::quiet();
    let (a, b) = (world.obj(1), world.obj(2));
    a.link(&b);
    let _of_b = clean(&world, &b, 2);
    drop(b);
    let weak = Gc::downgrade(&a);
    let _of_a = Gc::cleanup(&a, move || weak.upgrade().expect("it lives").cut());
    let report = world.heap.shutdown();
    assert_eq!((report.cleanups, report.outstanding), (1, 1));
    assert_eq!(world.log.events(), [Fin(2), Dropped(2), Clean(2)]);
    drop(a);
    world.finish([1, 2], &[]);
}

#[test]
fn cleanup_of_frozen_garbage_and_of_cycles_runs_once_at_the_end() {
    let world = World::quiet();
    for n in [1, 2] {
        let cycle = world.self_cycle(n);
        drop(clean(&world, &cycle, n));
        drop(cycle);
        if n == 1 {
            world.heap.freeze();
        }
    }
    let report = world.heap.shutdown();
    assert_eq!((report.cleanups, report.collected, report.outstanding), (2, 2, 0));
    let events = world.log.events();
    assert_eq!(events[..2], [Clean(2), Clean(1)]);
    assert_eq!((world.log.fins(), world.log.drops(), events.len()), (2, 2, 6));
    world.finish([1, 2], &[]);
}

#[test]
fn handle_outlives_heap_and_object() {
    let World { heap, log } = World::quiet();
    let world = World { heap, log: log.clone() };
    let a = world.obj(1);
    let f = clean(&world, &a, 1);
    f.set_at_exit(false);
    drop((a, world));
    assert_eq!(log.events(), [Fin(1), Dropped(1), Clean(1)]);
    assert!(!f.is_alive() && !f.detach() && f.call().is_none());
}
