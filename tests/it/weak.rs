//! Weak handles tell the truth about their object at every moment of its life (conformance group
//! WK); hunts handles that revive the dead, outlive their slot, or stand for another object.

use std::hash::{BuildHasher, RandomState};
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};

use gc_core::coerce;

use crate::support::*;

/// A place outside the heap where hooks put what they want to keep.
type Stash<T> = Rc<RefCell<Vec<T>>>;

#[test]
fn wk_01_upgrade_and_value_lifetime() {
    /// Does not bear to be shown.
    #[derive(Trace)]
    struct Shy {
        obj: Gc<Obj>,
    }
    impl std::fmt::Debug for Shy {
        fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            panic!("`Debug` of the value was called")
        }
    }
    let world = World::quiet();
    let o = Gc::new_in(&world.heap, Shy { obj: world.obj(1) });
    let w = Gc::downgrade(&o);
    let o2 = w.upgrade().expect("it lives");
    assert!(Gc::ptr_eq(&o, &o2));
    assert_eq!(Gc::strong_count(&o), 2);
    o2.obj.check();

    let alive = format!("{w:?} {w:#?}");
    assert_eq!(Gc::strong_count(&o), 2);
    drop(o);
    assert!(w.upgrade().is_some());
    drop(o2);
    assert!(w.upgrade().is_none());
    assert_eq!(world.log.events(), [Fin(1), Dropped(1)], "though the weak handle is still there");
    let dead = format!("{w:?} {w:#?}");
    assert!(dead.contains("dead") && !alive.contains("dead"), "{alive} / {dead}");
    drop(w);
    world.finish([1], &[]);
}

#[test]
fn wk_02_weak_count() {
    let world = World::quiet();
    let o = world.obj(1);
    assert_eq!(Gc::weak_count(&o), 0);
    let (one, two) = (Gc::downgrade(&o), Gc::downgrade(&o));
    let clone = one.clone();
    let watch = world.watch(&o, 1);
    assert_eq!(Gc::weak_count(&o), 4);
    assert_eq!((one.weak_count(), one.strong_count()), (4, 1));
    drop((one, two, clone, watch));
    assert_eq!(Gc::weak_count(&o), 0);
    drop(o);
    assert_eq!(world.log.events(), [Fin(1), Dropped(1)]);
    world.finish([1], &[]);
}

#[test]
fn wk_03_weak_equality_by_identity() {
    let heap = Heap::new();
    let (x, y) = (Gc::new_in(&heap, 7), Gc::new_in(&heap, 7));
    assert_eq!(x, y);
    let (a, b, d) = (Gc::downgrade(&x), Gc::downgrade(&y), Gc::downgrade(&x));
    let state = RandomState::new();
    let hashes = [&a, &b, &d].map(|weak| state.hash_one(weak));
    assert!(a == d && a != b && a.ptr_eq(&d));
    drop((x, y));
    assert!(a.is_dead() && b.is_dead() && d.is_dead());
    let equals_itself = a == a;
    assert!(equals_itself && a == d && a != b);
    assert_eq!([&a, &b, &d].map(|weak| state.hash_one(weak)), hashes, "death changes no hash");
    assert!(hashes[0] == hashes[2] && hashes[0] != hashes[1]);
    assert_eq!(heap.live_count(), 0);
}

#[test]
fn wk_04_dead_access_is_a_value_not_a_panic() {
    let world = World::quiet();
    let o = world.obj(1);
    let w = Gc::downgrade(&o);
    assert_eq!(w.with(|o| o.n), Some(1));
    drop(o);
    assert!(w.upgrade().is_none());
    assert!(w.with(|_| panic!("there is nothing to look at")).is_none());
    world.finish([1], &[]);
}

