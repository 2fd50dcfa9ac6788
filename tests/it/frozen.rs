//! Frozen objects belong to no generation, and hold what they hold from outside (conformance group
//! FRZ). Hunted: frozen objects freed or visited, and suspicion lost between freezing and thawing.

use crate::support::*;
use Generation::{Middle, Old, Young};

#[test]
fn frz_01_freeze_counts_and_frozen_trash() {
    let world = World::quiet();
    let mut live: Vec<_> = (1..=4).map(|n| world.obj(n)).collect();
    live.push(world.self_cycle(5));
    world.heap.freeze();
    drop(live.pop());
    assert_eq!(world.heap.frozen_count(), 5);
    assert_eq!(world.heap.collect().collected, 0);
    world.heap.unfreeze();
    assert_eq!(world.heap.frozen_count(), 0);
    assert_eq!(world.heap.collect().collected, 1);
    assert_eq!(world.log.events(), [Fin(5), Dropped(5)]);
    drop(live);
    world.finish(1..6, &[]);
}

#[test]
fn frz_02_frozen_holds_young() {
    let world = World::quiet();
    let f = world.obj(1);
    world.heap.freeze();
    let y = world.obj(2);
    f.link(&y);
    drop(y);
    for generation in [Young, Old] {
        assert_eq!(world.heap.collect_generation(generation).collected, 0);
    }
    assert_eq!(world.log.events(), []);
    f.cut();
    assert_eq!(world.log.events(), [Fin(2), Dropped(2)]);
    world.heap.unfreeze();
    drop(f);
    world.finish([1, 2], &[]);
}

#[test]
fn frz_03_unfreeze_goes_to_old_and_counts_reset() {
    let world = World::quiet();
    let mut kept = vec![world.obj(1)];
    world.heap.collect_generation(Middle);
    kept.push(world.obj(2));
    world.heap.collect_generation(Young);
    kept.push(world.obj(3));
    let counts = world.heap.counts();
    assert!(counts.young > 0 && counts.middle > 0 && counts.old > 0, "{counts:?}");
    world.heap.freeze();
    assert_eq!(world.heap.counts(), Counts::default());
    let between = world.obj(4);
    world.heap.unfreeze();
    assert!(kept.iter().all(|object| Gc::generation(object) == Old));
    assert_eq!(Gc::generation(&between), Young);
    drop((kept, between));
    world.finish(1..5, &[]);
}

/// Counts how often values of its kind are traced.
struct Counted {
    visits: Rc<Cell<usize>>,
    next: Slot<Counted>,
}

// SAFETY: reports the one handle that it owns, once. The count that it keeps nobody reads meanwhile.
unsafe impl Trace for Counted {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.visits.set(self.visits.get() + 1);
        self.next.trace(tracer);
    }
}

#[test]
fn frz_04_frozen_objects_cost_nothing() {
    let world = World::quiet();
    let (frozen_visits, new_visits) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
    let make = |visits: &Rc<Cell<usize>>, next: Option<&Gc<Counted>>| {
        let next = Slot::new(next.cloned());
        Gc::new_in(&world.heap, Counted { visits: visits.clone(), next })
    };
    let frozen: Vec<_> = (0..100_000).map(|_| make(&frozen_visits, None)).collect();
    frozen.windows(2).for_each(|pair| pair[0].next.set(Some(pair[1].clone())));
    world.heap.freeze();
    let new: Vec<_> = (0..10).map(|_| make(&new_visits, Some(&frozen[0]))).collect();
    // All are suspects, the frozen as well.
    drop((frozen.clone(), new.clone()));
    let collection = world.heap.collect();
    assert!(collection.candidates <= 10, "{collection:?}");
    assert_eq!(frozen_visits.get(), 0);
    assert!(new_visits.get() > 0);
    world.heap.unfreeze();
    drop((frozen, new));
    world.finish([], &[]);
}

#[test]
fn what_was_let_go_of_while_frozen_is_suspected_after_thawing() {
    let world = World::quiet();
    let a = world.obj(1);
    world.heap.collect();
    world.heap.freeze();
    // The cycle arises and is let go of, all while frozen.
    a.link(&a);
    drop(a);
    assert_eq!(world.heap.collect().collected, 0);
    world.heap.unfreeze();
    assert_eq!(world.heap.collect_generation(Young).collected, 0, "it is old now");
    assert_eq!(world.heap.collect().collected, 1);
    world.finish([1], &[]);
}

#[test]
fn a_frozen_object_dies_by_count() {
    let world = World::quiet();
    let objects: Vec<_> = (1..=3).map(|n| world.obj(n)).collect();
    objects[0].link(&objects[1]);
    world.heap.freeze();
    world.heap.freeze(); // what is frozen is not counted twice
    assert_eq!(world.heap.frozen_count(), 3);
    drop(objects);
    assert_eq!(world.log.drops(), 3);
    assert_eq!(world.heap.frozen_count(), 0);
    world.heap.unfreeze();
    world.finish(1..4, &[]);
}

#[test]
fn a_frozen_object_that_comes_back_stays_frozen() {
    let world = World::quiet();
    let survivors = Rc::new(RefCell::new(Vec::new()));
    let object = world.obj(1);
    let list = survivors.clone();
    object.on_finalize(move |object| list.borrow_mut().push(object.clone()));
    world.heap.freeze();
    drop(object);
    assert_eq!(world.heap.frozen_count(), 1);
    world.heap.unfreeze();
    assert_eq!(world.heap.frozen_count(), 0);
    let object = survivors.borrow_mut().pop().expect("it came back");
    object.link(&object);
    drop(object);
    world.finish([1], &[]);
}

#[test]
fn freezing_and_thawing_inside_a_finalizer() {
    let world = World::quiet();
    let live = world.self_cycle(1);
    for (n, thaw) in [(2, false), (4, true)] {
        let ring = world.ring(n, 2);
        let heap = world.heap.clone();
        ring[0].on_finalize(move |_| if thaw { heap.unfreeze() } else { heap.freeze() });
        drop(ring);
        assert_eq!(world.heap.collect().collected, 2);
        live.check();
    }
    assert_eq!(world.heap.frozen_count(), 0);
    drop(live);
    world.finish(1..6, &[]);
}

#[test]
fn what_is_under_get_mut_or_about_to_be_swept_is_not_frozen() {
    let world = World::quiet();
    let mut node = Gc::new_in(&world.heap, Slot::<u8>::empty());
    let guard = Gc::get_mut(&mut node).expect("it is the only handle");
    world.heap.freeze();
    assert_eq!(world.heap.frozen_count(), 0);
    drop(guard);

    let ring = world.ring(1, 2);
    let (heap, seen) = (world.heap.clone(), Rc::new(Cell::new(0)));
    let frozen = seen.clone();
    ring[0].on_finalize(move |_| {
        heap.freeze();
        frozen.set(heap.frozen_count());
    });
    drop(ring);
    assert_eq!(world.heap.collect().collected, 2);
    assert_eq!((seen.get(), world.heap.frozen_count()), (1, 1), "the node alone");
    drop(node);
    world.finish(1..3, &[]);
}
