//! What happens rarely: the end of a clock, of a depth, of a thread; a `Trace` that does what it must not
//! at a bad moment; panics inside the reporting of panics. Hunted: code that nobody has ever run.

use std::hash::{Hash, Hasher};
use std::path::Path;

use gc_core::AnyWeak;

use crate::support::*;

const GENERATIONS: [Generation; 3] = [Generation::Young, Generation::Middle, Generation::Old];

// ---- ends of counters ------------------------------------------------------------------------------

/// The clock of births has 19 bits; at its end, all objects are dated anew.
#[test]
fn generations_stay_what_they_are_when_the_clock_begins_anew() {
    let world = World::quiet();
    let old = world.obj(1);
    for generation in GENERATIONS {
        world.heap.collect_generation(generation);
    }
    for collections in 0..1 << 19 {
        world.heap.collect_generation(Generation::Young);
        if collections % 1000 == 0 {
            assert_eq!(Gc::generation(&old), Generation::Old, "after {collections}");
        }
    }
    // Some time after the beginning of the new clock.
    let middle = world.obj(2);
    world.heap.collect_generation(Generation::Young);
    let young = world.self_cycle(3);
    let ages = [&young, &middle, &old].map(Gc::generation);
    assert_eq!(ages, GENERATIONS);
    drop(young);
    assert_eq!(world.heap.collect_generation(Generation::Young).collected, 1);
    world.heap.verify();
    drop((middle, old));
    world.finish(1..4, &[]);
}

#[test]
fn type_that_nests_deeper_than_the_question_reaches_may_hold_handles() {
    type Four<T> = Option<Option<Option<Option<T>>>>;
    assert!(!Gc::is_tracked(&Gc::new(None::<Four<u8>>)));
    assert!(Gc::is_tracked(&Gc::new(None::<Four<Four<Four<Four<u8>>>>>)));
}

// ---- ends of threads -------------------------------------------------------------------------------

/// When the lists of what is under way are gone with the thread, values are shown and compared as those
/// of `Rc` are.
#[test]
fn values_are_shown_and_compared_when_the_threads_own_data_are_gone() {
    #[derive(Trace, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    struct Pair(i32, Option<Gc<Pair>>);
    /// Counts what is written to it.
    #[derive(Default)]
    struct Count(u64);
    impl Hasher for Count {
        fn write(&mut self, bytes: &[u8]) {
            self.0 += bytes.len() as u64;
        }
        fn finish(&self) -> u64 {
            self.0
        }
    }
    fn look(pair: &Gc<Pair>, other: &Gc<Pair>) {
        assert_eq!(format!("{pair:?}"), "Pair(1, Some(Pair(2, None)))");
        assert!(pair == other && pair.cmp(other).is_eq());
        let mut count = Count::default();
        pair.hash(&mut count);
        assert!(count.finish() > 0);
    }
    struct Late(RefCell<Vec<Gc<Pair>>>, std::sync::mpsc::Sender<()>);
    impl Drop for Late {
        fn drop(&mut self) {
            let pairs = self.0.borrow();
            look(&pairs[0], &pairs[1]);
            self.1.send(()).expect("the test waits");
        }
    }
    thread_local! { static LATE: RefCell<Option<Late>> = const { RefCell::new(None) } }
    let (send, receive) = std::sync::mpsc::channel();
    let thread = std::thread::spawn(move || {
        // Asked for first, so that it goes last.
        LATE.with_borrow_mut(|late| *late = Some(Late(RefCell::default(), send)));
        let pair = || Gc::new(Pair(1, Some(Gc::new(Pair(2, None)))));
        let pairs = vec![pair(), pair()];
        look(&pairs[0], &pairs[1]);
        LATE.with_borrow(|late| *late.as_ref().expect("it is there").0.borrow_mut() = pairs);
    });
    thread.join().expect("the thread ends in peace");
    receive.recv().expect("the values were looked at");
}

// ---- a `Trace` that does what it must not ----------------------------------------------------------

/// Does something once, when it is visited.
struct Meddler(Cell<Option<Box<dyn FnOnce()>>>);

// SAFETY: reports nothing. What it does besides is what the tests are about.
unsafe impl Trace for Meddler {
    fn trace(&self, _: &mut Tracer<'_>) {
        if let Some(misdeed) = self.0.take() {
            misdeed();
        }
    }
}

