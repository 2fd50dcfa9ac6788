//! Looking inside a heap: who holds whom, what there is (conformance group INS). Hunted: a look that
//! changes what it looks at, and objects listed twice, never, or half dead.

use std::collections::{BTreeMap, HashSet};

use crate::support::*;
use Generation::{Middle, Old, Young};

#[derive(Trace)]
struct Table {
    list: Vec<Gc<Obj>>,
    map: BTreeMap<char, Gc<Obj>>,
}

#[test]
fn ins_01_referents() {
    let world = World::quiet();
    let [x, y, z] = [1, 2, 3].map(|n| world.obj(n));
    let table = Table {
        list: vec![x.clone(), y.clone(), x.clone()],
        map: BTreeMap::from([('k', z.clone())]),
    };
    let table = Gc::new_in(&world.heap, table);
    let text = Gc::new_in(&world.heap, "text".to_owned());
    let holder = Gc::new_in(&world.heap, (text.clone(), 5));

    let numbers = |referents: Vec<AnyGc>| {
        let mut numbers: Vec<_> =
            referents.into_iter().map(|any| any.downcast::<Obj>().expect("an Obj").n).collect();
        numbers.sort_unstable();
        numbers
    };
    assert_eq!(numbers(Gc::referents(&table)), [1, 1, 2, 3]);
    assert!(Gc::referents(&x).is_empty());
    let [string] = <[_; 1]>::try_from(Gc::referents(&holder)).expect("one referent");
    assert!(Gc::ptr_eq(&string.downcast::<String>().expect("the string"), &text));

    // Of several at once: they are lists, so they are chained.
    let several = [AnyGc::from(table.clone()), AnyGc::from(x.clone()), AnyGc::from(table.clone())];
    let all: Vec<_> = several.iter().flat_map(AnyGc::referents).collect();
    assert_eq!(numbers(all), [1, 1, 1, 1, 2, 2, 3, 3]);
    drop((several, table, holder, text, x, y, z));
    world.finish(1..4, &[]);
}

#[test]
fn ins_02_referrers() {
    let world = World::quiet();
    let [x, p, q, other] = [1, 2, 3, 4].map(|n| world.obj(n));
    p.link(&x);
    p.link(&x);
    q.link(&x);
    other.link(&p);

    let referrers = world.heap.referrers(&x);
    let found: Vec<_> =
        referrers.iter().cloned().map(|any| any.downcast::<Obj>().expect("an Obj").n).collect();
    assert_eq!(found.len(), 2);
    assert_eq!(HashSet::<u32>::from_iter(found), HashSet::from([2, 3]));
    // They are strong: what they show outlives the last handle of the test.
    drop((p, q));
    other.cut();
    assert_eq!(world.log.events(), []);
    drop(referrers);
    assert_eq!(world.log.drops(), 2);
    assert!(world.heap.referrers(&x).is_empty());
    drop((x, other));
    world.finish(1..5, &[]);
}

#[test]
fn what_is_lent_exclusively_is_nobodys_referrer() {
    let world = World::quiet();
    let x = world.obj(1);
    let mut holder = Gc::new_in(&world.heap, vec![x.clone()]);
    assert_eq!(world.heap.referrers(&x).len(), 1);
    let guard = Gc::get_mut(&mut holder).expect("the only handle");
    assert!(world.heap.referrers(&x).is_empty(), "nobody else may look at the list now");
    drop(guard);
    assert_eq!(world.heap.referrers(&x).len(), 1);
    drop((holder, x));
    world.finish([1], &[]);
}

#[test]
fn an_identity_is_plain_data() {
    #[derive(Trace)]
    struct Named {
        id: gc_core::ObjectId,
        object: Gc<Obj>,
    }
    let world = World::quiet();
    let object = world.obj(1);
    let id = Gc::id(&object);
    assert!(!Gc::is_tracked(&Gc::new_in(&world.heap, id)));
    let named = Gc::new_in(&world.heap, Named { id, object });
    assert_eq!(Gc::referents(&named).len(), 1, "the identity leads nowhere");
    assert_eq!(Gc::id(&named.object), named.id);
    drop(named);
    world.finish([1], &[]);
}

thread_local! {
    static ANSWERED: Cell<Option<bool>> = const { Cell::new(None) };
}

/// Answers as `T` does, and notes the answer.
struct Asked<T>(T);

// SAFETY: reports what its one part reports; has no `Drop`.
unsafe impl<T: Trace> Trace for Asked<T> {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.0.trace(tracer);
    }

    fn may_hold_gc(depth: Depth) -> bool {
        let answer = T::may_hold_gc(depth);
        ANSWERED.set(Some(answer));
        answer
    }
}

#[derive(Trace)]
struct Plain {
    number: u64,
    text: String,
}

#[derive(Trace)]
struct Cyclic {
    next: RefCell<Option<Gc<Self>>>,
}

