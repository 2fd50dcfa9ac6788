//! A finalizer runs once, before anything of its graph is gone (conformance group FIN); hunts
//! finalizers that see the dead, run twice or never, or are cut off by another's panic.

use std::panic::{AssertUnwindSafe, catch_unwind};

use gc_core::Hook;

use crate::support::*;

#[test]
fn fin_01_refcount_drop_finalizes_then_drops() {
    let world = World::quiet();
    let s = world.obj(1);
    let w = Gc::downgrade(&s);
    drop(s);
    assert_eq!(world.log.events(), [Fin(1), Dropped(1)]);
    assert!(w.upgrade().is_none());
    world.heap.collect();
    world.heap.collect();
    assert_eq!(world.log.events(), [Fin(1), Dropped(1)]);
    world.finish([1], &[]);
}

#[test]
fn fin_02_self_cycle_finalized_once() {
    let world = World::quiet();
    let s = world.self_cycle(1);
    let w = Gc::downgrade(&s);
    let holds_itself = Rc::new(Cell::new(false));
    let seen = holds_itself.clone();
    s.on_finalize(move |me| seen.set(Gc::ptr_eq(&me.edges.borrow()[0], me)));
    drop(s);
    assert_eq!(world.heap.collect().finalized, 1);
    assert_eq!(world.log.events(), [Fin(1), Dropped(1)]);
    assert!(holds_itself.get() && w.upgrade().is_none());
    assert_eq!(world.heap.collect().finalized, 0);
    assert_eq!(world.log.events(), [Fin(1), Dropped(1)]);
    world.finish([1], &[]);
}

#[test]
fn fin_03_ring_each_finalized_once_and_sane() {
    let world = World::quiet();
    let ring = world.ring(0, 3);
    let sane = Rc::new(Cell::new(0));
    for object in &ring {
        let sane = sane.clone();
        object.on_finalize(move |me| {
            Obj::check_ring(me);
            assert_eq!(me.edges.borrow().len(), 2);
            sane.set(sane.get() + 1);
        });
    }
    let weak: Vec<_> = ring.iter().map(Gc::downgrade).collect();
    drop(ring);
    let collection = world.heap.collect();
    assert_eq!((collection.finalized, collection.collected), (3, 3));
    assert_eq!((sane.get(), world.log.fins()), (3, 3));
    assert!(weak.iter().all(Weak::is_dead));
    let events = world.log.events();
    assert_eq!(world.heap.collect().collected, 0);
    assert_eq!(world.log.events(), events);
    world.finish(0..3, &[]);
}

#[test]
fn fin_04_suicidal_self_cycle() {
    let world = World::quiet();
    let s = world.self_cycle(1);
    let w = Gc::downgrade(&s);
    s.on_finalize(|me| me.cut());
    drop(s);
    world.heap.collect();
    assert_eq!(world.log.events(), [Fin(1), Dropped(1)]);
    assert!(w.upgrade().is_none());
    world.heap.collect();
    assert_eq!(world.log.events(), [Fin(1), Dropped(1)]);
    world.finish([1], &[]);
}

#[test]
fn fin_05_mixed_suicidal_alternating() {
    let world = World::quiet();
    let ring = world.ring(0, 4);
    for object in &ring {
        let suicidal = object.n % 2 == 0;
        object.on_finalize(move |me| {
            Obj::check_ring(me);
            if suicidal {
                me.cut();
            }
        });
    }
    let weak: Vec<_> = ring.iter().map(Gc::downgrade).collect();
    drop(ring);
    world.heap.collect();
    assert_eq!((world.log.fins(), world.log.drops()), (4, 4));
    assert!(weak.iter().all(Weak::is_dead));
    world.heap.collect();
    assert_eq!((world.log.fins(), world.log.drops()), (4, 4));
    world.finish(0..4, &[]);
}

/// A type that holds no handle: the collector does not know its objects.
#[derive(Trace)]
#[trace(finalize)]
struct Leaf {
    #[trace(skip)]
    log: Log,
    #[trace(skip)]
    kept: Option<Rc<RefCell<Vec<Gc<Leaf>>>>>,
    #[trace(skip)]
    _probe: OnDrop,
}

impl Leaf {
    fn new(world: &World, kept: Option<Rc<RefCell<Vec<Gc<Leaf>>>>>) -> Gc<Self> {
        let log = world.log.clone();
        let _probe = OnDrop::new(move || log.push(Dropped(1)));
        Gc::new_in(&world.heap, Self { log: world.log.clone(), kept, _probe })
    }
}

impl Finalize for Leaf {
    fn finalize(&self, cx: &FinalizeCx<'_, Self>) {
        self.log.push(Fin(1));
        if let Some(kept) = &self.kept {
            kept.borrow_mut().push(cx.handle());
        }
    }
}