fn meddler(heap: &Heap, misdeed: impl FnOnce() + 'static) -> Gc<Meddler> {
    Gc::new_in(heap, Meddler(Cell::new(Some(Box::new(misdeed)))))
}

/// So many slots are freed that a page which ran full wakes, as the heap has to note, but not while it judges.
#[test]
fn slots_that_a_trace_frees_on_a_full_page_end_the_judgement() {
    let world = World::quiet();
    let mut leaves: Vec<_> = (0..5000_u64).map(|n| Gc::new_in(&world.heap, n)).collect();
    let first: Vec<_> = leaves.drain(..200).collect();
    let meddler = meddler(&world.heap, move || drop(first));
    drop(meddler.clone());
    assert_eq!(world.heap.collect().given_up, Some(GivenUp::TraceMisbehaved));
    world.heap.verify();
    assert_eq!(world.heap.collect().given_up, None);
    assert_eq!(world.heap.live_count(), 4801);
    drop((leaves, meddler));
    world.finish([], &[]);
}

/// As before, but all slots of the page are freed, and another page has room: it is not forgotten.
#[test]
fn full_page_that_a_trace_empties_leaves_the_list_of_others_as_it_was() {
    let world = World::quiet();
    let mut leaves: Vec<_> = (0..5000_u64).map(|n| Gc::new_in(&world.heap, n)).collect();
    // (A page has less than 700 of them.)
    let first: Vec<_> = leaves.drain(..1400).collect();
    leaves.drain(1400..1600);
    world.heap.verify();
    let meddler = meddler(&world.heap, move || drop(first));
    drop(meddler.clone());
    assert_eq!(world.heap.collect().given_up, Some(GivenUp::TraceMisbehaved));
    world.heap.verify();
    drop((leaves, meddler));
    world.finish([], &[]);
}

/// The object is in the set already when the `Trace` of another lets go of it: of members no loss is
/// noticed. It lives on all the same, and its next loss is noticed.
#[test]
fn member_that_a_trace_lets_go_of_lives_while_it_has_a_handle_and_is_collected_after() {
    let world = World::quiet();
    let member = world.self_cycle(1);
    let handle = member.clone();
    let last = meddler(&world.heap, move || drop(handle));
    let first = Gc::new_in(&world.heap, (member, last));
    // The first alone is a suspect; it leads to the member, and then to the one that misbehaves.
    drop(first.clone());
    assert_eq!(world.heap.collect().collected, 0);
    first.0.check();
    assert_eq!(Gc::strong_count(&first.0), 2);
    world.heap.verify();
    drop(first);
    assert_eq!(world.heap.collect().collected, 1);
    world.finish([1], &[]);
}

/// What is let go of is no member, so the loss is noticed, though the object lives on.
#[test]
fn judgement_ends_when_a_trace_lets_go_of_an_object_outside_the_set() {
    let world = World::quiet();
    let outside = world.self_cycle(1);
    let handle = outside.clone();
    let meddler = meddler(&world.heap, move || drop(handle));
    drop(meddler.clone());
    assert_eq!(world.heap.collect().given_up, Some(GivenUp::TraceMisbehaved));
    world.heap.verify();
    assert_eq!(world.heap.collect().given_up, None);
    drop((outside, meddler));
    assert_eq!(world.heap.collect().collected, 1);
    world.finish([1], &[]);
}

#[test]
fn verify_tells_of_a_trace_that_reports_too_much() {
    struct Twice(Gc<Obj>);
    // SAFETY: it is not: it reports its handle twice. No collection sees that.
    unsafe impl Trace for Twice {
        fn trace(&self, tracer: &mut Tracer<'_>) {
            self.0.trace(tracer);
            self.0.trace(tracer);
        }
    }
    let world = World::quiet();
    let twice = Gc::new_in(&world.heap, Twice(world.obj(1)));
    let payload = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| world.heap.verify()));
    let said = message(&*payload.expect_err("it is told"));
    assert!(said.starts_with("the heap is broken:\nobject <it::support::Obj at 0x"), "{said}");
    assert!(said.ends_with("Alive, 1 handles: a handle for each edge does not hold"), "{said}");
    drop(twice);
    world.finish([1], &[]);
}

// ---- panics inside the reporting of panics ---------------------------------------------------------

