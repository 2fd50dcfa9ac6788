//! Who is brought back by a finalizer lives on with all that it leads to, and only that
//! (conformance group RES); hunts halves of graphs, second finalizers, and the resurrected that are
//! never found again.

use crate::support::*;

/// Where finalizers put what they bring back.
type Survivors = Rc<RefCell<Vec<Gc<Obj>>>>;

/// Makes the object's finalizer bring it back.
fn resurrects(object: &Gc<Obj>, survivors: &Survivors) {
    let survivors = survivors.clone();
    object.on_finalize(move |me| survivors.borrow_mut().push(me.clone()));
}

#[test]
fn res_01_resurrect_on_refcount_drop() {
    let world = World::quiet();
    let survivors = Survivors::default();
    let s = world.obj(1);
    let w = Gc::downgrade(&s);
    resurrects(&s, &survivors);
    assert!(!Gc::is_finalized(&s));
    drop(s);
    assert_eq!(survivors.borrow().len(), 1);
    let back = w.upgrade().expect("it lives");
    assert!(Gc::ptr_eq(&back, &survivors.borrow()[0]));
    assert!(Gc::is_finalized(&back));
    assert_eq!(Gc::strong_count(&back), 2);
    drop(back);
    assert_eq!(world.log.events(), [Fin(1)]);
    drop(survivors.take());
    assert_eq!(world.log.events(), [Fin(1), Dropped(1)]);
    assert!(w.upgrade().is_none());
    world.heap.collect();
    assert_eq!(world.log.events(), [Fin(1), Dropped(1)]);

    let without = Gc::new_in(&world.heap, Slot::<Obj>::empty());
    let weak = Gc::downgrade(&without);
    assert!(!Gc::is_finalized(&without));
    drop(without);
    assert!(weak.is_dead());
    world.finish([1], &[]);
}

#[test]
fn res_02_resurrect_self_cycle() {
    let world = World::quiet();
    let survivors = Survivors::default();
    let s = world.self_cycle(1);
    let w = Gc::downgrade(&s);
    resurrects(&s, &survivors);
    drop(s);
    let first = world.heap.collect();
    assert_eq!((first.collected, first.resurrected, first.finalized), (0, 1, 1));
    assert_eq!(survivors.borrow().len(), 1);
    let back = w.upgrade().expect("weak handles survive a resurrection");
    assert!(Gc::ptr_eq(&back, &survivors.borrow()[0]) && Gc::is_finalized(&back));
    back.check();
    drop(back);
    drop(survivors.take());
    let second = world.heap.collect();
    assert_eq!((second.collected, second.finalized), (1, 0));
    assert_eq!(world.log.events(), [Fin(1), Dropped(1)]);
    assert!(w.upgrade().is_none());
    world.finish([1], &[]);
}

#[test]
fn res_03_resurrect_ring() {
    let world = World::quiet();
    let survivors = Survivors::default();
    let ring = world.ring(0, 3);
    ring.iter().for_each(|object| resurrects(object, &survivors));
    drop(ring);
    let first = world.heap.collect();
    assert_eq!((first.collected, first.resurrected), (0, 3));
    assert_eq!((world.log.fins(), world.log.drops()), (3, 0));
    assert_eq!(survivors.borrow().len(), 3);
    survivors.borrow().iter().for_each(Obj::check_ring);
    assert!(survivors.borrow().iter().all(|object| object.edges.borrow().len() == 2));
    drop(survivors.take());
    assert_eq!(world.heap.collect().collected, 3);
    assert_eq!((world.log.fins(), world.log.drops()), (3, 3));
    world.finish(0..3, &[]);
}

