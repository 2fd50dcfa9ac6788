//! The call of a watch comes once, after the death and not instead of it (conformance group CB);
//! hunts calls that are lost, doubled, out of order, or able to reach the dead.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};

use gc_core::Hook;

use crate::support::*;

/// The two ways to die.
const WAYS: [bool; 2] = [false, true];

/// An object that dies by count, or one that dies by sweep.
fn mortal(world: &World, n: u32, cyclic: bool) -> Gc<Obj> {
    if cyclic { world.self_cycle(n) } else { world.obj(n) }
}

#[test]
fn cb_01_callback_once_and_dead_inside() {
    let world = World::quiet();
    let o = world.obj(1);
    let weak = Gc::downgrade(&o);
    let calls = Rc::new(RefCell::new(Vec::new()));
    let seen = calls.clone();
    let watch = Gc::watch(&o, move || seen.borrow_mut().push(weak.upgrade().is_none()));
    assert!(Gc::ptr_eq(&watch.upgrade().expect("it lives"), &o));
    assert!(!watch.is_dead());
    drop(o);
    world.heap.collect();
    assert_eq!(*calls.borrow(), [true]);
    assert!(watch.upgrade().is_none() && watch.is_dead() && watch.weak().is_dead());
    world.finish([1], &[]);
}

#[test]
fn cb_02_all_handles_dead_before_first_callback() {
    for cyclic in WAYS {
        let world = World::quiet();
        let o = mortal(&world, 1, cyclic);
        let watches: Rc<RefCell<Vec<Watch<Obj>>>> = Rc::default();
        let calls = Rc::new(Cell::new(0));
        for _ in 0..3 {
            let (others, calls) = (watches.clone(), calls.clone());
            let watch = Gc::watch(&o, move || {
                assert!(others.borrow().iter().all(|other| other.upgrade().is_none()));
                assert_eq!(others.borrow().len(), 3);
                calls.set(calls.get() + 1);
            });
            watches.borrow_mut().push(watch);
        }
        drop(o);
        world.heap.collect();
        assert_eq!(calls.get(), 3);
        watches.take();
        world.finish([1], &[]);
    }
}

#[test]
fn cb_03_newest_callback_first() {
    for cyclic in WAYS {
        let world = World::quiet();
        let o = mortal(&world, 1, cyclic);
        let _watches = [0, 1, 2].map(|tag| world.watch(&o, tag));
        drop(o);
        world.heap.collect();
        assert_eq!(world.log.events(), [Fin(1), Dropped(1), Dead(2), Dead(1), Dead(0)]);
        world.finish([1], &[]);
    }
}

#[test]
fn cb_04_dropped_watch_never_fires() {
    let world = World::quiet();
    let o = world.obj(1);
    drop(world.watch(&o, 1));
    drop(o);
    world.heap.collect();
    assert_eq!(world.log.events(), [Fin(1), Dropped(1)]);
    world.finish([1], &[]);
}

#[test]
fn cb_05_callback_panics_are_isolated() {
    let world = World::quiet();
    let errors = collect_errors(&world.heap);
    for cyclic in WAYS {
        let n = u32::from(cyclic);
        let o = mortal(&world, n, cyclic);
        let log = world.log.clone();
        let _watches = [0, 1, 2].map(|tag| {
            let log = log.clone();
            Gc::watch(&o, move || {
                log.push(Dead(tag));
                panic!("watch {tag}")
            })
        });
        drop(o);
        world.heap.collect();
        let errors = errors.take();
        let texts: Vec<_> = errors.iter().map(GcError::message).collect();
        assert_eq!(texts, ["watch 2", "watch 1", "watch 0"]);
        for error in &errors {
            assert_eq!(error.hook(), Hook::Watch);
            assert_eq!(error.type_name(), Some(std::any::type_name::<Obj>()));
        }
    }
    assert_eq!(world.log.count(|event| matches!(event, Dead(_))), 6);
    drop(world.self_cycle(2));
    assert_eq!(world.heap.collect().collected, 1);
    world.finish(0..3, &[]);
}

#[test]
fn cb_06_callback_during_unwinding() {
    let world = World::quiet();
    let map: Rc<RefCell<HashMap<u32, Watch<Obj>>>> = Rc::default();
    let calls = Rc::new(Cell::new(0));
    for n in [1, 2] {
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let o = world.obj(n);
            let (entries, calls) = (map.clone(), calls.clone());
            let watch = Gc::watch(&o, move || {
                calls.set(calls.get() + 1);
                let entry = entries.borrow_mut().remove(&n);
                drop(entry.expect("the map holds this watch"));
            });
            map.borrow_mut().insert(n, watch);
            panic_any("bogus");
        }));
        assert_eq!(message(&*outcome.unwrap_err()), "bogus");
        assert_eq!(calls.get(), n);
        assert!(map.borrow().is_empty());
    }
    world.finish([1, 2], &[]);
}