#[test]
fn wk_05_weak_made_in_finalizer() {
    for cyclic in [false, true] {
        let world = World::quiet();
        let (object, sibling) = (world.obj(1), world.obj(2));
        object.link(&sibling);
        if cyclic {
            object.link(&object);
            sibling.link(&object);
        }
        let stash: Stash<Weak<Obj>> = Rc::default();
        let stashed = stash.clone();
        object.on_finalize(move |me| {
            let weak = Gc::downgrade(me);
            assert!(weak.upgrade().is_some());
            stashed.borrow_mut().push(weak);
        });
        let dead_in_drop = Rc::new(Cell::new(0));
        for member in [&object, &sibling] {
            let (stash, dead) = (stash.clone(), dead_in_drop.clone());
            member.on_drop(move || {
                let weak = stash.borrow()[0].clone();
                assert!(weak.upgrade().is_none() && weak.with(|o| o.check()).is_none());
                dead.set(dead.get() + 1);
            });
        }
        drop((object, sibling));
        if cyclic {
            assert_eq!(world.log.events(), []);
            assert_eq!(world.heap.collect().collected, 2);
        }
        assert_eq!((dead_in_drop.get(), world.log.drops()), (2, 2));
        let weak = stash.take().pop().expect("the finalizer made it");
        assert!(weak.is_dead() && weak.upgrade().is_none());
        let clone = weak.clone();
        assert!(clone == weak && clone != Gc::downgrade(&world.obj(3)));
        drop(weak);
        assert!(clone.upgrade().is_none());
        drop(clone);
        world.finish([1, 2, 3], &[]);
    }
}

#[test]
fn wk_06_upgrade_in_drop_of_sibling_is_none() {
    let world = World::quiet();
    let (a, b) = (world.obj(1), world.obj(2));
    a.link(&b);
    b.link(&a);
    let weak = [Gc::downgrade(&a), Gc::downgrade(&b)];
    let looks = Rc::new(Cell::new(0));
    for object in [&a, &b] {
        let (weak, looks) = (weak.clone(), looks.clone());
        object.on_drop(move || {
            assert!(weak.iter().all(|weak| weak.upgrade().is_none()));
            looks.set(looks.get() + 1);
        });
    }
    drop((a, b));
    assert_eq!(world.heap.collect().collected, 2);
    assert_eq!(looks.get(), 2);
    world.finish([1, 2], &[]);
}

// ---- at every moment of a life -------------------------------------------------------------------

#[test]
fn upgrade_is_none_in_the_drop_of_the_own_value() {
    let world = World::quiet();
    let object = world.obj(1);
    let weak = Gc::downgrade(&object);
    let looked = Rc::new(Cell::new(false));
    let seen = looked.clone();
    object.on_drop(move || {
        assert!(weak.is_dead() && weak.upgrade().is_none());
        assert_eq!((weak.strong_count(), weak.weak_count()), (0, 0));
        seen.set(true);
    });
    drop(object);
    assert!(looked.get());
    world.finish([1], &[]);
}

#[test]
fn object_that_waits_for_its_end_is_absent_until_its_own_finalizer() {
    let world = World::quiet();
    let parent = world.obj(0);
    parent.link(&world.obj(1));
    parent.link(&world.obj(2));
    let survivors: Stash<Gc<Obj>> = Rc::default();
    let (weak, early) = (Gc::downgrade(&parent.edge(1)), Rc::new(Cell::new(None)));
    let (probe, seen) = (weak.clone(), early.clone());
    parent.edge(0).on_finalize(move |_| seen.set(Some(probe.is_dead())));
    let (probe, saved) = (weak.clone(), survivors.clone());
    parent.edge(1).on_finalize(move |_| saved.borrow_mut().extend(probe.upgrade()));
    drop(parent);
    assert_eq!(early.get(), Some(true), "2 waits while 1 is finalized");
    let two = survivors.take().pop().expect("in its own finalizer 2 can be brought back");
    assert!(Gc::ptr_eq(&two, &weak.upgrade().expect("it is back")));
    assert_eq!(world.log.take(), [Fin(0), Dropped(0), Fin(1), Dropped(1), Fin(2)]);
    drop(two);
    assert!(weak.is_dead());
    world.finish([2], &[]);
}

#[test]
fn weak_handles_inside_garbage_go_with_it() {
    // A ring of objects with weak handles to each other and to themselves, once by sweep, once by count.
    let world = World::quiet();
    for cyclic in [true, false] {
        let objects: Vec<_> = (0..4).map(|n| world.obj(n + if cyclic { 0 } else { 4 })).collect();
        for one in &objects {
            one.weak.borrow_mut().extend(objects.iter().map(Gc::downgrade));
            if cyclic {
                objects.iter().for_each(|other| one.link(other));
            }
        }
        drop(objects);
    }
    assert_eq!(world.log.drops(), 4);
    assert_eq!(world.heap.collect().collected, 4);
    assert_eq!(world.heap.stats().live_bytes, 0, "no slot is kept");
    world.finish(0..8, &[]);
}