#[test]
fn res_04_resurrect_with_suicides() {
    let world = World::quiet();
    let survivors = Survivors::default();
    let ring = world.ring(0, 6);
    for object in &ring {
        match object.n % 3 {
            0 => resurrects(object, &survivors),
            1 => object.on_finalize(Obj::check_ring),
            _ => object.on_finalize(|me| me.cut()),
        }
    }
    drop(ring);
    world.heap.collect();
    assert_eq!((world.log.fins(), world.log.drops()), (6, 0));
    let mut back: Vec<_> = survivors.borrow().iter().map(|object| object.n).collect();
    back.sort_unstable();
    assert_eq!(back, [0, 3]);
    let mut seen: Vec<_> = back.clone();
    for survivor in survivors.borrow().iter() {
        Obj::check_ring(survivor);
        for neighbour in survivor.edges.borrow().iter() {
            neighbour.check();
            Obj::check_ring(neighbour);
            seen.push(neighbour.n);
        }
    }
    seen.sort_unstable();
    assert_eq!(seen, [0, 1, 2, 3, 4, 5], "all six hang off the two");
    drop(survivors.take());
    world.heap.collect();
    assert_eq!(world.heap.live_count(), 0);
    assert_eq!((world.log.fins(), world.log.drops()), (6, 6));
    world.finish(0..6, &[]);
}

#[test]
fn res_05_resurrection_is_transitive() {
    let world = World::quiet();
    let survivors = Survivors::default();
    let (laz, cargo) = (world.obj(1), world.self_cycle(2));
    laz.link(&cargo);
    cargo.link(&laz);
    let before = Gc::as_ptr(&cargo);
    resurrects(&laz, &survivors);
    drop((laz, cargo));
    assert_eq!(world.heap.collect().collected, 0);
    let laz = survivors.borrow()[0].clone();
    assert_eq!(laz.n, 1);
    let cargo = laz.edge(0);
    assert_eq!(Gc::as_ptr(&cargo), before);
    cargo.check();
    cargo.link(&world.obj(3));
    assert!(Gc::ptr_eq(&cargo.edge(0), &cargo) && Gc::ptr_eq(&cargo.edge(1), &laz));
    drop((laz, cargo));
    drop(survivors.take());
    assert_eq!(world.heap.collect().collected, 3);
    world.finish(1..4, &[]);
}

#[test]
fn res_06_resurrected_not_counted_as_collected() {
    let world = World::quiet();
    let survivors = Survivors::default();
    resurrects(&world.self_cycle(1), &survivors);
    let before = world.heap.stats()[Generation::Old].collected;
    let collection = world.heap.collect();
    assert_eq!((collection.collected, collection.uncollectable), (0, 0));
    assert_eq!(world.heap.stats()[Generation::Old].collected, before);
    drop(survivors.take());
    world.finish([1], &[]);
}

#[test]
fn res_07_only_the_resurrected_component_survives() {
    let world = World::quiet();
    let survivors = Survivors::default();
    let (three, four) = (world.ring(0, 3), world.ring(10, 4));
    resurrects(&three[1], &survivors);
    drop((three, four));
    let first = world.heap.collect();
    assert_eq!((first.collected, first.resurrected), (4, 3));
    assert_eq!(world.heap.live_count(), 3);
    let mut at = survivors.borrow()[0].clone();
    for n in [2, 0, 1] {
        Obj::check_ring(&at);
        at = at.edge(1);
        assert_eq!(at.n, n);
    }
    drop(at);
    drop(survivors.take());
    assert_eq!(world.heap.collect().collected, 3);
    world.finish([0, 1, 2, 10, 11, 12, 13], &[]);
}

#[test]
fn res_08_weak_upgrade_inside_finalizer_resurrects() {
    let world = World::quiet();
    let survivors = Survivors::default();
    let (a, b) = (world.obj(1), world.obj(2));
    a.link(&b);
    b.link(&a);
    let wb = Gc::downgrade(&b);
    let (weak, store) = (wb.clone(), survivors.clone());
    a.on_finalize(move |_| store.borrow_mut().push(weak.upgrade().expect("it is whole")));
    drop((a, b));
    assert_eq!(world.heap.collect().collected, 0);
    assert!(Gc::ptr_eq(&wb.upgrade().expect("it was saved"), &survivors.borrow()[0]));
    survivors.borrow()[0].edge(0).check();
    drop(survivors.take());
    assert_eq!(world.heap.collect().collected, 2);
    assert!(wb.is_dead());
    world.finish([1, 2], &[]);
}

// ---- beyond the cases ----------------------------------------------------------------------------