#[test]
fn cb_07_callback_that_collects() {
    let world = World::quiet();
    drop((world.ring(10, 5), world.self_cycle(20)));
    let c = world.obj(1);
    let (heap, collected) = (world.heap.clone(), Rc::new(Cell::new(0)));
    let seen = collected.clone();
    let _watch = Gc::watch(&c, move || seen.set(heap.collect().collected));
    drop(c);
    assert_eq!(collected.get(), 6);
    assert_eq!(world.heap.live_count(), 0);
    assert_eq!(world.log.events()[..2], [Fin(1), Dropped(1)]);
    world.finish([1, 20].into_iter().chain(10..15), &[]);
}

#[test]
fn cb_08_trash_owned_watch_is_silent() {
    let world = World::quiet();
    let (a, b) = (world.obj(1), world.obj(2));
    a.link(&b);
    b.link(&a);
    let (c1, c2) = (world.obj(3), world.self_cycle(4));
    c2.link(&c1);
    for (owner, watched, tag) in [(&a, &b, 1), (&c2, &c1, 2)] {
        let (weak, log) = (Gc::downgrade(owner), world.log.clone());
        let watch = Gc::watch(watched, move || {
            log.push(Dead(tag));
            std::mem::forget(weak.upgrade());
        });
        owner.watches.borrow_mut().push(watch);
    }
    drop((a, b, c1, c2));
    assert_eq!(world.heap.collect().collected, 4);
    assert_eq!(world.log.count(|event| matches!(event, Dead(_))), 0);
    world.finish(1..5, &[]);
}

#[test]
fn cb_09_outside_watch_fires_inside_watch_does_not() {
    let world = World::quiet();
    let (c1, c2, k) = (world.obj(1), world.obj(2), world.obj(3));
    c1.link(&c2);
    c2.link(&c1);
    c1.link(&k);
    let calls: Rc<RefCell<Vec<&str>>> = Rc::default();
    let rescued: Rc<RefCell<Vec<Gc<Obj>>>> = Rc::default();
    for (owner, watched) in [(&c1, &c2), (&c2, &c1)] {
        let (weak, calls, rescued) = (Gc::downgrade(owner), calls.clone(), rescued.clone());
        let watch = Gc::watch(watched, move || {
            calls.borrow_mut().push("a member of the ring went away");
            rescued.borrow_mut().extend(weak.upgrade());
        });
        owner.watches.borrow_mut().push(watch);
    }
    let seen = calls.clone();
    let _outside = Gc::watch(&k, move || seen.borrow_mut().push("k went away"));
    drop((c1, c2, k));
    assert_eq!(world.heap.collect().collected, 3);
    assert_eq!(*calls.borrow(), ["k went away"]);
    assert!(rescued.borrow().is_empty());
    assert_eq!(world.heap.collect().collected, 0);
    assert_eq!(*calls.borrow(), ["k went away"]);
    world.finish(1..4, &[]);
}

#[test]
fn cb_10_callback_state_is_released_after_the_call() {
    for cyclic in WAYS {
        let world = World::quiet();
        let o = mortal(&world, 1, cyclic);
        let state = Rc::new(());
        let captured = state.clone();
        let watch = Gc::watch(&o, move || drop(captured.clone()));
        assert_eq!(Rc::strong_count(&state), 2);
        drop(o);
        world.heap.collect();
        assert_eq!(Rc::strong_count(&state), 1);
        assert!(watch.is_dead());
        world.finish([1], &[]);
    }
}

#[test]
fn cb_11_callbacks_cannot_see_other_trash() {
    let world = World::quiet();
    let cycles = [world.self_cycle(0), world.self_cycle(1)];
    let (looks, found) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
    let _watches = cycles.each_ref().map(|cycle| {
        let weak = cycles.each_ref().map(Gc::downgrade);
        let (looks, found) = (looks.clone(), found.clone());
        Gc::watch(cycle, move || {
            looks.set(looks.get() + weak.len());
            found.set(found.get() + weak.iter().filter_map(Weak::upgrade).count());
        })
    });
    assert_eq!(world.heap.collect().collected, 0);
    assert_eq!(looks.get(), 0);
    drop(cycles);
    let collection = world.heap.collect();
    assert_eq!((collection.collected, collection.resurrected), (2, 0));
    assert_eq!((looks.get(), found.get()), (4, 0));
    world.finish([0, 1], &[]);
}