#[test]
fn ins_03_is_tracked_table() {
    fn assert_tracked<T: Trace>(heap: &Heap, tracked: bool, make: impl Fn() -> T) {
        let name = std::any::type_name::<T>();
        let object = Gc::new_in(heap, make());
        assert_eq!(Gc::is_tracked(&object), tracked, "{name}");
        assert_eq!(AnyGc::from(object).is_tracked(), tracked, "{name}");
        ANSWERED.set(None);
        let asked = Gc::new_in(heap, Asked(make()));
        assert_eq!(Gc::is_tracked(&asked), tracked, "{name}");
        assert_eq!(ANSWERED.get(), Some(tracked), "{name}");
    }
    let world = World::quiet();
    let heap = &world.heap;
    assert_tracked(heap, false, || 5_u64);
    assert_tracked(heap, false, || "text".to_owned());
    assert_tracked(heap, false, || vec![1_u8]);
    assert_tracked(heap, false, || Plain { number: 5, text: "text".into() });
    assert_tracked(heap, true, || Cyclic { next: RefCell::default() });
    assert_tracked(heap, true, || Gc::new_in(heap, "text".to_owned()));
    let plain = Plain { number: 5, text: "text".into() };
    assert_eq!((plain.number, plain.text.as_str()), (5, "text"));
    assert!(Cyclic { next: RefCell::default() }.next.borrow().is_none());
    world.finish([], &[]);
}

#[test]
fn ins_04_objects_lists_everything_but_itself() {
    let world = World::quiet();
    let leaves = [1, 2].map(|number| Gc::new_in(&world.heap, number));
    let mut known = Vec::new();
    for (n, generation) in [(1, Old), (2, Middle), (3, Young)] {
        known.push(world.obj(n));
        world.heap.collect_generation(generation);
    }
    known.push(world.self_cycle(4));
    let ids = |objects: &[AnyGc]| {
        let ids: HashSet<_> = objects.iter().map(AnyGc::id).collect();
        assert_eq!(ids.len(), objects.len(), "each is listed once");
        ids
    };
    let expected: HashSet<_> = known.iter().map(Gc::id).collect();

    let all = world.heap.objects();
    assert_eq!(ids(&all), expected);
    let by_generation: Vec<_> =
        [Young, Middle, Old].into_iter().flat_map(|g| world.heap.objects_in(g)).collect();
    assert_eq!(ids(&by_generation), expected);
    assert_eq!(world.heap.live_count(), known.len() + leaves.len(), "the lists are no objects");
    // That an invalid generation cannot be written, the type of the argument says.
    drop((all, by_generation, known, leaves));
    world.finish(1..5, &[]);
}

#[test]
fn ins_05_strong_count_is_exact() {
    let world = World::quiet();
    let a = world.obj(1);
    assert_eq!(Gc::strong_count(&a), 1);
    let clone = a.clone();
    assert_eq!(Gc::strong_count(&a), 2);
    let other = world.obj(2);
    other.link(&a);
    assert_eq!(Gc::strong_count(&a), 3);
    let weak = Gc::downgrade(&a);
    assert_eq!(Gc::strong_count(&a), 3);
    assert_eq!((weak.strong_count(), Gc::strong_count(&clone)), (3, 3), "reading changes nothing");
    drop((a, clone, other, weak));
    world.finish([1, 2], &[]);
}

/// The heap pins what it is about to finalize. The pin is not the user's.
#[test]
fn the_heaps_pins_do_not_show_in_a_finalizer() {
    let world = World::quiet();
    let counts = Rc::new(RefCell::new(Vec::new()));
    for (n, cyclic) in [(1, false), (2, true)] {
        let object = if cyclic { world.self_cycle(n) } else { world.obj(n) };
        let seen = counts.clone();
        object.on_finalize(move |object| seen.borrow_mut().push(Gc::strong_count(object)));
    }
    world.heap.collect();
    // Each is held by the handle that the closure is lent; the second by itself as well.
    assert_eq!(counts.take(), [1, 2]);
    world.finish([1, 2], &[]);
}

#[test]
fn listing_changes_no_generation_and_no_flag() {
    let world = World::quiet();
    let object = world.obj(1);
    world.heap.collect_generation(Young);
    let counts = world.heap.counts();
    drop((world.heap.objects(), world.heap.referrers(&object), Gc::referents(&object)));
    assert_eq!(world.heap.counts(), counts);
    assert_eq!(Gc::generation(&object), Middle);
    assert!(!Gc::is_finalized(&object));
    assert_eq!(Gc::strong_count(&object), 1);
    drop(object);
    world.finish([1], &[]);
}

/// Objects are gathered before any user code runs, so the closure may do what it likes.
#[test]
fn for_each_object_may_change_the_heap() {
    let world = World::quiet();
    drop(world.ring(1, 50));
    let mut seen = 0;
    world.heap.for_each_object(|object| {
        seen += 1;
        let object = object.downcast::<Obj>().expect("an Obj");
        object.check();
        object.cut();
        world.heap.collect();
        drop(world.obj(100 + seen));
    });
    assert_eq!(seen, 50);
    world.finish((1..51).chain(101..151), &[]);
}