#[test]
fn resurrection_into_a_live_object_counts() {
    // By both ways to die; the second end needs a collection, since the object then holds its keeper.
    for cyclic in [false, true] {
        let world = World::quiet();
        let keeper = world.obj(0);
        let s = if cyclic { world.self_cycle(1) } else { world.obj(1) };
        s.link(&keeper);
        s.on_finalize(|me| me.edges.borrow().last().expect("the keeper").link(me));
        drop(s);
        world.heap.collect();
        assert_eq!(world.log.take(), [Fin(1)]);
        assert!(Gc::is_finalized(&keeper.edge(0)));
        drop(keeper);
        assert_eq!(world.heap.collect().collected, 2);
        world.finish([0, 1], &[Fin(1)]);
    }
}

#[test]
fn object_that_holds_itself_from_its_finalizer_on_is_found() {
    let world = World::quiet();
    let s = world.obj(1);
    s.on_finalize(|me| me.link(me));
    drop(s);
    assert_eq!(world.log.events(), [Fin(1)]);
    assert_eq!(world.heap.live_count(), 1);
    assert_eq!(world.heap.collect().collected, 1);
    world.finish([1], &[]);
}

/// No handle of it ever went while others stayed.
#[test]
fn object_whose_finalizer_stores_the_one_handle_in_it_is_found() {
    #[derive(Trace, Default)]
    #[trace(finalize)]
    struct Phoenix(Slot<Phoenix>);
    impl Finalize for Phoenix {
        fn finalize(&self, cx: &FinalizeCx<'_, Self>) {
            self.0.set(Some(cx.handle()));
        }
    }
    let world = World::quiet();
    drop(Gc::new_in(&world.heap, Phoenix::default()));
    assert_eq!(world.heap.live_count(), 1);
    assert_eq!(world.heap.collect().collected, 1);
    world.finish([], &[]);
}

#[test]
fn resurrected_cycle_is_found_by_a_partial_collection() {
    // What is brought back stays a suspect: nobody needs to let go of it a second time.
    let world = World::quiet();
    let ring = world.ring(0, 3);
    let weak = Gc::downgrade(&ring[0]);
    let (probe, saved) = (weak.clone(), Survivors::default());
    let store = saved.clone();
    ring[0].on_finalize(move |_| store.borrow_mut().extend(probe.upgrade()));
    drop(ring);
    world.heap.collect_generation(Generation::Young);
    assert_eq!(Gc::generation(&saved.borrow()[0]), Generation::Middle);
    drop(saved.take());
    assert_eq!(world.heap.collect_generation(Generation::Young).collected, 0);
    assert_eq!(world.heap.collect_generation(Generation::Middle).collected, 3);
    assert!(weak.is_dead());
    world.finish(0..3, &[]);
}

#[test]
fn handle_stored_and_lost_again_within_the_finalizers_saves_nobody() {
    // Each finalizer takes over what the one before it stored; the last stored handle is lost by the last.
    let world = World::quiet();
    let ring = world.ring(0, 4);
    let store = Survivors::default();
    let left = Rc::new(Cell::new(4));
    for object in &ring {
        let (store, left) = (store.clone(), left.clone());
        object.on_finalize(move |me| {
            let earlier = store.take();
            drop(earlier);
            left.set(left.get() - 1);
            if left.get() > 0 {
                store.borrow_mut().push(me.clone());
            }
        });
    }
    drop(ring);
    let collection = world.heap.collect();
    assert_eq!((collection.collected, collection.resurrected), (4, 0));
    world.finish(0..4, &[]);
}

#[test]
fn one_of_two_rings_that_share_a_tail_survives_with_it() {
    let world = World::quiet();
    let survivors = Survivors::default();
    let (one, other, tail) = (world.ring(0, 2), world.ring(10, 2), world.obj(20));
    one[0].link(&tail);
    other[0].link(&tail);
    resurrects(&one[1], &survivors);
    drop((one, other));
    let counted = tail.clone();
    drop(tail);
    assert_eq!(world.heap.collect().collected, 2);
    assert_eq!(Gc::strong_count(&counted), 2, "the handle here and the edge of the survivor");
    drop(counted);
    drop(survivors.take());
    assert_eq!(world.heap.collect().collected, 3);
    world.finish([0, 1, 10, 11, 20], &[]);
}