#[test]
fn cb_12_older_object_dying_in_a_young_sweep() {
    let world = World::quiet();
    let c0 = world.obj(0);
    world.heap.collect();
    assert_eq!(Gc::generation(&c0), Generation::Old);
    let (c1, c2) = (world.self_cycle(1), world.self_cycle(2));
    c1.link(&c0);
    let w2 = Gc::downgrade(&c2);
    let looks = Rc::new(RefCell::new(Vec::new()));
    let seen = looks.clone();
    let _watch = Gc::watch(&c0, move || seen.borrow_mut().push(w2.upgrade().is_some()));
    drop((c0, c1, c2));
    let collection = world.heap.collect_generation(Generation::Young);
    assert_eq!(collection.collected, 2, "c0 was not judged: it died by count");
    assert_eq!(*looks.borrow(), [false]);
    assert_eq!(world.heap.live_count(), 0);
    world.finish(0..3, &[]);
}

#[test]
fn cb_13_finalizer_before_callback_in_both_paths() {
    for cyclic in WAYS {
        let world = World::quiet();
        let o = mortal(&world, 1, cyclic);
        let map = Rc::new(WeakValueMap::new());
        map.insert("o", &o);
        let (table, found) = (map.clone(), Rc::new(Cell::new(false)));
        let seen = found.clone();
        o.on_finalize(move |me| {
            seen.set(table.get("o").is_some_and(|found| Gc::ptr_eq(&found, me)));
        });
        let _watch = world.watch(&o, 1);
        drop(o);
        world.heap.collect();
        assert!(found.get(), "the map answers inside the finalizer");
        assert_eq!(world.log.events(), [Fin(1), Dropped(1), Dead(1)]);
        assert!(map.is_empty() && map.get("o").is_none());
        world.finish([1], &[]);
    }
}

// ---- calls that meddle ---------------------------------------------------------------------------

#[test]
fn forgotten_watch_fires() {
    for cyclic in WAYS {
        let world = World::quiet();
        let o = mortal(&world, 1, cyclic);
        world.watch(&o, 1).forget();
        assert_eq!(Gc::weak_count(&o), 0);
        drop(o);
        world.heap.collect();
        assert_eq!(world.log.events(), [Fin(1), Dropped(1), Dead(1)]);
        assert_eq!(world.heap.stats().live_bytes, 0);
        world.finish([1], &[]);
    }
}

#[test]
fn callback_may_drop_its_own_watch_and_cancel_others() {
    for cyclic in WAYS {
        let world = World::quiet();
        let o = mortal(&world, 1, cyclic);
        let watches: Rc<RefCell<Vec<Watch<Obj>>>> = Rc::default();
        for tag in 0..4 {
            let (all, log) = (watches.clone(), world.log.clone());
            let watch = Gc::watch(&o, move || {
                log.push(Dead(tag));
                if tag == 2 {
                    // Its own, the one that was called, and one that was not.
                    let dropped: Vec<_> = all.borrow_mut().drain(1..).collect();
                    drop(dropped);
                }
            });
            watches.borrow_mut().push(watch);
        }
        drop(o);
        world.heap.collect();
        assert_eq!(world.log.events(), [Fin(1), Dropped(1), Dead(3), Dead(2), Dead(0)]);
        assert_eq!(watches.borrow().len(), 1);
        watches.take();
        world.finish([1], &[]);
    }
}

#[test]
fn callback_makes_objects_and_watches_and_lets_others_go() {
    // The death of 1 makes and loses 2, which is watched, and loses 3; each ends as a whole.
    let world = World::quiet();
    let (one, three) = (world.obj(1), world.obj(3));
    let _third = world.watch(&three, 3);
    let last = RefCell::new(Some(three));
    let inner = World { heap: world.heap.clone(), log: world.log.clone() };
    let _older = world.watch(&one, 0);
    let _newer = Gc::watch(&one, move || {
        inner.log.push(Dead(1));
        let two = inner.obj(2);
        inner.watch(&two, 2).forget();
        drop(two);
        drop(last.take());
    });
    drop(one);
    let events = world.log.events();
    assert_eq!(events[..3], [Fin(1), Dropped(1), Dead(1)]);
    let mut rest = events[3..].to_vec();
    let older = rest.iter().position(|&event| event == Dead(0)).expect("it is called");
    rest.remove(older);
    assert_eq!(rest, [Fin(2), Dropped(2), Dead(2), Fin(3), Dropped(3), Dead(3)]);
    world.finish(1..4, &[]);
}