#[test]
fn value_seen_through_with_lives_as_long_as_the_look() {
    let world = World::quiet();
    let object = world.obj(1);
    let weak = Gc::downgrade(&object);
    let last = RefCell::new(Some(object));
    weak.with(|object| {
        drop(last.take());
        object.check();
        assert_eq!(world.log.events(), []);
    });
    assert_eq!(world.log.events(), [Fin(1), Dropped(1)]);
    world.finish([1], &[]);
}

#[test]
fn last_handle_moved_into_the_value_during_a_look_leaves_a_suspect() {
    let world = World::quiet();
    let object = world.obj(1);
    let weak = Gc::downgrade(&object);
    let last = RefCell::new(Some(object));
    weak.with(|object| object.edges.borrow_mut().extend(last.take()));
    assert_eq!(weak.strong_count(), 1);
    assert_eq!(world.heap.collect().collected, 1);
    assert!(weak.is_dead());
    world.finish([1], &[]);
}

#[test]
fn look_that_panics_gives_its_handle_back() {
    let world = World::quiet();
    let object = world.obj(1);
    let weak = Gc::downgrade(&object);
    let outcome = catch_unwind(AssertUnwindSafe(|| weak.with(|_| panic!("seen"))));
    assert_eq!(message(&*outcome.unwrap_err()), "seen");
    assert_eq!(Gc::strong_count(&object), 1);
    drop(object);
    world.finish([1], &[]);
}

#[test]
fn dead_handle_equals_no_newborn() {
    let heap = Heap::new();
    let object = Gc::new_in(&heap, 0);
    let weak = Gc::downgrade(&object);
    drop(object);
    let newborns: Vec<_> = (0..5000).map(|n| Gc::new_in(&heap, n)).collect();
    assert!(newborns.iter().all(|newborn| Gc::downgrade(newborn) != weak));
    assert!(weak.upgrade().is_none());
}

#[test]
fn empty_values_have_an_identity() {
    let heap = Heap::new();
    let (one, other) = (Gc::new_in(&heap, ()), Gc::new_in(&heap, ()));
    assert!(!Gc::ptr_eq(&one, &other));
    let weak = Gc::downgrade(&one);
    assert!(weak != Gc::downgrade(&other));
    drop(one);
    assert!(weak.is_dead() && weak != Gc::downgrade(&other));
}

#[test]
fn slots_come_back_when_their_last_weak_handle_goes() {
    let heap = Heap::new();
    let mut kept = Gc::downgrade(&Gc::new_in(&heap, [0_u64; 32]));
    for n in 0..50_000 {
        let object = Gc::new_in(&heap, [n; 32]);
        kept = Gc::downgrade(&object);
    }
    assert!(kept.is_dead());
    assert_eq!(heap.live_count(), 0);
    assert!(heap.stats().page_bytes <= 4 << 20, "slots are used again");
}

#[test]
fn handle_without_object_is_dead() {
    let weak = Weak::<Obj>::new();
    assert!(weak.is_dead() && weak.upgrade().is_none() && weak.with(|_| ()).is_none());
    assert_eq!((weak.strong_count(), weak.weak_count()), (0, 0));
    assert!(weak == weak.clone() && weak == Weak::default());
    assert_eq!(format!("{weak:?}"), "(Weak, dead)");
    let world = World::quiet();
    let object = world.obj(1);
    assert!(Gc::downgrade(&object) != weak);
    object.weak.borrow_mut().push(weak);
    drop(object);
    world.finish([1], &[]);
}

#[test]
fn handles_to_unsized_values_work_alike() {
    trait Shape: Trace {
        fn corners(&self) -> u32;
    }
    #[derive(Trace)]
    struct Square {
        next: Slot<Square>,
    }
    impl Shape for Square {
        fn corners(&self) -> u32 {
            4 + self.next.get().map_or(0, |next| next.corners())
        }
    }
    let heap = Heap::new();
    let square = Gc::new_in(&heap, Square { next: Slot::empty() });
    let shape: Gc<dyn Shape> = coerce!(square.clone() => dyn Shape);
    let (thin, wide) = (Gc::downgrade(&square), Gc::downgrade(&shape));
    assert_eq!(Gc::weak_count(&shape), 2);
    assert_eq!(wide.with(|shape| shape.corners()), Some(4));
    assert!(wide == Gc::downgrade(&shape));
    drop((square, shape));
    assert!(thin.is_dead() && wide.is_dead() && wide.upgrade().is_none());

    let numbers: Gc<[i32]> = coerce!(Gc::new_in(&heap, [1, 2, 3]) => [i32]);
    let weak = Gc::downgrade(&numbers);
    let called = Rc::new(Cell::new(false));
    let seen = called.clone();
    let watch = Gc::watch(&numbers, move || seen.set(true));
    assert_eq!(watch.upgrade().map(|numbers| numbers.len()), Some(3));
    drop(numbers);
    assert!(weak.is_dead() && called.get());
    drop((thin, wide, weak, watch));
    assert_eq!(heap.stats().live_bytes, 0);
}

