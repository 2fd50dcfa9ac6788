//! The traps that the rules of soundness have, and the bugs that were found in them: a test for each that
//! can be told at run time and that no other file has. The number is that of the trap.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use crate::support::*;
use Generation::{Middle, Old, Young};

/// A value that runs code when it is dropped, and may have a neighbour.
#[derive(Trace)]
struct Hooked {
    #[trace(skip)]
    _hook: OnDrop,
    next: Slot<Hooked>,
}

fn hooked(heap: &Heap, code: impl FnOnce() + 'static) -> Gc<Hooked> {
    Gc::new_in(heap, Hooked { _hook: OnDrop::new(code), next: Slot::empty() })
}

/// An object that only its own edge holds.
fn lone_cycle(heap: &Heap, code: impl FnOnce() + 'static) {
    let object = hooked(heap, code);
    object.next.set(Some(object.clone()));
}

// ---- T1 to T22 -----------------------------------------------------------------------------------

#[test]
fn t02_showing_a_slot_whose_value_empties_it_is_sound() {
    // `Debug` runs on a clone of the handle: the one in the slot may go meanwhile.
    struct Shy(Slot<Shy>, String);
    // SAFETY: reports its handle once.
    unsafe impl Trace for Shy {
        fn trace(&self, tracer: &mut Tracer<'_>) {
            self.0.trace(tracer);
        }
    }
    impl std::fmt::Debug for Shy {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            self.0.set(None);
            f.write_str(&self.1)
        }
    }
    let heap = quiet_heap();
    let shy = Gc::new_in(&heap, Shy(Slot::empty(), "here".repeat(3)));
    shy.0.set(Some(shy.clone()));
    assert_eq!(format!("{:?}", shy.0), "Slot(Some(hereherehere))");
    assert!(shy.0.is_none());
    let weak = Gc::downgrade(&shy);
    let slot = Slot::new(Some(shy));
    drop(format!("{slot:?}"));
    slot.set(None);
    assert!(weak.is_dead());
}

#[test]
fn t03_deaths_that_wait_are_absent_from_every_view() {
    let world = World::quiet();
    let (first, second) = (world.obj(1), world.obj(2));
    let (weak, heap) = (Gc::downgrade(&second), world.heap.clone());
    let looked = Rc::new(Cell::new(false));
    let done = looked.clone();
    // The drop of the first value lets go of the second object, which waits until the first has ended.
    first.on_drop(move || {
        done.set(true);
        assert!(weak.is_dead() && weak.upgrade().is_none());
        assert_eq!(weak.strong_count(), 0);
        assert!(heap.objects().is_empty());
        assert_eq!(heap.collect().candidates, 0);
    });
    first.edges.borrow_mut().push(second);
    drop(first);
    assert!(looked.get());
    assert_eq!(world.log.events(), [Fin(1), Dropped(1), Fin(2), Dropped(2)]);
    world.finish([1, 2], &[]);
}

#[test]
fn t04_slots_of_a_sweep_are_not_handed_out_while_values_drop() {
    let heap = quiet_heap();
    let places: Rc<RefCell<Vec<usize>>> = Rc::default();
    let fresh: Rc<RefCell<Vec<Gc<Hooked>>>> = Rc::default();
    for _ in 0..100 {
        let (inner, fresh) = (heap.clone(), fresh.clone());
        let object = hooked(&heap, move || fresh.borrow_mut().push(hooked(&inner, || ())));
        object.next.set(Some(object.clone()));
        places.borrow_mut().push(Gc::as_ptr(&object).addr());
    }
    assert_eq!(heap.collect().collected, 100);
    let fresh = fresh.take();
    assert_eq!(fresh.len(), 100);
    let reused = |new: &Gc<Hooked>| places.borrow().contains(&Gc::as_ptr(new).addr());
    assert!(!fresh.iter().any(reused), "a slot was given away before its sweep was over");
}

