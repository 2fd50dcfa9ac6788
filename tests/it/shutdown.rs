//! A heap's end: cycles are swept, outside handles live on (conformance group SHUT). Hunted: what is
//! never finalized, finalized twice, or used after its heap's memory has gone.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::support::*;

#[test]
fn shut_01_cycles_are_finalized_at_heap_drop() {
    type End = fn(World);
    let drop_heap: End = |world| drop(world.heap);
    let shut_down: End = |world| {
        let report = world.heap.shutdown();
        assert_eq!((report.collected, report.outstanding), (1, 0));
    };
    let panic: End = |world| {
        let outcome = catch_unwind(AssertUnwindSafe(move || {
            let _heap = world.heap;
            panic!("out of the scope");
        }));
        assert_eq!(message(&*outcome.unwrap_err()), "out of the scope");
    };
    for end in [drop_heap, shut_down, panic] {
        let world = World::quiet();
        let log = world.log.clone();
        drop(world.self_cycle(1));
        assert_eq!(log.events(), []);
        end(world);
        assert_eq!(log.events(), [Fin(1), Dropped(1)]);
    }
}

#[test]
fn shut_02_outside_handles_survive_the_heap() {
    let world = World::quiet();
    let log = world.log.clone();
    let a = world.obj(1);
    let weak = Gc::downgrade(&a);
    let report = world.heap.shutdown();
    assert_eq!(report.outstanding, 1);
    drop(world);

    a.check();
    let clone = a.clone();
    assert_eq!(clone.n, 1);
    drop(a);
    assert!(weak.upgrade().is_some_and(|a| Gc::ptr_eq(&a, &clone)));
    assert_eq!(log.events(), []);
    drop(clone);
    assert_eq!(log.events(), [Fin(1), Dropped(1)]);
    assert!(weak.is_dead());
    assert!(weak.upgrade().is_none());
}

#[test]
fn a_second_shutdown_does_nothing() {
    let world = World::quiet();
    let a = world.obj(1);
    drop(world.self_cycle(2));
    let first = world.heap.shutdown();
    assert_eq!((first.collected, first.outstanding), (1, 1));
    let second = world.heap.shutdown();
    assert_eq!((second.collected, second.cleanups, second.outstanding), (0, 0, 1));
    drop(a);
    world.finish([1, 2], &[]);
}

#[test]
fn objects_of_a_closed_heap_can_be_made_and_go_by_count() {
    let world = World::quiet();
    let _ = world.heap.shutdown();
    let list = world.obj(1);
    list.link(&world.obj(2));
    drop(list);
    assert_eq!(world.log.events(), [Fin(1), Dropped(1), Fin(2), Dropped(2)]);
    world.finish([1, 2], &[]);
}

#[test]
fn a_closed_heap_fills_its_pages_and_gives_each_back_with_its_last_object() {
    let heap = Heap::new();
    let _ = heap.shutdown();
    let mut numbers: Vec<_> = (0_u64..3000).map(|n| Gc::new_in(&heap, n)).collect();
    let full = heap.stats().page_bytes;
    assert!((3000 * 24..3000 * 24 + 2 * (16 << 10)).contains(&full), "{full}");
    heap.verify();
    // Room on full pages is used again.
    numbers.retain(|n| **n % 3 != 0);
    heap.verify();
    numbers.extend((0_u64..1000).map(|n| Gc::new_in(&heap, n)));
    assert_eq!(heap.stats().page_bytes, full);
    heap.verify();
    numbers.truncate(1000);
    heap.verify();
    assert!(heap.stats().page_bytes < full);
    drop(numbers);
    assert_eq!(heap.stats().page_bytes, 0);
    heap.verify();
}

#[test]
fn what_outlives_the_heap_goes_by_count_with_all_that_hangs_off_it() {
    let world = World::quiet();
    let log = world.log.clone();
    let tree = world.obj(0);
    for n in 1..1000 {
        tree.link(&world.obj(n));
    }
    drop(world);
    assert_eq!(tree.edges.borrow().len(), 999);
    assert_eq!(log.drops(), 0);
    drop(tree);
    assert_eq!(log.drops(), 1000);
}

#[test]
fn a_clone_of_the_heap_value_keeps_it_open() {
    let world = World::quiet();
    let clone = world.heap.clone();
    let log = world.log.clone();
    drop(world.self_cycle(1));
    drop(world);
    assert_eq!(log.events(), []);
    assert_eq!(clone.collect().collected, 1);
    assert_eq!(log.drops(), 1);
}

#[test]
fn a_finalizer_drops_the_last_heap_value() {
    let World { heap, log } = World::quiet();
    let world = World { heap: heap.clone(), log: log.clone() };
    let object = world.obj(1);
    drop(world.ring(2, 2));
    drop(world);
    // The object holds the heap that it lives in, so the end comes in the middle of its death.
    let seen = log.clone();
    object.on_finalize(move |object| {
        drop(heap);
        assert_eq!(seen.drops(), 2, "the ring is swept");
        object.check();
    });
    drop(object);
    assert_eq!(log.drops(), 3);
    assert_eq!(log.fins(), 3);
}

/// It is called when the object has died, not before, as if the heap had ended later.
#[test]
fn the_cleanup_of_an_object_whose_finalizer_ends_the_heap_comes_after_its_drop() {
    let World { heap, log } = World::quiet();
    let world = World { heap: heap.clone(), log: log.clone() };
    let object = world.obj(1);
    let tell = log.clone();
    let cleanup = Gc::cleanup(&object, move || tell.push(Clean(1)));
    drop(world);
    object.on_finalize(move |_| drop(heap));
    drop(object);
    assert_eq!(log.events(), [Fin(1), Dropped(1), Clean(1)]);
    assert!(!cleanup.is_alive());
}