#[test]
fn tail_may_be_resurrected_without_its_ring() {
    let world = World::quiet();
    let survivors = Survivors::default();
    let (ring, tail) = (world.ring(0, 2), world.obj(20));
    tail.link(&world.obj(21));
    ring[0].link(&tail);
    resurrects(&tail, &survivors);
    drop((ring, tail));
    let collection = world.heap.collect();
    assert_eq!((collection.collected, collection.resurrected), (2, 2));
    let tail = survivors.take().pop().expect("it was saved");
    assert_eq!((Gc::strong_count(&tail), tail.edge(0).n), (1, 21));
    drop(tail);
    assert_eq!(world.heap.live_count(), 0);
    world.finish([0, 1, 20, 21], &[]);
}

#[test]
fn those_who_are_back_are_not_finalized_again_however_often_they_are_judged() {
    let world = World::quiet();
    let survivors = Survivors::default();
    let ring = world.ring(0, 5);
    resurrects(&ring[0], &survivors);
    drop(ring);
    for round in 0..3 {
        let collection = world.heap.collect();
        assert_eq!(collection.finalized, if round == 0 { 5 } else { 0 });
        assert_eq!(collection.resurrected, if round == 0 { 5 } else { 0 });
        assert_eq!(world.heap.live_count(), 5);
    }
    drop(survivors.take());
    assert_eq!(world.heap.collect().collected, 5);
    world.finish(0..5, &[]);
}

#[test]
fn resurrected_value_can_be_taken() {
    let world = World::quiet();
    let survivors = Survivors::default();
    let s = world.obj(1);
    resurrects(&s, &survivors);
    drop(s);
    let mut s = survivors.take().pop().expect("it was saved");
    Gc::get_mut(&mut s).expect("unique").n = 7;
    let value = Gc::into_inner(s).expect("unique");
    value.check();
    assert_eq!(value.n, 7);
    drop(value);
    assert_eq!(world.log.events(), [Fin(1), Dropped(1)]);
    world.finish([1], &[]);
}

#[test]
fn object_brought_back_lets_go_of_others_first() {
    // The finalizer of 1 brings it back and lets go of 2 and 3; 4 waits meanwhile.
    let world = World::quiet();
    let survivors = Survivors::default();
    let root = world.obj(0);
    for n in [1, 4] {
        root.link(&world.obj(n));
    }
    for n in [2, 3] {
        root.edge(0).link(&world.obj(n));
    }
    let saved = survivors.clone();
    root.edge(0).on_finalize(move |me| {
        saved.borrow_mut().push(me.clone());
        me.cut();
    });
    drop(root);
    let order = [0, 1, 2, 3, 4].map(|n| [Fin(n), Dropped(n)]).concat();
    let order: Vec<_> = order.into_iter().filter(|&event| event != Dropped(1)).collect();
    assert_eq!(world.log.take(), order);
    drop(survivors.take());
    assert_eq!(world.log.events(), [Dropped(1)]);
    world.finish(0..5, &order);
}

#[test]
fn map_keeps_the_entry_of_an_object_that_comes_back() {
    // 2 waits for its end while the finalizer of 1 fills the map, which then clears out what has died.
    let world = World::quiet();
    let survivors = Survivors::default();
    let map = Rc::new(WeakValueMap::new());
    let root = world.obj(0);
    for n in [1, 2] {
        root.link(&world.obj(n));
    }
    map.insert(2, &root.edge(1));
    map.insert(3, &world.obj(3));
    let filler = world.obj(4);
    let (table, fill) = (map.clone(), filler.clone());
    root.edge(0).on_finalize(move |_| {
        for key in 100..200 {
            table.insert(key, &fill);
        }
    });
    resurrects(&root.edge(1), &survivors);
    drop(root);
    let two = survivors.take().pop().expect("it was saved");
    assert!(map.get(&2).is_some_and(|found| Gc::ptr_eq(&found, &two)), "the entry is still there");
    assert_eq!(map.len(), 101);
    drop((two, filler));
    assert!(map.is_empty());
    world.finish(0..5, &[]);
}