#[test]
fn t05_condemned_objects_are_invisible_to_every_view() {
    let heap = quiet_heap();
    let outside = hooked(&heap, || ());
    let looks = Rc::new(Cell::new(0));
    let watches: Rc<RefCell<Vec<Watch<Hooked>>>> = Rc::default();
    let weak: Rc<RefCell<Vec<Weak<Hooked>>>> = Rc::default();
    for _ in 0..3 {
        let (inner, looks, dead) = (heap.clone(), looks.clone(), weak.clone());
        let kept = Gc::downgrade(&outside);
        let look = move || {
            looks.set(looks.get() + 1);
            assert!(dead.borrow().iter().all(Weak::is_dead));
            let kept = kept.upgrade().expect("it is held outside");
            let seen = inner.objects();
            assert!(seen.len() == 1 && seen[0].ptr_eq(&AnyGc::from(kept.clone())));
            assert!(inner.referrers(&kept).is_empty(), "the garbage that holds it is not shown");
            assert_eq!(inner.objects_in(Gc::generation(&kept)).len(), 1);
        };
        let (dropped, called) = (look.clone(), look);
        let object = hooked(&heap, dropped);
        let holder = Gc::new_in(&heap, (object.clone(), outside.clone(), Slot::<Hooked>::empty()));
        object.next.set(Some(object.clone()));
        weak.borrow_mut().push(Gc::downgrade(&object));
        watches.borrow_mut().push(Gc::watch(&object, called));
        drop(holder);
    }
    // The views of the dropping values run while some values are there and others are gone.
    assert_eq!(heap.collect().collected, 3);
    assert_eq!(looks.get(), 6, "in each drop, and in each watch");
    watches.take();
    drop(outside);
}

#[test]
fn t06_death_inside_the_probe_of_a_map_changes_no_entry_under_it() {
    // The key's `Eq` ends a value of the map that is being asked.
    thread_local! {
        static LAST: RefCell<Option<Gc<String>>> = const { RefCell::new(None) };
    }
    #[derive(Trace)]
    struct Key(u8);
    impl std::hash::Hash for Key {
        fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
            self.0.hash(state);
        }
    }
    impl PartialEq for Key {
        fn eq(&self, other: &Self) -> bool {
            drop(LAST.take());
            self.0 == other.0
        }
    }
    impl Eq for Key {}
    let heap = quiet_heap();
    let map = WeakValueMap::new();
    for asked in [true, false] {
        let value = Gc::new_in(&heap, "mortal".repeat(3));
        map.insert(Key(1), &value);
        LAST.set(Some(value));
        if asked {
            assert!(map.get(&Key(1)).is_none_or(|value| value.len() == 18));
        } else {
            map.insert(Key(1), &Gc::new_in(&heap, "brief".to_owned()));
        }
        assert_eq!(map.len(), 0);
    }
}