#[test]
fn heap_verifies_in_the_middle_of_a_death_and_of_a_sweep() {
    /// Verifies its heap when it is dropped.
    #[derive(Trace)]
    struct Verifies {
        edges: RefCell<Vec<Gc<Verifies>>>,
        #[trace(skip)]
        _on_drop: OnDrop,
    }
    let heap = quiet_heap();
    let verified = Rc::new(Cell::new(0));
    let make = || {
        let (inner, verified) = (heap.clone(), verified.clone());
        let on_drop = OnDrop::new(move || {
            inner.verify();
            verified.set(verified.get() + 1);
        });
        Gc::new_in(&heap, Verifies { edges: RefCell::default(), _on_drop: on_drop })
    };
    // By count: a head, and two that wait for their turn.
    let head = make();
    head.edges.borrow_mut().extend([make(), make()]);
    drop(head);
    assert_eq!(verified.replace(0), 3);
    // By sweep, each held by the other two.
    let ring = [make(), make(), make()];
    for one in &ring {
        one.edges.borrow_mut().extend(ring.iter().cloned());
    }
    drop(ring);
    assert_eq!(heap.collect().collected, 3);
    assert_eq!(verified.get(), 3);
}

#[test]
fn live_bytes_are_those_of_the_slots_of_living_objects() {
    let heap = quiet_heap();
    assert_eq!((heap.stats().live_bytes, heap.stats().live_objects), (0, 0));
    // A header of 16 bytes and the value, in steps of 8; a slice has a word more, for its length.
    let numbers: Vec<_> = (0_u64..1000).map(|n| Gc::new_in(&heap, n)).collect();
    assert_eq!((heap.stats().live_bytes, heap.stats().live_objects), (1000 * 24, 1000));
    let slots: Vec<_> =
        (0..10).map(|_| Gc::new_in(&heap, [const { Slot::<u8>::empty() }; 3])).collect();
    assert_eq!(heap.stats().live_bytes, 1000 * 24 + 10 * 40);
    let text = Gc::str_in(&heap, "12 bytes: é");
    let big = Gc::new_in(&heap, [0_u8; 100_000]);
    assert_eq!(heap.stats().live_bytes, 1000 * 24 + 10 * 40 + 40 + 100_016);
    drop((numbers, big));
    assert_eq!((heap.stats().live_bytes, heap.stats().live_objects), (10 * 40 + 40, 11));
    drop((slots, text));
    assert_eq!((heap.stats().live_bytes, heap.stats().live_objects), (0, 0));
}

/// How many bytes of pages come to 10,000 numbers of which each `gap`-th goes, if 1,000 others follow.
fn page_bytes_more_with_gaps(gap: u64) -> usize {
    let heap = quiet_heap();
    let mut numbers: Vec<_> = (0..10_000).map(|n| Gc::new_in(&heap, n)).collect();
    let before = heap.stats().page_bytes;
    numbers.retain(|n: &Gc<u64>| !(**n).is_multiple_of(gap));
    heap.verify();
    numbers.extend((0..1000).map(|n| Gc::new_in(&heap, n)));
    heap.verify();
    heap.stats().page_bytes - before
}

#[test]
fn a_page_that_ran_full_is_used_again_when_more_than_an_eighth_of_its_objects_is_gone() {
    assert_eq!(page_bytes_more_with_gaps(7), 0);
    assert!(page_bytes_more_with_gaps(10) > 0);
}

#[test]
fn page_bytes_are_those_of_the_pages_that_hold_objects() {
    const PAGE: usize = 16 << 10;
    let heap = quiet_heap();
    assert_eq!(heap.stats().page_bytes, 0);
    let one = Gc::new_in(&heap, 1_u64);
    assert_eq!(heap.stats().page_bytes, PAGE);
    let tracked = Gc::new_in(&heap, Slot::<u8>::empty());
    assert_eq!(heap.stats().page_bytes, 2 * PAGE, "leaves and others lie on pages of their own");
    let many: Vec<_> = (0_u64..10_000).map(|n| Gc::new_in(&heap, n)).collect();
    let most = heap.stats().page_bytes;
    assert!((PAGE + 240_000..PAGE + 260_000).contains(&most), "{most}");
    // A page of its own, which goes with the object.
    let big = Gc::new_in(&heap, [0_u8; 100_000]);
    let with_big = heap.stats().page_bytes - most;
    let beside = with_big - 100_000;
    assert!(beside < PAGE + 256, "its header, the page's, and what aligns it: {beside}");
    drop(big);
    assert_eq!(heap.stats().page_bytes, most);
    // All others go but those that are allocated from.
    drop(many);
    assert!(heap.stats().page_bytes <= 3 * PAGE, "{}", heap.stats().page_bytes);
    drop((one, tracked));
    let _ = heap.shutdown();
    assert_eq!(heap.stats().page_bytes, 0);
}