#[test]
fn raw_pointer_keeps_the_handle() {
    let world = World::quiet();
    let object = world.obj(1);
    let raw = Gc::downgrade(&object).into_raw();
    assert_eq!((raw, Gc::weak_count(&object)), (Gc::as_ptr(&object), 1));
    drop(object);
    // SAFETY: `raw` comes from `into_raw` and is taken back once.
    let weak = unsafe { Weak::from_raw(raw) };
    assert!(weak.is_dead());
    drop(weak);
    world.finish([1], &[]);
}

// ---- longer than the heap ------------------------------------------------------------------------

#[test]
fn weak_handle_of_a_dead_object_outlives_the_heap() {
    let World { heap, log } = World::quiet();
    let world = World { heap: heap.clone(), log };
    let (by_count, by_sweep) = (world.obj(1), world.self_cycle(2));
    let weak = [Gc::downgrade(&by_count), Gc::downgrade(&by_sweep)];
    drop((by_count, by_sweep));
    let clones = weak.clone();
    world.finish([1, 2], &[]);
    drop(heap);
    assert!(weak.iter().all(|weak| weak.is_dead() && weak.upgrade().is_none()));
    assert!(weak == clones && weak[0] != weak[1]);
    drop(weak);
    assert_eq!(format!("{clones:?}"), "[(Weak, dead), (Weak, dead)]");
}

#[test]
fn weak_handle_and_object_outlive_the_heap() {
    for weak_goes_first in [false, true] {
        let World { heap, log } = World::quiet();
        let world = World { heap, log: log.clone() };
        let object = world.obj(1);
        let weak = Gc::downgrade(&object);
        let watch = world.watch(&object, 1);
        drop(world);
        assert!(Gc::ptr_eq(&weak.upgrade().expect("it lives on"), &object));
        assert_eq!(log.events(), []);
        if weak_goes_first {
            drop((weak, watch));
            drop(object);
            assert_eq!(log.events(), [Fin(1), Dropped(1)]);
        } else {
            drop(object);
            assert_eq!(log.events(), [Fin(1), Dropped(1), Dead(1)]);
            assert!(weak.is_dead() && watch.upgrade().is_none());
        }
    }
}

#[test]
fn weak_handle_in_a_dropped_value_is_kept_beyond_heap_and_thread() {
    // The value's drop gives a weak handle of its own object to a thread-local that is dropped later.
    thread_local! {
        static LATE: RefCell<Vec<Weak<Obj>>> = const { RefCell::new(Vec::new()) };
    }
    let outcome = std::thread::spawn(|| {
        LATE.with(|_| ());
        let log = Log::default();
        let world = World { heap: Heap::current(), log: log.clone() };
        let object = world.obj(1);
        let weak = Gc::downgrade(&object);
        object.on_drop(move || LATE.with(|late| late.borrow_mut().push(weak)));
        drop((world, object));
        assert_eq!(log.drops(), 1);
        LATE.with(|late| assert!(late.borrow()[0].is_dead()));
    });
    outcome.join().expect("the thread ends well");
}

// ---- before the value is there -------------------------------------------------------------------

/// Holds a weak handle to itself.
#[derive(Trace)]
struct Gadget {
    me: Weak<Gadget>,
    edge: Slot<Gadget>,
    #[trace(skip)]
    probe: Option<OnDrop>,
}

impl Gadget {
    fn value(me: &Weak<Gadget>, log: &Log, n: u32) -> Self {
        let log = log.clone();
        let probe = Some(OnDrop::new(move || log.push(Dropped(n))));
        Self { me: me.clone(), edge: Slot::empty(), probe }
    }
}