#[test]
fn t07_pinned_means_pinned_by_every_way_to_a_handle() {
    #[derive(Clone)]
    struct Fixed(u8);
    // SAFETY: reports nothing, as it holds nothing.
    unsafe impl Trace for Fixed {
        fn trace(&self, _: &mut Tracer<'_>) {}
    }
    let heap = quiet_heap();
    let pinned = Gc::pin_in(&heap, Fixed(5));
    // The type is `Unpin`, so the handle comes out; and others come by way of weak ones and of views.
    let mut handle = std::pin::Pin::into_inner(pinned);
    assert!(Gc::get_mut(&mut handle).is_none());
    let weak = Gc::downgrade(&handle);
    drop(handle);
    assert!(weak.is_dead());

    let pinned = Gc::pin_in(&heap, Fixed(6));
    let Ok(mut handle) = heap.objects().remove(0).downcast::<Fixed>() else { unreachable!() };
    drop(pinned);
    assert!(Gc::get_mut(&mut handle).is_none());
    let handle = Gc::try_unwrap(handle).err().expect("it stays where it is");
    assert_eq!(Gc::unwrap_or_clone(handle.clone()).0, 6);
    let mut handle = handle;
    Gc::make_mut(&mut handle).0 = 7;
    assert_eq!(handle.0, 7, "a clone, in an object that is not pinned");
    assert!(Gc::get_mut(&mut handle).is_some());
}

#[test]
fn t09_hook_that_replaces_itself_while_it_runs_and_the_heap_goes() {
    // The last `Heap` value goes inside the listener of its own collection, which another replaces.
    let heap = quiet_heap();
    let (inner, calls) = (Cell::new(Some(heap.clone())), Rc::new(Cell::new(0)));
    let count = calls.clone();
    let subscription = heap.on_collection(move |_| {
        count.set(count.get() + 1);
        if let Some(heap) = inner.take() {
            heap.set_error_handler(Some(drop::<GcError>));
            let _pause = heap.pause();
            drop(heap.on_collection(|_| ()));
            assert_eq!(heap.collect().skipped, Some(Skipped::AlreadyCollecting));
        }
    });
    lone_cycle(&heap, || ());
    assert_eq!(heap.collect().collected, 1);
    assert_eq!(calls.get(), 2);
    drop((heap, subscription));
}

#[test]
fn t11_cycle_just_judged_alive_and_let_go_of_by_a_finalizer_is_a_suspect() {
    let world = World::quiet();
    for judged in [Young, Middle, Old] {
        let (alive, dying) = (world.ring(0, 3), world.ring(3, 2));
        let (last, weak) = (alive[0].clone(), Gc::downgrade(&alive[1]));
        drop(alive);
        let last = Cell::new(Some(last));
        dying[0].on_finalize(move |_| drop(last.take()));
        drop(dying);
        assert_eq!(world.heap.collect_generation(judged).collected, 2);
        assert!(!weak.is_dead(), "it was held when it was judged");
        assert_eq!(world.heap.collect().collected, 3, "after {judged:?}");
        assert_eq!(world.log.take().len(), 10);
    }
    world.finish([], &[]);
}

#[test]
fn t12_suspect_of_another_generation_keeps_its_page_in_view() {
    let heap = quiet_heap();
    // Neighbours on one page, let go of at different ages.
    let cycle = || {
        let object = hooked(&heap, || ());
        object.next.set(Some(object.clone()));
        object
    };
    let (old, middle, young) = (cycle(), cycle(), cycle());
    heap.collect();
    drop(old);
    for _ in 0..3 {
        drop(young.clone());
        assert_eq!(heap.collect_generation(Young).collected, 0);
        assert_eq!(heap.collect_generation(Middle).collected, 0);
    }
    drop(middle);
    assert_eq!(heap.collect_generation(Middle).collected, 0);
    assert_eq!(heap.collect().collected, 2);
    drop(young);
    assert_eq!(heap.collect().collected, 1);
}

#[test]
fn t14_only_a_lock_that_is_held_is_opaque_and_a_poisoned_one_is_read() {
    #[derive(Trace)]
    struct Locked {
        next: std::sync::Mutex<Option<Gc<Locked>>>,
    }
    let heap = quiet_heap();
    let locked = Gc::new_in(&heap, Locked { next: std::sync::Mutex::new(None) });
    *locked.next.lock().unwrap() = Some(locked.clone());
    let poisoned = catch_unwind(AssertUnwindSafe(|| {
        let _guard = locked.next.lock().unwrap();
        panic!("with the lock in hand");
    }));
    assert!(poisoned.is_err() && locked.next.is_poisoned());
    let weak = Gc::downgrade(&locked);
    let other = locked.clone();
    let guard = other.next.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    drop(locked);
    assert_eq!(heap.collect().collected, 0);
    drop(guard);
    drop(other);
    assert_eq!(heap.collect().collected, 1);
    assert!(weak.is_dead());
}

#[test]
fn t16_second_judgement_is_over_the_first_garbage_only() {
    // A finalizer hangs a new cycle on the garbage, and lets go of another: both have their turn later.
    let world = World::quiet();
    let dying = world.ring(0, 2);
    let bystander = world.self_cycle(2);
    let last = Cell::new(Some(bystander));
    let heap = World { heap: world.heap.clone(), log: world.log.clone() };
    dying[0].on_finalize(move |me| {
        drop(last.take());
        let new = heap.self_cycle(3);
        me.link(&new);
        new.link(me);
    });
    drop(dying);
    let first = world.heap.collect();
    assert_eq!((first.finalized, first.collected, first.resurrected), (2, 0, 2));
    assert_eq!(world.heap.collect().collected, 4, "the new object held them, then all is garbage");
    world.finish(0..4, &[]);
}

#[test]
fn t19_slices_made_and_slices_coerced_are_found_at_one_offset() {
    #[repr(align(128))]
    #[derive(Clone, Copy)]
    struct Wide(u8);
    // SAFETY: reports nothing, as it holds nothing.
    unsafe impl Trace for Wide {
        fn trace(&self, _: &mut Tracer<'_>) {}
    }
    fn all_same<T: Trace + Copy>(heap: &Heap, value: T, read: impl Fn(&T) -> u8) {
        let array = Gc::new_in(heap, [value; 3]);
        let coerced: Gc<[T]> = gc_core::coerce!(array => [T]);
        for slice in [Gc::slice_in(heap, vec![value; 3]), coerced] {
            assert_eq!(slice.iter().map(&read).collect::<Vec<_>>(), [7; 3]);
            assert!(slice.as_ptr().is_aligned());
            drop(slice.clone());
            assert_eq!(heap.collect().collected, 0);
        }
    }
    let heap = quiet_heap();
    all_same(&heap, 7_u8, |&value| value);
    all_same(&heap, 7_u128, |&value| u8::try_from(value).expect("it is 7"));
    all_same(&heap, Wide(7), |value| value.0);
    assert_eq!(heap.live_count(), 0);
}

#[test]
fn t22_pins_do_not_show_and_identities_are_never_reused() {
    let (one, other) = (quiet_heap(), quiet_heap());
    let mut seen = std::collections::HashSet::new();
    for _ in 0..200 {
        for heap in [&one, &other] {
            let object = hooked(heap, || ());
            assert!(
                seen.insert(Gc::id(&object)),
                "the slot is used again, and the identity is not"
            );
            assert_eq!((Gc::strong_count(&object), Gc::weak_count(&object)), (1, 0));
        }
    }
}

// ---- bugs that were found --------------------------------------------------------------------------

#[derive(Trace)]
struct Node {
    #[trace(skip)]
    n: u64,
    next: Slot<Node>,
}

impl Clone for Node {
    fn clone(&self) -> Self {
        Self { n: self.n, next: self.next.clone() }
    }
}

fn node(heap: &Heap, n: u64) -> Gc<Node> {
    Gc::new_in(heap, Node { n, next: Slot::empty() })
}

/// What a watch of the old object finds in the heap while `make_mut` puts a new one in its place.
#[test]
fn make_mut_is_exclusive_although_a_watch_enumerates_the_heap() {
    let heap = quiet_heap();
    for also_held in [false, true] {
        let mut object = node(&heap, 1);
        let other = also_held.then(|| object.clone());
        let seen: Rc<RefCell<Vec<AnyGc>>> = Rc::default();
        let (store, inner) = (seen.clone(), heap.clone());
        let watch = Gc::watch(&object, move || store.borrow_mut().extend(inner.objects()));
        let mut guard = Gc::make_mut(&mut object);
        let value: &mut Node = &mut guard;
        for other in seen.take() {
            let Ok(other) = other.downcast::<Node>() else { unreachable!("all are nodes") };
            assert!(!std::ptr::eq(&raw const *other, value), "two ways to one value");
        }
        value.n = 2;
        drop(guard);
        assert_eq!(object.n, 2);
        assert!(other.is_none_or(|other| other.n == 1));
        drop(watch);
    }
}

/// As above, by the drop of a pinned value: that one is cloned, and then ends.
#[test]
fn make_mut_is_exclusive_although_the_old_value_enumerates_the_heap() {
    thread_local! {
        static SEEN: RefCell<Vec<AnyGc>> = const { RefCell::new(Vec::new()) };
    }
    struct Loud(Option<Heap>);
    impl Drop for Loud {
        fn drop(&mut self) {
            if let Some(heap) = self.0.take() {
                SEEN.with_borrow_mut(|seen| seen.extend(heap.objects()));
            }
        }
    }
    #[derive(Trace)]
    struct Pinned {
        #[trace(skip)]
        _loud: Loud,
        _next: Slot<Pinned>,
    }
    impl Clone for Pinned {
        fn clone(&self) -> Self {
            Self { _loud: Loud(None), _next: Slot::empty() }
        }
    }
    let heap = quiet_heap();
    let value = Pinned { _loud: Loud(Some(heap.clone())), _next: Slot::empty() };
    let mut object = std::pin::Pin::into_inner(Gc::pin_in(&heap, value));
    let mut guard = Gc::make_mut(&mut object);
    let value: &mut Pinned = &mut guard;
    for other in SEEN.take() {
        let Ok(other) = other.downcast::<Pinned>() else { unreachable!("all are of one type") };
        assert!(!std::ptr::eq(&raw const *other, value), "two ways to one value");
    }
}

/// At a thread's end the heap of the latecomers goes with its last object: here in the middle of making
/// another, step by step.
#[test]
fn iterator_that_frees_the_closed_heap_between_its_steps() {
    struct Late(Cell<bool>);
    impl Drop for Late {
        fn drop(&mut self) {
            let unsized_hint = (0..100_u64).filter(|_| {
                drop(Gc::new(5_u64));
                true
            });
            let numbers: Gc<[u64]> = unsized_hint.collect();
            let exact = (0..100_u64).inspect(|_| drop(Gc::new([5_u64])));
            let more: Gc<[u64]> = exact.collect();
            let cycle = Gc::new_cyclic(|_| {
                drop(Gc::new(5_u64));
                drop(Heap::current());
                7_u64
            });
            let one_by_one: Vec<Gc<u64>> = (0..1000).map(Gc::new).collect();
            let sum = numbers.iter().chain(more.iter()).sum::<u64>() + *one_by_one[3] + *cycle;
            self.0.set(sum == 4950 * 2 + 3 + 7);
            assert!(self.0.get(), "{sum}");
        }
    }
    thread_local! {
        static LATE: Late = const { Late(Cell::new(false)) };
    }
    let ended = std::thread::spawn(|| {
        // Registered first, so that its destructor comes after the heap's.
        LATE.with(|late| assert!(!late.0.get()));
        drop(Gc::new(1));
    });
    ended.join().expect("the thread ended in order");
}

#[test]
fn thawing_inside_a_death_keeps_the_deaths_in_order() {
    let heap = quiet_heap();
    let thaws = heap.clone();
    let first = hooked(&heap, move || thaws.unfreeze());
    let ended = Rc::new(Cell::new(false));
    let flag = ended.clone();
    first.next.set(Some(hooked(&heap, move || flag.set(true))));
    heap.freeze();
    drop(first);
    assert!(ended.get(), "what waited has ended too");
    assert_eq!((heap.frozen_count(), heap.live_count()), (0, 0));
    // The thread goes on ending objects.
    ended.set(false);
    let flag = ended.clone();
    drop(hooked(&heap, move || flag.set(true)));
    assert!(ended.get());
}

#[test]
fn budget_without_end_is_no_overflow() {
    let heap = quiet_heap();
    lone_cycle(&heap, || ());
    let collection = heap.collect_within(Budget::time(Duration::MAX));
    assert_eq!((collection.complete, collection.collected), (true, 1));
    lone_cycle(&heap, || ());
    assert_eq!(heap.collect_within(Budget::objects(usize::MAX)).collected, 1);
}

#[test]
fn settings_of_any_size_are_no_overflow() {
    const MOST: usize = usize::MAX;
    for young in [0, 1, MOST] {
        for (middle, old, young_bytes) in [(0, 0, 0), (MOST, MOST, MOST), (0, MOST, 1)] {
            for full_ratio in [0.0, -1.0, f64::NAN, f64::INFINITY] {
                let heap = Heap::new();
                let thresholds = Thresholds { young, middle, old, full_ratio, young_bytes };
                heap.set_thresholds(thresholds);
                let one = node(&heap, 1);
                one.next.set(Some(one.clone()));
                heap.collect();
                drop(one);
                heap.adjust_external_bytes(isize::MAX);
                heap.adjust_external_bytes(isize::MAX);
                for n in 0..50 {
                    drop(node(&heap, n));
                }
                heap.adjust_external_bytes(isize::MIN);
                heap.set_auto_collect(false);
                heap.collect();
                assert_eq!(heap.live_count(), 0, "{thresholds:?}");
            }
        }
    }
}

/// A table whose element panics in its drop leaks the others: their counts are not those of garbage
/// that was dropped as a whole, and no lie of a `Trace` either.
#[test]
fn element_of_a_map_in_garbage_may_panic_on_drop() {
    #[derive(Trace, PartialEq, Eq, Hash)]
    #[trace(leaf)]
    struct Key(u32);
    impl Drop for Key {
        fn drop(&mut self) {
            assert!(self.0 != 7 || std::thread::panicking(), "key 7 does not want to go");
        }
    }
    #[derive(Trace)]
    struct Table {
        entries: RefCell<HashMap<Key, Gc<Table>>>,
        list: RefCell<Vec<(Key, Gc<Table>)>>,
    }
    let heap = quiet_heap();
    let errors = collect_errors(&heap);
    let table = |heap: &Heap| {
        Gc::new_in(heap, Table { entries: RefCell::default(), list: RefCell::default() })
    };
    let (one, other) = (table(&heap), table(&heap));
    for n in 0..16 {
        one.entries.borrow_mut().insert(Key(n), other.clone());
        other.entries.borrow_mut().insert(Key(100 + n), one.clone());
        other.list.borrow_mut().push((Key(100 + n), one.clone()));
    }
    let weak = Gc::downgrade(&one);
    drop((one, other));
    assert_eq!(heap.collect().collected, 2);
    assert!(weak.is_dead());
    assert_eq!(errors.take().len(), 1);
    lone_cycle(&heap, || ());
    assert_eq!(heap.collect().collected, 1);
    assert_eq!(heap.live_count(), 0);
}

/// Something that ends a heap, or might.
type End = fn(Heap);

const ENDS: [End; 3] = [
    drop,
    |heap| {
        let _ = heap.shutdown();
    },
    |heap| {
        let other = heap.clone();
        drop(heap);
        assert_eq!(other.collect().skipped, Some(Skipped::AlreadyCollecting));
        let _ = other.shutdown();
        let _ = other.shutdown();
    },
];

#[test]
fn heap_may_be_ended_inside_any_hook_of_its_last_collection() {
    for end in ENDS {
        for (hook, by_hand) in (0..3).flat_map(|hook| [(hook, true), (hook, false)]) {
            let world = World::quiet();
            let log = world.log.clone();
            let kept = world.obj(3);
            let (object, _) = (world.self_cycle(1), world.self_cycle(2));
            let handle = Gc::downgrade(&kept);
            let code = move || end(Gc::heap(&handle.upgrade().expect("it lives")));
            let mut watch = None;
            match hook {
                0 => object.on_finalize(move |_| code()),
                1 => object.on_drop(code),
                _ => watch = Some(Gc::watch(&object, code)),
            }
            drop(object);
            if by_hand {
                assert_eq!(world.heap.collect().collected, 2);
            }
            drop(world);
            assert_eq!(log.drops(), 2, "hook {hook}: {:?}", log.events());
            kept.check();
            drop((kept, watch));
            assert_eq!(log.drops(), 3);
        }
    }
}

/// Each collection of the end told of itself to a listener that ended the heap: one end in another, until
/// the stack was full.
#[test]
fn listener_that_ends_the_heap_at_every_collection_ends_it_once() {
    for end in ENDS {
        for by_hand in [true, false] {
            let world = World::quiet();
            let log = world.log.clone();
            let kept = world.obj(2);
            drop(world.self_cycle(1));
            let handle = Gc::downgrade(&kept);
            let code = move || end(Gc::heap(&handle.upgrade().expect("it lives")));
            let subscription = world.heap.on_collection(move |_| code());
            if by_hand {
                assert_eq!(world.heap.collect().collected, 1);
            }
            drop(world);
            assert_eq!(log.drops(), 1);
            drop((kept, subscription));
            assert_eq!(log.drops(), 2);
        }
    }
}

/// An object that a finalizer cut off was left without any handle when the second judgement was given up.
#[test]
fn given_up_second_judgement_leaves_nobody_without_a_handle() {
    struct Late {
        visits: Cell<u32>,
        me: Slot<Late>,
    }
    // SAFETY: reports its handle once. That it panics is what the test is about.
    unsafe impl Trace for Late {
        fn trace(&self, tracer: &mut Tracer<'_>) {
            self.visits.set(self.visits.get() + 1);
            assert_ne!(self.visits.get(), 2, "the second time");
            self.me.trace(tracer);
        }
    }
    let world = World::quiet();
    let errors = collect_errors(&world.heap);
    let late = Gc::new_in(&world.heap, Late { visits: Cell::new(0), me: Slot::empty() });
    late.me.set(Some(late.clone()));
    drop(late);
    let ring = world.ring(1, 3);
    let weak: Vec<_> = ring.iter().map(Gc::downgrade).collect();
    ring.iter().for_each(|object| object.on_finalize(|me| me.cut()));
    drop(ring);
    let collection = world.heap.collect();
    assert_eq!(collection.given_up, Some(GivenUp::TracePanicked));
    assert_eq!(errors.take().len(), 1);
    assert!(weak.iter().all(|weak| weak.is_dead() == (weak.strong_count() == 0)));
    assert_eq!(world.log.drops(), 3, "nobody holds them, so they ended by count");
    assert_eq!(world.heap.collect().collected, 1);
    world.finish(1..4, &[]);
}

#[test]
fn last_value_of_a_heap_may_go_inside_a_death() {
    let ends: [End; 2] = [ENDS[0], ENDS[1]];
    for end in ends {
        for by_finalizer in [true, false] {
            let world = World::quiet();
            let log = world.log.clone();
            let object = world.obj(1);
            object.link(&world.self_cycle(2));
            drop(world.self_cycle(3));
            let heap = Cell::new(Some(world.heap.clone()));
            let code = move || heap.take().into_iter().for_each(end);
            if by_finalizer {
                object.on_finalize(move |_| code());
            } else {
                object.on_drop(code);
            }
            drop(world);
            drop(object);
            // What the dying object still held when the heap ended goes by count, and it is a cycle.
            let ended = if by_finalizer { 2 } else { 3 };
            assert_eq!((log.fins(), log.drops()), (ended, ended));
        }
    }
}

#[test]
fn objects_without_size_are_tracked_by_the_thousand() {
    let heap = quiet_heap();
    let all: Vec<Gc<[Gc<u8>; 0]>> = (0..5000).map(|_| Gc::new_in(&heap, [])).collect();
    assert!(Gc::is_tracked(&all[0]));
    for object in &all {
        drop(object.clone());
    }
    assert_eq!(heap.collect_generation(Young).candidates, 5000);
    assert_eq!(heap.collect().candidates, 5000);
    assert_eq!(heap.collect().candidates, 0);
    let places: std::collections::HashSet<_> = all.iter().map(|gc| Gc::as_ptr(gc).addr()).collect();
    assert_eq!(places.len(), 5000, "each has a place of its own");
    drop(all);
    assert_eq!(heap.live_count(), 0);
}