/// The collection that is going on is not joined by the last ones, which come when the heap value goes.
#[test]
fn a_shutdown_inside_a_collection_sweeps_everything_in_the_end() {
    let world = World::quiet();
    let log = world.log.clone();
    let old = world.ring(1, 2);
    world.heap.collect();
    drop(old);
    let young = world.self_cycle(3);
    let heap = world.heap.clone();
    young.on_finalize(move |_| {
        let _ = heap.shutdown();
    });
    drop(young);
    assert_eq!(world.heap.collect_generation(Generation::Young).collected, 1);
    drop(world);
    assert_eq!(log.drops(), 3);
}

#[test]
fn a_finalizer_at_the_end_may_make_more() {
    let World { heap, log } = World::quiet();
    let world = World { heap: heap.clone(), log: log.clone() };
    let cycle = world.self_cycle(0);
    let maker = World { heap: heap.clone(), log: log.clone() };
    cycle.on_finalize(move |_| drop(maker.self_cycle(1)));
    drop((cycle, world));
    let report = heap.shutdown();
    assert_eq!((report.collected, report.outstanding), (2, 0));
    assert_eq!(log.drops(), 2);
}

#[test]
fn the_last_sweeps_end_with_one_that_finds_nothing() {
    for garbage in [false, true] {
        let world = World::quiet();
        if garbage {
            drop(world.ring(1, 3));
        }
        let (subscription, reports) = collections(&world.heap);
        let report = world.heap.shutdown();
        drop(subscription);
        let swept: Vec<_> =
            reports.take().iter().map(|sweep| (sweep.reason, sweep.collected)).collect();
        let found = garbage.then_some((Reason::Shutdown, 3));
        assert_eq!(swept, Vec::from_iter(found.into_iter().chain([(Reason::Shutdown, 0)])));
        assert_eq!((report.collected, report.cleanups), (if garbage { 3 } else { 0 }, 0));
    }
}

#[test]
fn no_collection_happens_by_itself_between_the_last_ones() {
    let world = World::quiet();
    automatic(&world.heap, 10, 1, 1);
    let (subscription, reports) = collections(&world.heap);
    let object = world.obj(1);
    let heap = world.heap.clone();
    let made = Rc::new(RefCell::new(Vec::new()));
    let kept = made.clone();
    let _cleanup = Gc::cleanup(&object, move || {
        kept.borrow_mut().extend((0..100).map(|_| Gc::new_in(&heap, Slot::<u8>::empty())));
    });
    assert_eq!(world.heap.shutdown().cleanups, 1);
    assert!(reports.take().iter().all(|report| report.reason == Reason::Shutdown));
    drop((subscription, made, object));
    world.finish([1], &[]);
}

/// Finalizers that make new garbage for ever do not keep the heap from ending.
#[test]
fn endless_finalizers_do_not_stop_the_end() {
    #[derive(Trace)]
    #[trace(finalize)]
    struct Phoenix {
        me: Slot<Phoenix>,
        #[trace(skip)]
        heap: Heap,
        born: Rc<Cell<usize>>,
    }
    fn phoenix(heap: &Heap, born: &Rc<Cell<usize>>) {
        let (me, born) = (Slot::empty(), born.clone());
        let phoenix = Gc::new_in(heap, Phoenix { me, heap: heap.clone(), born });
        phoenix.me.set(Some(phoenix.clone()));
        phoenix.born.set(phoenix.born.get() + 1);
    }
    impl Finalize for Phoenix {
        fn finalize(&self, _: &FinalizeCx<'_, Self>) {
            if self.born.get() < 100 {
                phoenix(&self.heap, &self.born);
            }
        }
    }
    let heap = Heap::new();
    let born = Rc::new(Cell::new(0));
    phoenix(&heap, &born);
    let report = heap.shutdown();
    assert!(born.get() < 100, "the end came first");
    assert_eq!(report.outstanding, 1);
    while heap.collect().collected > 0 {}
    heap.assert_empty();
}

#[test]
fn frozen_cycles_are_swept_at_the_end() {
    let world = World::quiet();
    let log = world.log.clone();
    let ring = world.ring(1, 3);
    world.heap.freeze();
    drop(ring);
    drop(world);
    assert_eq!(log.drops(), 3);
}

#[test]
fn the_end_of_a_thread_ends_its_default_heap() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    struct CountDrop(Arc<AtomicUsize>);
    impl Drop for CountDrop {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
    #[derive(Trace)]
    struct Cyclic {
        me: Slot<Cyclic>,
        #[trace(skip)]
        _drop: CountDrop,
    }
    thread_local! {
        static HELD: RefCell<Vec<Gc<Cyclic>>> = const { RefCell::new(Vec::new()) };
    }
    let drops = Arc::new(AtomicUsize::new(0));
    let make = |drops: &Arc<AtomicUsize>| {
        let cyclic = Gc::new(Cyclic { me: Slot::empty(), _drop: CountDrop(drops.clone()) });
        cyclic.me.set(Some(cyclic.clone()));
        cyclic
    };
    for held_first in [true, false] {
        let (count, made) = (drops.clone(), drops.clone());
        std::thread::spawn(move || {
            // Thread-locals go in the order of their first use, or the other way round.
            if held_first {
                HELD.with(|held| assert!(held.borrow().is_empty()));
            }
            Heap::current().set_auto_collect(false);
            drop(make(&made));
            let acyclic = make(&made);
            acyclic.me.set(None);
            HELD.with(|held| held.borrow_mut().push(acyclic));
            assert_eq!(count.load(Ordering::Relaxed), 0);
        })
        .join()
        .expect("the thread ends in peace");
        assert_eq!(drops.swap(0, Ordering::Relaxed), 2);
    }
}