#[test]
fn handle_of_new_cyclic_is_dead_until_the_value_is_there() {
    let world = World::quiet();
    let gadget = Gc::new_cyclic_in(&world.heap, |me| {
        assert!(me.is_dead() && me.upgrade().is_none() && me.with(|_| ()).is_none());
        assert_eq!((me.strong_count(), me.weak_count()), (0, 0));
        assert_eq!(world.heap.collect().collected, 0);
        assert!(world.heap.objects().is_empty(), "what has no value is not shown");
        Gadget::value(me, &world.log, 1)
    });
    let me = gadget.me.upgrade().expect("now it is alive");
    assert!(Gc::ptr_eq(&me, &gadget) && gadget.probe.as_ref().is_some_and(OnDrop::is_armed));
    assert_eq!((Gc::strong_count(&gadget), Gc::weak_count(&gadget)), (2, 1));
    drop((me, gadget));
    assert_eq!(world.log.events(), [Dropped(1)]);
    assert_eq!(world.heap.stats().live_bytes, 0);
    world.finish([1], &[]);
}

#[test]
fn object_of_new_cyclic_is_young_however_long_it_took() {
    let world = World::quiet();
    let gadget = Gc::new_cyclic_in(&world.heap, |me| {
        for generation in [Generation::Young, Generation::Middle, Generation::Old] {
            world.heap.collect_generation(generation);
        }
        Gadget::value(me, &world.log, 1)
    });
    assert_eq!(Gc::generation(&gadget), Generation::Young);
    gadget.edge.set(Some(gadget.clone()));
    drop(gadget);
    assert_eq!(world.heap.collect_generation(Generation::Young).collected, 1);
    world.finish([1], &[]);
}

#[test]
fn panic_in_new_cyclic_leaves_nothing_but_dead_handles() {
    let world = World::quiet();
    for keeps_handle in [false, true] {
        let mut kept = None;
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            Gc::new_cyclic_in(&world.heap, |me: &Weak<Gadget>| {
                let _value = Gadget::value(me, &world.log, 1);
                kept = keeps_handle.then(|| me.clone());
                panic_any("no gadget")
            })
        }));
        assert_eq!(message(&*outcome.err().expect("the panic comes through")), "no gadget");
        assert_eq!(world.log.take(), [Dropped(1)]);
        assert_eq!(world.heap.live_count(), 0);
        assert_eq!(world.heap.collect().candidates, 0);
        if let Some(kept) = kept {
            assert!(kept.is_dead() && kept.upgrade().is_none() && kept == kept.clone());
            assert!(kept != Weak::new());
        }
        assert_eq!(world.heap.stats().live_bytes, 0, "the slot is free again");
    }
    world.finish([], &[]);
}

#[test]
fn handle_kept_from_a_failed_new_cyclic_outlives_the_heap() {
    let world = World::quiet();
    let kept = Rc::new(RefCell::new(None));
    let keep = kept.clone();
    let heap = world.heap.clone();
    let outcome = catch_unwind(AssertUnwindSafe(move || {
        let place = heap.clone();
        Gc::new_cyclic_in(&place, move |me: &Weak<Gadget>| {
            *keep.borrow_mut() = Some(me.clone());
            drop(heap);
            panic!("no gadget")
        })
    }));
    assert!(outcome.is_err());
    world.finish([], &[]);
    let kept = kept.take().expect("the closure kept one");
    assert!(kept.upgrade().is_none());
}

#[test]
fn new_cyclic_survives_the_end_of_its_heap_inside_the_closure() {
    let log = Log::default();
    let place = RefCell::new(Some(Heap::new()));
    let heap = place.borrow().clone().unwrap();
    let gadget = Gc::new_cyclic_in(&heap, |me| {
        drop(place.take());
        let report = Gc::heap(&Gc::new_in(&heap, 1)).shutdown();
        assert_eq!(report.collected, 0);
        Gadget::value(me, &log, 1)
    });
    drop(heap);
    assert!(gadget.me.upgrade().is_some());
    drop(gadget);
    assert_eq!(log.events(), [Dropped(1)]);
}

#[test]
fn new_cyclic_nests() {
    let world = World::quiet();
    let outer = Gc::new_cyclic_in(&world.heap, |outer| {
        let inner = Gc::new_cyclic_in(&world.heap, |inner| {
            assert!(outer.is_dead() && inner.is_dead() && outer != inner);
            Gadget::value(inner, &world.log, 2)
        });
        assert!(outer.is_dead() && inner.me.upgrade().is_some());
        let value = Gadget::value(outer, &world.log, 1);
        value.edge.set(Some(inner));
        value
    });
    outer.edge.get().unwrap().edge.set(outer.me.upgrade());
    drop(outer);
    assert_eq!(world.log.events(), []);
    assert_eq!(world.heap.collect().collected, 2);
    world.finish([1, 2], &[]);
}