#[test]
fn fin_06_untracked_type_with_finalizer() {
    let world = World::quiet();
    let s = Leaf::new(&world, None);
    assert!(!Gc::is_tracked(&s));
    drop(s);
    assert_eq!(world.log.events(), [Fin(1), Dropped(1)]);
    world.heap.collect();
    assert_eq!(world.log.events(), [Fin(1), Dropped(1)]);
    world.finish([1], &[]);
}

#[test]
fn fin_07_all_finalizers_before_any_drop() {
    let world = World::quiet();
    drop(world.ring(0, 4));
    assert_eq!(world.heap.collect().collected, 4);
    let events = world.log.events();
    assert!(events[..4].iter().all(|event| matches!(event, Fin(_))));
    assert!(events[4..].iter().all(|event| matches!(event, Dropped(_))));
    assert_eq!(events.len(), 8);
    world.finish(0..4, &[]);
}

#[test]
fn fin_08_finalizer_sees_whole_isolate_alive() {
    let world = World::quiet();
    let (a, b) = (world.obj(1), world.obj(2));
    a.link(&b);
    b.link(&a);
    let sane = Rc::new(Cell::new(0));
    for (object, other) in [(&a, 2), (&b, 1)] {
        let sane = sane.clone();
        object.on_finalize(move |me| {
            let neighbour = me.edge(0);
            neighbour.check();
            assert_eq!(neighbour.n, other);
            assert!(Gc::ptr_eq(&neighbour.edge(0), me));
            sane.set(sane.get() + 1);
        });
    }
    drop((a, b));
    assert_eq!(world.heap.collect().collected, 2);
    assert_eq!(sane.get(), 2);
    world.finish([1, 2], &[]);
}

#[test]
fn fin_09_panicking_finalizers_are_isolated() {
    let world = World::quiet();
    let errors = collect_errors(&world.heap);
    for n in 0..3 {
        world.self_cycle(n).on_finalize(move |_| panic!("finalizer {n}"));
    }
    assert_eq!(world.heap.collect().collected, 3);
    assert_eq!((world.log.fins(), world.log.drops()), (3, 3));
    let mut texts: Vec<_> = errors
        .take()
        .iter()
        .map(|error| {
            assert_eq!(error.hook(), Hook::Finalizer);
            assert_eq!(error.type_name(), Some(std::any::type_name::<Obj>()));
            error.message().to_owned()
        })
        .collect();
    texts.sort();
    assert_eq!(texts, ["finalizer 0", "finalizer 1", "finalizer 2"]);
    drop(world.self_cycle(3));
    assert_eq!(world.heap.collect().collected, 1);
    world.finish(0..4, &[]);
}

#[test]
fn fin_10_finalizer_runs_at_most_once_over_both_paths() {
    let world = World::quiet();
    let s = world.self_cycle(1);
    let slot: Rc<RefCell<Option<Gc<Obj>>>> = Rc::default();
    let kept = slot.clone();
    s.on_finalize(move |me| {
        *kept.borrow_mut() = Some(me.clone());
        me.cut();
    });
    drop(s);
    world.heap.collect();
    assert_eq!(world.log.events(), [Fin(1)]);
    drop(slot.take());
    assert_eq!(world.log.events(), [Fin(1), Dropped(1)]);
    world.finish([1], &[]);
}

// ---- what a finalizer lets go of -----------------------------------------------------------------

#[test]
fn what_a_finalizer_lets_go_of_ends_before_the_rest_of_its_own_objects_end() {
    for cyclic in [false, true] {
        let world = World::quiet();
        let parent = if cyclic { world.self_cycle(0) } else { world.obj(0) };
        let others = RefCell::new(vec![world.obj(1), world.obj(3)]);
        others.borrow()[0].link(&world.obj(2));
        parent.on_finalize(move |_| drop(others.take()));
        drop(parent);
        world.heap.collect();
        let others = (1..4).flat_map(|n| [Fin(n), Dropped(n)]).collect();
        assert_eq!(world.log.events(), [vec![Fin(0)], others, vec![Dropped(0)]].concat());
        world.finish(0..4, &[]);
    }
}

#[test]
fn finalizers_that_take_each_the_next_end_from_the_inside_out() {
    let world = World::quiet();
    let chain: Vec<_> = (0..4).map(|n| world.obj(n)).collect();
    chain.windows(2).for_each(|pair| pair[0].link(&pair[1]));
    chain.iter().for_each(|object| object.on_finalize(|me| me.cut()));
    let head = chain[0].clone();
    drop(chain);
    drop(head);
    let expected = [(0..4).map(Fin).collect::<Vec<_>>(), (0..4).rev().map(Dropped).collect()];
    assert_eq!(world.log.events(), expected.concat());
    world.finish(0..4, &[]);
}