#[test]
fn watch_made_in_a_finalizer_fires_at_the_death_that_follows() {
    for cyclic in WAYS {
        let world = World::quiet();
        let o = mortal(&world, 1, cyclic);
        let log = world.log.clone();
        o.on_finalize(move |me| Gc::watch(me, move || log.push(Dead(1))).forget());
        drop(o);
        world.heap.collect();
        assert_eq!(world.log.events(), [Fin(1), Dropped(1), Dead(1)]);
        world.finish([1], &[]);
    }
}

#[test]
fn watch_waits_for_the_real_death_of_a_resurrected_object() {
    for cyclic in WAYS {
        let world = World::quiet();
        let o = mortal(&world, 1, cyclic);
        let survivors: Rc<RefCell<Vec<Gc<Obj>>>> = Rc::default();
        let saved = survivors.clone();
        o.on_finalize(move |me| saved.borrow_mut().push(me.clone()));
        let watch = world.watch(&o, 1);
        drop(o);
        world.heap.collect();
        assert_eq!(world.log.take(), [Fin(1)]);
        assert!(watch.upgrade().is_some());
        drop(survivors.take());
        world.heap.collect();
        assert_eq!(world.log.events(), [Dropped(1), Dead(1)]);
        world.finish([1], &[]);
    }
}

#[test]
fn watch_that_holds_its_own_object_keeps_it_alive_until_it_is_dropped() {
    let world = World::quiet();
    for n in [1, 2] {
        let o = if n == 1 { world.obj(n) } else { world.self_cycle(n) };
        let (held, log) = (o.clone(), world.log.clone());
        let watch = Gc::watch(&o, move || log.push(Dead(held.n)));
        drop(o);
        assert_eq!(world.heap.collect().collected, 0);
        watch.upgrade().expect("the closure holds it").check();
        drop(watch);
        world.heap.collect();
        assert_eq!(world.log.take(), [Fin(n), Dropped(n)], "cancelled, so not called");
    }
    assert_eq!(world.heap.stats().live_bytes, 0);
}

#[test]
fn cancelled_watch_drops_its_captures_at_once() {
    let world = World::quiet();
    let (o, captured) = (world.obj(1), world.obj(2));
    let watch = Gc::watch(&o, move || captured.check());
    drop(watch);
    assert_eq!(world.log.events(), [Fin(2), Dropped(2)]);
    drop(o);
    world.finish([1, 2], &[]);
}

#[test]
fn many_watches_come_and_go() {
    let world = World::quiet();
    let o = world.obj(1);
    let keep: Vec<_> = (0..1000)
        .map(|tag| {
            drop(world.watch(&o, 10_000));
            world.watch(&o, tag)
        })
        .collect();
    assert_eq!(Gc::weak_count(&o), 1000);
    drop(o);
    let calls: Vec<_> = (0..1000).rev().map(Dead).collect();
    assert_eq!(world.log.events()[2..], calls);
    drop(keep);
    world.finish([1], &[]);
}

#[test]
fn all_values_are_dropped_before_any_call_of_a_sweep() {
    let world = World::quiet();
    let ring = world.ring(0, 5);
    let _watches: Vec<_> = ring.iter().map(|object| world.watch(object, object.n)).collect();
    drop(ring);
    assert_eq!(world.heap.collect().collected, 5);
    let kinds: Vec<_> = world
        .log
        .events()
        .iter()
        .map(|event| match event {
            Fin(_) => 1,
            Dropped(_) => 2,
            Dead(_) => 3,
            Clean(_) => 4,
        })
        .collect();
    assert_eq!(kinds, [[1; 5], [2; 5], [3; 5]].concat());
    world.finish(0..5, &[]);
}

#[test]
fn without_a_handler_the_first_panic_comes_out_when_all_is_done() {
    for cyclic in WAYS {
        let world = World::quiet();
        let o = mortal(&world, 1, cyclic);
        let _older = Gc::watch(&o, || panic!("second"));
        let _newer = Gc::watch(&o, || panic!("first"));
        let _oldest = world.watch(&o, 1);
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            drop(o);
            world.heap.collect();
        }));
        assert_eq!(message(&*outcome.unwrap_err()), "first");
        assert_eq!(world.log.events(), [Fin(1), Dropped(1), Dead(1)]);
        world.finish([1], &[]);
    }
}

#[test]
fn callback_that_ends_the_heap() {
    for cyclic in WAYS {
        let log = Log::default();
        let world = World { heap: Heap::new(), log: log.clone() };
        let o = mortal(&world, 1, cyclic);
        let watch = world.watch(&o, 1);
        let heap = world.heap.clone();
        let ends = Gc::watch(&o, move || drop(world));
        drop(o);
        heap.collect();
        drop(heap);
        assert_eq!(log.events(), [Fin(1), Dropped(1), Dead(1)]);
        assert!(watch.is_dead() && ends.is_dead());
    }
}