/// Each payload panics when it is dropped, with another such payload: in the end one is forgotten.
#[test]
fn payload_that_never_ends_is_forgotten() {
    struct Endless(Rc<Cell<usize>>);
    // SAFETY: the test has one thread.
    unsafe impl Send for Endless {}
    impl Drop for Endless {
        fn drop(&mut self) {
            self.0.set(self.0.get() + 1);
            std::panic::panic_any(Endless(self.0.clone()));
        }
    }
    let name = "rarely::payload_that_never_ends_is_forgotten";
    let Some(output) = in_own_process(name, || {
        let world = World::quiet();
        let drops = Rc::new(Cell::new(0));
        for n in 0..2 {
            let drops = drops.clone();
            let code = move || std::panic::panic_any(Endless(drops));
            world.self_cycle(n).on_finalize(move |_| code());
        }
        // The first is raised, the other told and discarded.
        let collect = std::panic::AssertUnwindSafe(|| world.heap.collect());
        std::mem::forget(std::panic::catch_unwind(collect).expect_err("it is raised"));
        assert!((1..20).contains(&drops.get()), "{}", drops.get());
        world.finish(0..2, &[]);
    }) else {
        return;
    };
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    assert!(stderr.contains("gc-core: the finalizer of a `it::support::Obj` panicked"), "{stderr}");
}

/// When the heap's memory goes, nobody is left who could be told but stderr.
#[test]
fn closure_of_a_hook_may_panic_when_its_heap_is_freed() {
    let name = "rarely::closure_of_a_hook_may_panic_when_its_heap_is_freed";
    let Some(output) = in_own_process(name, || {
        let heap = Heap::default();
        let bomb = OnDrop::new(|| panic!("a handler that does not want to go"));
        heap.set_error_handler(Some(move |_| assert!(bomb.is_armed())));
        assert_eq!(heap.debug(), DebugFlags::NONE);
        drop(heap);
    }) else {
        return;
    };
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    assert!(stderr.contains("gc-core: a hook panicked when it was dropped"), "{stderr}");
}

// ---- the end of a heap -----------------------------------------------------------------------------

/// Else there could be no end to it.
#[test]
fn cleanup_that_a_dropped_cleanup_registers_at_the_heaps_end_is_never_called() {
    let world = World::quiet();
    let kept = world.obj(1);
    let (weak, log) = (Gc::downgrade(&kept), world.log.clone());
    let again = OnDrop::new(move || {
        let kept = weak.upgrade().expect("it lives");
        let late = Gc::cleanup(&kept, move || log.push(Clean(2)));
        late.set_at_exit(false);
    });
    let log = world.log.clone();
    let cleanup = Gc::cleanup(&kept, move || assert!(again.is_armed()));
    cleanup.set_at_exit(false);
    let other = Gc::cleanup(&kept, move || log.push(Clean(1)));
    other.set_at_exit(false);
    assert_eq!(world.heap.shutdown().outstanding, 1);
    assert!(!cleanup.is_alive() && !other.is_alive());
    world.heap.verify();
    let heap = Gc::heap(&kept);
    drop(kept);
    assert_eq!(world.log.count(|event| event == Clean(1)), 0);
    drop(heap);
    world.finish([1], &[]);
}

/// The page that objects are made on is full to the last slot when its heap ends.
#[test]
fn heap_may_end_with_its_pages_full() {
    for len in 670..690 {
        let heap = Heap::new();
        let all: Vec<_> = (0..len).map(|n| Gc::new_in(&heap, n)).collect();
        heap.verify();
        let report = heap.shutdown();
        assert_eq!(report.outstanding, len);
        heap.verify();
        drop(heap);
        assert_eq!(all.iter().map(|n| **n).sum::<usize>(), len * (len - 1) / 2);
    }
}

// ---- rare values -----------------------------------------------------------------------------------