#[test]
fn what_waits_for_its_end_waits_for_the_whole_end_of_what_was_before_it() {
    // 1 and 2 hang off 0; the finalizer of 1 lets go of 3. The end of 1 is complete before that of 2 begins.
    let world = World::quiet();
    let root = world.obj(0);
    let three = RefCell::new(Some(world.obj(3)));
    for n in [1, 2] {
        root.link(&world.obj(n));
    }
    root.edge(0).on_finalize(move |_| drop(three.take()));
    drop(root);
    let events = world.log.events();
    assert_eq!(events[..2], [Fin(0), Dropped(0)]);
    assert_eq!(events[2..], [Fin(1), Fin(3), Dropped(3), Dropped(1), Fin(2), Dropped(2)]);
    world.finish(0..4, &[]);
}

#[derive(Trace)]
#[trace(finalize)]
struct Link {
    next: Slot<Link>,
    #[trace(skip)]
    finalized: Rc<Cell<usize>>,
    /// Whether the finalizer takes the next one, or leaves it to the drop.
    #[trace(skip)]
    takes: bool,
}

impl Finalize for Link {
    fn finalize(&self, _: &FinalizeCx<'_, Self>) {
        self.finalized.set(self.finalized.get() + 1);
        if self.takes {
            drop(self.next.take());
        }
    }
}

#[test]
fn chain_of_a_million_finalizers_needs_no_stack() {
    const LEN: usize = many(if cfg!(debug_assertions) { 200_000 } else { 1_000_000 });
    for (takes, cyclic) in [(true, false), (false, false), (true, true), (false, true)] {
        on_stack(64 << 10, move || {
            let heap = World::quiet().heap;
            let finalized = Rc::new(Cell::new(0));
            let link = |next| {
                let next = Slot::new(next);
                Gc::new_in(&heap, Link { next, finalized: finalized.clone(), takes })
            };
            let last = link(None);
            let mut head = last.clone();
            for _ in 1..LEN {
                head = link(Some(head));
            }
            if cyclic {
                last.next.set(Some(head.clone()));
            }
            drop(last);
            drop(head);
            let collection = heap.collect();
            assert_eq!(collection.collected, if cyclic { LEN } else { 0 });
            assert_eq!((finalized.get(), heap.live_count()), (LEN, 0));
        });
    }
}

#[test]
fn trash_stays_whole_until_all_finalizers_have_run() {
    // Each finalizer cuts the edges of all others.
    let world = World::quiet();
    let ring = world.ring(0, 6);
    let all: Rc<Vec<_>> = Rc::new(ring.iter().map(Gc::downgrade).collect());
    for object in &ring {
        let all = all.clone();
        object.on_finalize(move |_| {
            for other in all.iter() {
                let other = other.upgrade().expect("nothing is gone yet");
                other.check();
                other.cut();
            }
        });
    }
    drop(ring);
    assert_eq!(world.heap.collect().collected, 6);
    let events = world.log.events();
    assert!(events[..6].iter().all(|event| matches!(event, Fin(_))));
    assert!(all.iter().all(Weak::is_dead));
    world.finish(0..6, &[]);
}

// ---- what a finalizer does to the heap -----------------------------------------------------------

#[test]
fn finalizer_may_allocate_and_collect() {
    for cyclic in [false, true] {
        let world = World::quiet();
        let s = if cyclic { world.self_cycle(0) } else { world.obj(0) };
        let inner = World { heap: world.heap.clone(), log: world.log.clone() };
        let collected = Rc::new(Cell::new((0, false)));
        let seen = collected.clone();
        s.on_finalize(move |me| {
            drop(inner.ring(1, 3));
            let collection = inner.heap.collect();
            seen.set((collection.collected, collection.skipped.is_some()));
            me.check();
        });
        drop(s);
        world.heap.collect();
        // By count no collection was running; in a sweep one was.
        assert_eq!(collected.get(), if cyclic { (0, true) } else { (3, false) });
        world.heap.collect();
        world.finish(0..4, &[]);
    }
}

#[test]
fn object_linked_to_trash_by_a_finalizer_keeps_it() {
    // A live object gets an edge into the trash, and one that is lost again.
    let world = World::quiet();
    let (live, lost) = (world.obj(10), world.obj(11));
    let ring = world.ring(0, 3);
    let hold = (Gc::downgrade(&live), RefCell::new(Some(lost)));
    ring[0].on_finalize(move |me| {
        hold.0.upgrade().expect("it lives").link(me);
        let lost = hold.1.take().expect("taken once");
        lost.link(me);
    });
    drop(ring);
    let collection = world.heap.collect();
    assert_eq!((collection.collected, collection.resurrected), (0, 3));
    assert_eq!(world.log.drops(), 1, "11 died in the finalizer");
    Obj::check_ring(&live.edge(0));
    live.cut();
    assert_eq!(world.heap.collect().collected, 3);
    drop(live);
    world.finish([0, 1, 2, 10, 11], &[]);
}

#[test]
fn object_made_by_a_finalizer_may_join_the_trash() {
    // New objects hang off the trash and point back at it. They are no reason to keep it for ever.
    let world = World::quiet();
    let ring = world.ring(0, 3);
    let inner = World { heap: world.heap.clone(), log: world.log.clone() };
    ring[1].on_finalize(move |me| {
        let fresh = inner.obj(10);
        fresh.link(me);
        me.link(&fresh);
    });
    drop(ring);
    while world.heap.live_count() > 0 {
        let collection = world.heap.collect();
        assert!(collection.collected + collection.resurrected > 0);
    }
    world.finish([0, 1, 2, 10], &[]);
}

#[test]
fn panicking_finalizer_by_count_still_ends_its_object() {
    let world = World::quiet();
    let parent = world.obj(1);
    parent.link(&world.obj(2));
    let weak = Gc::downgrade(&parent);
    let _watch = world.watch(&parent, 1);
    parent.on_finalize(|_| panic!("last words"));
    let outcome = catch_unwind(AssertUnwindSafe(|| drop(parent)));
    assert_eq!(message(&*outcome.unwrap_err()), "last words");
    assert!(weak.is_dead());
    assert_eq!(world.log.events(), [Fin(1), Dropped(1), Dead(1), Fin(2), Dropped(2)]);
    world.finish([1, 2], &[]);
}

#[test]
fn finalizer_that_panics_after_resurrecting_has_resurrected() {
    for cyclic in [false, true] {
        let world = World::quiet();
        let errors = collect_errors(&world.heap);
        let s = if cyclic { world.self_cycle(1) } else { world.obj(1) };
        let kept: Rc<RefCell<Vec<Gc<Obj>>>> = Rc::default();
        let keep = kept.clone();
        s.on_finalize(move |me| {
            keep.borrow_mut().push(me.clone());
            panic!("too late");
        });
        drop(s);
        world.heap.collect();
        assert_eq!(errors.borrow().len(), 1);
        kept.borrow()[0].check();
        assert_eq!(world.log.take(), [Fin(1)]);
        drop(kept.take());
        world.heap.collect();
        world.finish([1], &[Fin(1)]);
    }
}

#[test]
fn finalizer_that_leaks_its_context_handle_keeps_the_object() {
    let world = World::quiet();
    let s = world.obj(1);
    let raw = Rc::new(Cell::new(None));
    let kept = raw.clone();
    s.on_finalize(move |me| kept.set(Some(Gc::into_raw(me.clone()))));
    drop(s);
    assert_eq!(world.log.events(), [Fin(1)]);
    let raw = raw.take().expect("the finalizer ran");
    // SAFETY: `raw` comes from `into_raw` and is taken back once.
    let s = unsafe { Gc::from_raw(raw) };
    assert!(Gc::is_finalized(&s));
    drop(s);
    world.finish([1], &[]);
}

#[test]
fn leaf_can_be_brought_back_once() {
    let world = World::quiet();
    let kept = Rc::default();
    let s = Leaf::new(&world, Some(Rc::clone(&kept)));
    let weak = Gc::downgrade(&s);
    assert!(!Gc::is_finalized(&s));
    drop(s);
    assert_eq!(world.log.events(), [Fin(1)]);
    let s = kept.take().pop().expect("the finalizer kept it");
    assert!(Gc::ptr_eq(&s, &weak.upgrade().expect("it is back")) && Gc::is_finalized(&s));
    drop(s);
    assert_eq!(world.log.events(), [Fin(1), Dropped(1)]);
    assert!(weak.is_dead());
    world.finish([1], &[]);
}

#[test]
fn a_value_that_make_mut_moves_is_not_finalized_again() {
    let world = World::quiet();
    let log = world.log.clone();
    #[derive(Clone, Trace)]
    #[trace(finalize)]
    struct Counted {
        #[trace(skip)]
        log: Log,
        #[trace(skip)]
        saved: Rc<RefCell<Option<Gc<Counted>>>>,
    }
    impl Finalize for Counted {
        fn finalize(&self, cx: &FinalizeCx<'_, Self>) {
            self.log.push(Fin(1));
            *self.saved.borrow_mut() = Some(cx.handle());
        }
    }
    let saved = Rc::default();
    drop(Gc::new_in(&world.heap, Counted { log, saved: Rc::clone(&saved) }));
    let mut back = saved.take().expect("its finalizer brings it back");
    let weak = Gc::downgrade(&back);
    drop(Gc::make_mut(&mut back));
    assert!(weak.is_dead() && Gc::is_finalized(&back), "it was moved, and remembers");
    drop(back);
    assert_eq!(world.log.take(), [Fin(1)]);
    world.finish([], &[]);
}