/// They hold no handle, but are visited where the type that has them may hold one.
#[test]
fn fields_that_report_nothing_are_visited() {
    #[derive(Trace)]
    struct Odd {
        me: Slot<Odd>,
        path: Box<Path>,
        any: AnyWeak,
        pinned: std::pin::Pin<Gc<u8>>,
        weak: Weak<Odd>,
        watch: RefCell<Option<Watch<Odd>>>,
        cleanup: RefCell<Option<Cleanup<u8>>>,
        of_another: (Watch<u8>, Cleanup<u8>),
    }
    let heap = Heap::new();
    let path = Path::new("a/path").into();
    let (watch, cleanup) = Default::default();
    let another = Gc::new_in(&heap, 5_u8);
    let any = AnyWeak::from(&another);
    let of_another = (Gc::watch(&another, || ()), Gc::cleanup(&another, || 5));
    drop(another);
    let odd = Gc::new_cyclic_in(&heap, |weak: &Weak<Odd>| Odd {
        me: Slot::empty(),
        path,
        any,
        pinned: Gc::pin_in(&heap, 7),
        weak: weak.clone(),
        watch,
        cleanup,
        of_another,
    });
    odd.watch.replace(Some(Gc::watch(&odd, || unreachable!("it goes with its object"))));
    odd.cleanup.replace(Some(Gc::cleanup(&odd, || 5)));
    odd.me.set(Some(odd.clone()));
    assert!(odd.any.is_dead() && odd.weak.upgrade().is_some() && odd.path.ends_with("path"));
    assert_eq!(Gc::referents(&odd).len(), 2);
    assert_eq!(AnyGc::from(odd.clone()).type_id(), std::any::TypeId::of::<Odd>());
    drop(odd);
    assert_eq!(heap.collect().collected, 1);
    heap.assert_empty();
}

#[test]
fn what_reports_nothing_is_a_leaf_as_a_value_too() {
    let five = Gc::new(5_u8);
    assert!(!Gc::is_tracked(&Gc::new(AnyWeak::from(&five))));
    assert!(!Gc::is_tracked(&Gc::new(Gc::downgrade(&five))));
    assert!(!Gc::is_tracked(&Gc::new(Gc::watch(&five, || ()))));
    assert!(!Gc::is_tracked(&Gc::new(Gc::cleanup(&five, || ()))));
    assert!(Gc::is_tracked(&Gc::new(Gc::pin(5_u8))));
    assert!(Gc::is_tracked(&Gc::new(AnyGc::from(five))));
}

#[test]
fn slot_is_a_cell_of_an_optional_handle() {
    let (one, two) = (Gc::new(1), Gc::new(2));
    let (slot, other) = (Slot::from(one.clone()), Slot::from(Some(two.clone())));
    assert_eq!(slot.replace(None).as_deref(), Some(&1));
    slot.swap(&other);
    assert!(other.is_none() && slot.is_some());
    assert!(slot.into_inner().is_some_and(|handle| Gc::ptr_eq(&handle, &two)));
    assert_eq!((Gc::strong_count(&one), Gc::strong_count(&two)), (1, 1));
}

#[test]
fn errors_and_flags_say_what_they_are() {
    use std::error::Error;
    #[derive(Trace, Debug)]
    #[trace(leaf)]
    struct Outer(std::fmt::Error);
    impl std::fmt::Display for Outer {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            self.0.fmt(f)
        }
    }
    impl Error for Outer {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            Some(&self.0)
        }
    }
    let heap = Heap::new();
    let errors = collect_errors(&heap);
    Gc::watch(&Gc::new_in(&heap, 5), || panic!("boom")).forget();
    let shown = "[GcError { hook: Watch, type_name: Some(\"i32\"), message: \"boom\" }]";
    assert_eq!(format!("{:?}", errors.take()), shown);
    let outer = Gc::new(Outer(std::fmt::Error));
    assert!(outer.source().is_some_and(|source| source.is::<std::fmt::Error>()));
    let mut flags = DebugFlags::STATS;
    flags |= DebugFlags::SAVE_ALL;
    assert!(flags.contains(DebugFlags::STATS) && flags.contains(DebugFlags::SAVE_ALL));
    assert!(WeakValueMap::<u8, u8>::default().is_empty());
}

#[test]
fn heap_with_full_pages_big_objects_and_frozen_ones_is_whole() {
    let heap = quiet_heap();
    let ring: Vec<_> = (0..3000).map(|_| Gc::new_in(&heap, Slot::<u8>::empty())).collect();
    let big: Vec<_> = (0..3).map(|n| Gc::new_in(&heap, ([n; 5000], Slot::<u8>::empty()))).collect();
    heap.verify();
    heap.freeze();
    let texts: Vec<_> = (0..100).map(|n| Gc::str_in(&heap, &"text".repeat(n))).collect();
    heap.verify();
    drop(ring);
    heap.verify();
    heap.unfreeze();
    drop((big, texts));
    heap.verify();
    heap.assert_empty();
}
