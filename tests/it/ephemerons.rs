//! Entries that are held by key and map together. Hunted: a key that its own value keeps, through
//! whatever entries; a value that goes while both its ends are alive; and a collection that looks at
//! entries more often than twice.

use gc_core::{WeakKeyMap, WeakSet};

use crate::support::*;
use crate::weak_containers::objects;

/// A value of a map with weak keys that holds handles.
#[derive(Trace, Default)]
pub(crate) struct Held(pub(crate) RefCell<Vec<Gc<Obj>>>);

impl Held {
    pub(crate) fn of(objects: &[&Gc<Obj>]) -> Self {
        Self(RefCell::new(objects.iter().map(|&object| object.clone()).collect()))
    }
}

// ---- ephemerons ------------------------------------------------------------------------------------

/// An object that has a map of its own.
#[derive(Trace, Default)]
pub(crate) struct Owner {
    pub(crate) map: WeakKeyMap<Obj, Held>,
    edges: RefCell<Vec<Gc<Obj>>>,
}

impl World {
    pub(crate) fn owner(&self) -> Gc<Owner> {
        Gc::new_in(&self.heap, Owner::default())
    }
}

#[test]
fn values_that_lead_to_their_keys_through_entries_of_other_maps_do_not_keep_them() {
    let world = World::quiet();
    let maps: [WeakKeyMap<Obj, Held>; 3] = Default::default();
    let keys = objects(&world, 0..30);
    for (n, key) in keys.iter().enumerate() {
        maps[n % 3].insert(key, Held::of(&[&keys[(n + 1) % 30]]));
    }
    let first = keys[0].clone();
    drop(keys);
    world.heap.collect();
    assert_eq!(world.log.drops(), 0, "all are reached from the first, key by key");
    drop(first);
    assert_eq!(world.heap.collect().collected, 30);
    assert!(maps.iter().all(WeakKeyMap::is_empty));
    world.finish(0..30, &[]);
}

#[test]
fn value_is_held_by_key_and_map_together() {
    // Whichever of the two goes, or both at once, the value goes; as long as both are there, it stays.
    for (key_goes, map_goes) in [(true, false), (false, true), (true, true)] {
        for collected_before in [true, false] {
            let world = World::quiet();
            let (owner, key, value) = (world.owner(), world.obj(1), world.self_cycle(2));
            // Both ends are cyclic as well, so that nothing goes by count.
            key.link(&key);
            let ring = world.obj(3);
            ring.link(&ring);
            owner.edges.borrow_mut().push(ring);
            value.link(&key);
            owner.map.insert(&key, Held::of(&[&value]));
            let weak = Gc::downgrade(&value);
            drop(value);
            if collected_before {
                world.heap.collect();
            }
            assert!(!weak.is_dead());
            let mut ends = (Some(key), Some(owner));
            if key_goes {
                ends.0 = None;
            }
            if map_goes {
                ends.1 = None;
            }
            world.heap.collect();
            assert!(weak.is_dead(), "key goes: {key_goes}, map goes: {map_goes}");
            drop(ends);
            world.heap.collect();
            world.finish(1..4, &[]);
        }
    }
}

#[test]
fn map_in_a_cycle_with_its_own_values_goes() {
    /// The value in a map leads to the map's owner.
    #[derive(Trace)]
    struct Hub {
        map: WeakKeyMap<Obj, Gc<Hub>>,
    }
    let world = World::quiet();
    let key = world.obj(1);
    let hub = Gc::new_in(&world.heap, Hub { map: WeakKeyMap::new() });
    hub.map.insert(&key, hub.clone());
    let weak = Gc::downgrade(&hub);
    world.heap.collect();
    drop(hub);
    assert_eq!(world.heap.collect().collected, 1, "the key is alive, and the map's owner garbage");
    assert!(weak.is_dead());
    assert_eq!(Gc::weak_count(&key), 0);
    drop(key);
    world.finish([1], &[]);
}

#[test]
fn map_in_the_value_of_another_map_is_reached_with_it() {
    #[derive(Trace)]
    struct Outer {
        map: WeakKeyMap<Obj, WeakKeyMap<Obj, Gc<Obj>>>,
    }
    let world = World::quiet();
    let (outer_key, inner_key, value) = (world.obj(1), world.obj(2), world.obj(3));
    value.link(&outer_key);
    value.link(&inner_key);
    let outer = Gc::new_in(&world.heap, Outer { map: WeakKeyMap::new() });
    let inner = WeakKeyMap::from([(&inner_key, value.clone())]);
    outer.map.insert(&outer_key, inner);
    drop(value);
    assert_eq!(world.heap.collect().collected, 0);
    assert_eq!(outer.map.get(&outer_key).expect("its key is held").len(), 1);
    drop(outer_key);
    // Held by the inner map's value, which is held by the inner map, which is held by the key itself.
    assert_eq!(world.heap.collect().collected, 2);
    assert_eq!(Gc::weak_count(&inner_key), 0);
    drop(inner_key);
    assert!(outer.map.is_empty());
    drop(outer);
    world.finish(1..4, &[]);
}

#[test]
fn key_of_a_leaf_type_that_its_value_holds_is_collected() {
    let heap = World::quiet().heap;
    let map = WeakKeyMap::<str, (Gc<str>, u8)>::new();
    for generation in [Generation::Young, Generation::Middle, Generation::Old] {
        let key = Gc::str_in(&heap, "a key");
        assert!(!Gc::is_tracked(&key));
        map.insert(&key, (key.clone(), 1));
        assert!(Gc::is_tracked(&key), "it leads somewhere now");
        assert_eq!(heap.objects().len(), 1);
        heap.collect();
        assert_eq!(map.len(), 1);
        if generation == Generation::Young {
            drop(key);
            assert_eq!(heap.collect().collected, 1);
        } else {
            // A suspect of partial collections stays one.
            drop(key.clone());
            heap.collect_generation(Generation::Middle);
            drop(key);
            heap.verify();
            assert_eq!(heap.collect().collected, 1);
        }
        assert!(map.is_empty());
        heap.assert_empty();
        heap.verify();
    }
}

#[test]
fn leaf_that_was_acquitted_is_looked_at_again_when_it_is_a_suspect_again() {
    let heap = World::quiet().heap;
    let map = WeakKeyMap::new();
    let leaf = Gc::new_in(&heap, 1_u8);
    map.insert(&leaf, leaf.clone());
    for _ in 0..2 {
        drop(leaf.clone());
        assert_eq!(heap.collect().candidates, 1);
        assert_eq!(heap.collect().candidates, 0);
    }
    drop(leaf);
    assert_eq!(heap.collect().collected, 1);
    heap.assert_empty();
}

#[test]
fn leaf_whose_entries_hold_no_handle_stays_a_leaf() {
    let heap = World::quiet().heap;
    let leaf = Gc::new_in(&heap, 1_u8);
    let (key, value, element) = (WeakKeyMap::new(), WeakValueMap::new(), WeakSet::new());
    key.insert(&leaf, 2_u64);
    value.insert("one".to_owned(), &leaf);
    element.insert(&leaf);
    assert!(!Gc::is_tracked(&leaf));
    drop(leaf);
    assert!(key.is_empty() && value.is_empty() && element.is_empty());
    heap.assert_empty();
}

#[test]
fn weak_value_whose_key_holds_it_is_collected() {
    #[derive(Trace, PartialEq, Eq, Hash)]
    struct Key(Gc<String>, u8);
    let heap = World::quiet().heap;
    let map = WeakValueMap::new();
    let value = Gc::new_in(&heap, "itself".to_owned());
    map.insert(Key(value.clone(), 1), &value);
    drop(value);
    assert_eq!(map.len(), 1);
    assert_eq!(heap.collect().collected, 1);
    assert!(map.is_empty());
    heap.assert_empty();
}

#[test]
fn entries_between_generations_are_found_at_last() {
    use Generation::{Middle, Young};
    // Each end may be older than the other; what is between them leads to both.
    for old_key in [true, false] {
        let world = World::quiet();
        let (first, second);
        let (key, owner);
        if old_key {
            first = world.obj(1);
            world.heap.collect();
            second = world.owner();
            (key, owner) = (first, second);
        } else {
            second = world.owner();
            world.heap.collect();
            first = world.obj(1);
            (key, owner) = (first, second);
        }
        let value = world.obj(2);
        value.link(&key);
        owner.map.insert(&key, Held::of(&[&value]));
        drop(value);
        world.heap.collect_generation(Young);
        assert_eq!(owner.map.len(), 1, "old key: {old_key}");
        drop(key);
        world.heap.collect_generation(Young);
        world.heap.collect_generation(Middle);
        world.heap.collect();
        assert!(owner.map.is_empty(), "old key: {old_key}");
        world.heap.verify();
        drop(owner);
        world.finish(1..3, &[]);
    }
}

#[test]
fn young_collection_frees_young_ephemerons() {
    let world = World::quiet();
    let map = WeakKeyMap::new();
    world.heap.collect();
    let key = world.obj(1);
    map.insert(&key, Held::of(&[&key]));
    drop(key);
    assert_eq!(world.heap.collect_generation(Generation::Young).collected, 1);
    world.finish([1], &[]);
}

#[test]
fn budget_that_runs_out_between_key_and_map_frees_nothing_that_is_in_use() {
    for objects_of_budget in 0..12 {
        let world = World::quiet();
        let (owner, held) = (world.owner(), world.obj(0));
        let keys = objects(&world, 1..6);
        for (n, key) in keys.iter().enumerate() {
            owner.map.insert(key, Held::of(&[&keys[(n + 1) % 5], &held]));
        }
        let first = keys[0].clone();
        drop(keys);
        for _ in 0..3 {
            world.heap.collect_within(Budget::objects(objects_of_budget));
        }
        first.check();
        assert_eq!(owner.map.len(), 5);
        drop(first);
        while !world.heap.collect_within(Budget::objects(100)).complete {}
        assert!(owner.map.is_empty());
        assert_eq!(Gc::strong_count(&held), 1);
        drop((owner, held));
        world.finish(0..6, &[]);
    }
}

#[test]
fn small_budgets_come_round_to_leaf_keys_and_large_objects() {
    for budget in 1..4 {
        let world = World::quiet();
        let (map, by_leaf) = (WeakKeyMap::new(), WeakKeyMap::new());
        for n in 0..10 {
            let (key, leaf) = (world.obj(n), Gc::str_in(&world.heap, "a key"));
            map.insert(&key, Held::of(&[&key]));
            by_leaf.insert(&leaf, leaf.clone());
            let large = Gc::new_in(&world.heap, (Slot::<Obj>::empty(), [0_u8; 20_000]));
            drop((key, leaf, large.clone()));
        }
        let alive = objects(&world, 100..110);
        alive.iter().for_each(|object| drop(object.clone()));
        // Each suspect leads to itself alone.
        for _ in 0..100 {
            world.heap.collect_within(Budget::objects(budget));
        }
        assert_eq!((map.len(), by_leaf.len()), (0, 0), "a budget of {budget}");
        drop(alive);
        world.finish(0..10, &[]);
    }
}

/// A value whose visit panics when it is told to, and that counts its visits.
#[derive(Default)]
struct Moody {
    panics: Rc<Cell<bool>>,
    visits: Rc<Cell<usize>>,
    next: Option<Gc<Obj>>,
}

// SAFETY: reports its one handle. It is asked for because of its panic.
unsafe impl Trace for Moody {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        assert!(!self.panics.get(), "a visit that panics");
        self.visits.set(self.visits.get() + 1);
        self.next.trace(tracer);
    }
}

#[test]
fn trace_of_a_value_that_panics_gives_the_collection_up_and_no_more() {
    let world = World::quiet();
    let errors = collect_errors(&world.heap);
    let map = WeakKeyMap::new();
    let key = world.obj(1);
    let panics = Rc::new(Cell::new(true));
    map.insert(&key, Moody { panics: panics.clone(), next: Some(key.clone()), ..Moody::default() });
    drop(key);
    for _ in 0..2 {
        assert_eq!(world.heap.collect().given_up, Some(GivenUp::TracePanicked));
        assert_eq!(map.len(), 1);
        world.heap.verify();
    }
    panics.set(false);
    assert_eq!(world.heap.collect().collected, 1);
    assert!(map.is_empty());
    assert_eq!(errors.take().len(), 2);
    world.finish([1], &[]);
}

/// A value whose visit does what a `Trace` must not do.
struct Meddling {
    key: Gc<Obj>,
    misdeed: Cell<Option<Box<dyn FnOnce()>>>,
}

// SAFETY: reports its one handle. What it does besides is what the test is about.
unsafe impl Trace for Meddling {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        if let Some(misdeed) = self.misdeed.take() {
            misdeed();
        }
        self.key.trace(tracer);
    }
}

#[test]
fn trace_of_a_value_that_meddles_with_maps_or_heaps_is_noticed() {
    let world = World::quiet();
    let _errors = collect_errors(&world.heap);
    let other = World::quiet();
    let elsewhere = Rc::new(WeakKeyMap::<Obj, Held>::new());
    let map = Rc::new(WeakKeyMap::<Obj, Meddling>::new());
    let kept = world.obj(0);
    type Misdeed<'a> = Box<dyn Fn() -> Box<dyn FnOnce()> + 'a>;
    let misdeeds: [Misdeed<'_>; 4] = [
        // The map that is traced; by its key, since it is on the stack.
        Box::new(|| {
            let map = map.clone();
            Box::new(move || map.clear())
        }),
        Box::new(|| {
            let (map, kept) = (map.clone(), kept.clone());
            let meddling = Meddling { key: kept.clone(), misdeed: Cell::new(None) };
            Box::new(move || drop(map.insert(&kept, meddling)))
        }),
        Box::new(|| {
            let (map, key) = (map.clone(), map.keys().next().map(|key| Gc::downgrade(&key)));
            Box::new(move || drop(key.and_then(|key| map.remove(&key.upgrade()?))))
        }),
        // Another heap, whose marks would meet those of this one.
        Box::new(|| {
            let (heap, elsewhere) = (other.heap.clone(), elsewhere.clone());
            let foreign = other.obj(1);
            elsewhere.insert(&foreign, Held::of(&[&foreign]));
            drop(foreign);
            Box::new(move || {
                assert_eq!(heap.collect().given_up, Some(GivenUp::TraceMisbehaved));
                panic!("so much for that");
            })
        }),
    ];
    for (number, misdeed) in (10..).zip(misdeeds) {
        let key = world.obj(number);
        let meddling = Meddling { key: key.clone(), misdeed: Cell::new(None) };
        map.insert(&key, meddling);
        map.get(&key).expect("it was put in").misdeed.set(Some(misdeed()));
        drop(key);
        let report = world.heap.collect();
        assert!(report.given_up.is_some() && report.collected == 0, "misdeed {number}");
        world.heap.collect();
        assert_eq!(
            (map.len(), elsewhere.len()),
            (0, usize::from(number == 13)),
            "misdeed {number}"
        );
    }
    assert_eq!(other.heap.collect().collected, 1);
    drop(kept);
    world.finish(0..1, &[]);
    other.finish([1], &[]);
}

#[test]
fn chain_of_entries_that_enable_each_other_is_followed_once() {
    const LENGTH: u32 = many(100_000) as u32;
    let world = World::quiet();
    let visits = Rc::new(Cell::new(0));
    let map = WeakKeyMap::new();
    let keys = objects(&world, 0..LENGTH);
    for (n, key) in keys.iter().enumerate() {
        let next = keys.get(n + 1).cloned();
        map.insert(key, Moody { visits: visits.clone(), next, ..Moody::default() });
    }
    // In the order that is worst for repeated scans: the last key was suspected first.
    let first = keys[0].clone();
    keys.into_iter().rev().for_each(drop);
    assert_eq!(world.heap.collect().candidates, LENGTH as usize);
    assert_eq!(map.len(), LENGTH as usize);
    assert_eq!(visits.get(), 2 * LENGTH as usize, "once in each pass");
    drop(first);
    assert!(map.is_empty(), "the chain goes by count");
    world.log.take();
    world.finish([], &[]);
}

#[test]
fn chain_of_maps_that_enable_each_other_is_followed_once() {
    // Each map's only entry leads to the owner of the next; all have the same key.
    #[derive(Trace)]
    struct Link(WeakKeyMap<String, Moody2>);
    #[derive(Trace)]
    struct Moody2(Option<Gc<Link>>, #[trace(skip)] ());
    const LENGTH: usize = many(20_000);
    let heap = World::quiet().heap;
    let key = Gc::new_in(&heap, String::new());
    let mut next = None;
    for _ in 0..LENGTH {
        let link = Gc::new_in(&heap, Link(WeakKeyMap::new()));
        link.0.insert(&key, Moody2(next.replace(link.clone()), ()));
    }
    let first = next.clone();
    drop(next);
    drop(key.clone());
    assert_eq!(heap.collect().candidates, LENGTH + 1);
    assert_eq!(Gc::weak_count(&key), LENGTH);
    drop(key);
    assert_eq!(
        heap.live_count(),
        1,
        "with the key all entries go, and with them all but the first"
    );
    drop(first);
    heap.assert_empty();
}

#[test]
fn frozen_keys_and_maps_count_as_alive_until_they_are_thawed() {
    for frozen_key in [true, false] {
        let world = World::quiet();
        let (early, late);
        let key;
        let owner;
        if frozen_key {
            early = world.obj(1);
            world.heap.freeze();
            late = world.owner();
            (key, owner) = (early, late);
        } else {
            late = world.owner();
            world.heap.freeze();
            early = world.obj(1);
            (key, owner) = (early, late);
        }
        let value = world.obj(2);
        value.link(&key);
        owner.map.insert(&key, Held::of(&[&value]));
        drop((value, key));
        world.heap.collect();
        assert_eq!(owner.map.len(), usize::from(frozen_key), "frozen key: {frozen_key}");
        world.heap.unfreeze();
        world.heap.collect();
        assert!(owner.map.is_empty());
        drop(owner);
        world.finish(1..3, &[]);
    }
}

#[test]
fn frozen_leaf_key_is_left_alone_until_it_is_thawed() {
    let heap = World::quiet().heap;
    let map = WeakKeyMap::new();
    let key = Gc::str_in(&heap, "a key");
    map.insert(&key, key.clone());
    heap.freeze();
    assert_eq!(heap.frozen_count(), 1);
    drop(key);
    assert_eq!(heap.collect().collected, 0);
    heap.verify();
    heap.unfreeze();
    heap.verify();
    assert_eq!(heap.collect().collected, 1);
    assert!(map.is_empty());
}

#[test]
fn key_in_another_heap_than_its_map_is_collected_where_it_lives() {
    let (here, there) = (World::quiet(), World::quiet());
    let owner = here.owner();
    let key = there.obj(1);
    owner.map.insert(&key, Held::of(&[&key]));
    drop(key);
    assert_eq!(here.heap.collect().collected, 0);
    assert_eq!(owner.map.len(), 1);
    assert_eq!(there.heap.collect().collected, 1);
    assert!(owner.map.is_empty());

    // The other way round: the key lives on, the map is garbage with what it leads to.
    let key = there.obj(2);
    let value = here.self_cycle(3);
    owner.map.insert(&key, Held::of(&[&value]));
    drop(value);
    here.heap.collect();
    assert_eq!(here.log.drops(), 0);
    drop(owner);
    assert_eq!(here.heap.collect().collected, 1);
    assert_eq!(Gc::weak_count(&key), 0);

    // Round both heaps: an edge between heaps counts as held from outside, as everywhere.
    let map = WeakKeyMap::new();
    let value = here.obj(4);
    value.link(&key);
    map.insert(&key, Held::of(&[&value]));
    drop((key, value));
    assert_eq!(here.heap.collect().collected + there.heap.collect().collected, 0);
    map.clear();
    here.finish([3, 4], &[]);
    there.finish([1, 2], &[]);
}

// ---- finalizers ------------------------------------------------------------------------------------

#[test]
fn key_that_its_finalizer_brings_back_keeps_its_entry() {
    for cyclic in [true, false] {
        let world = World::quiet();
        let map = Rc::new(WeakKeyMap::new());
        let saved: Rc<RefCell<Option<Gc<Obj>>>> = Rc::default();
        let key = if cyclic { world.self_cycle(1) } else { world.obj(1) };
        let value = world.obj(2);
        map.insert(&key, Held::of(&[&value]));
        drop(value);
        let (save, seen) = (saved.clone(), map.clone());
        key.on_finalize(move |me| {
            assert_eq!(seen.len(), 1);
            assert_eq!(seen.get(me).expect("all is whole").0.borrow()[0].n, 2);
            *save.borrow_mut() = Some(me.clone());
        });
        drop(key);
        world.heap.collect();
        let key = saved.take().expect("it came back");
        assert_eq!(map.get(&key).expect("its entry is there").0.borrow()[0].n, 2);
        key.cut();
        drop(key);
        world.heap.collect();
        assert!(map.is_empty());
        world.finish(1..3, &[]);
    }
}

#[test]
fn finalizer_of_a_key_may_put_take_and_replace_entries() {
    for cyclic in [true, false] {
        let world = World::quiet();
        let map = Rc::new(WeakKeyMap::new());
        let others = objects(&world, 10..13);
        let key = if cyclic { world.self_cycle(1) } else { world.obj(1) };
        map.insert(&key, Held::of(&[&key]));
        map.insert(&others[0], Held::default());
        let (table, inside) = (map.clone(), others.clone());
        key.on_finalize(move |me| {
            drop(table.remove(&inside[0]));
            table.insert(&inside[1], Held::default());
            drop(table.insert(me, Held::of(&[me, &inside[2]])));
        });
        drop(key);
        world.heap.collect();
        assert_eq!(map.len(), 1, "one of the others");
        assert!(map.contains_key(&others[1]));
        assert_eq!(Gc::strong_count(&others[2]), 1);
        drop(others);
        assert!(map.is_empty());
        world.finish([1, 10, 11, 12], &[]);
    }
}

#[test]
fn entry_that_is_taken_by_the_drop_of_a_neighbour_is_gone_and_no_more() {
    // In the same sweep: the drop of one value clears the map from which others are going.
    let world = World::quiet();
    let map = Rc::new(WeakKeyMap::new());
    let ring = world.ring(0, 8);
    for object in &ring {
        map.insert(object, Held::of(&[object]));
    }
    let (table, stranger) = (map.clone(), world.obj(9));
    let kept = stranger.clone();
    ring[3].on_drop(move || {
        assert_eq!(table.len(), 0, "all of the ring are dead at once");
        assert!(table.iter().next().is_none());
        table.insert(&kept, Held::default());
        table.clear();
        table.insert(&kept, Held::of(&[&kept]));
    });
    drop(ring);
    assert_eq!(world.heap.collect().collected, 8);
    assert_eq!(map.len(), 1);
    map.clear();
    drop(stranger);
    world.finish((0..8).chain([9]), &[]);
}

#[test]
fn leaf_keys_leave_the_suspects_in_any_order_and_take_no_other_with_them() {
    for first in 0..3 {
        let world = World::quiet();
        let map: WeakKeyMap<u8, RefCell<Vec<Gc<u8>>>> = WeakKeyMap::new();
        let mut keys: Vec<_> = (0..3).map(|n| Gc::new_in(&world.heap, n)).collect();
        for key in &keys {
            map.insert(key, RefCell::default());
            drop(key.clone()); // a suspect from now on
        }
        drop(keys.remove(first));
        world.heap.verify();
        assert_eq!(map.len(), 2);
        for key in &keys {
            map.get(key).expect("it is held").borrow_mut().push(key.clone());
        }
        drop(keys);
        world.heap.collect();
        assert!(map.is_empty(), "the others were suspects still");
        world.finish([], &[]);
    }
}

/// What a judgement has taken the marks from gets them back when it is given up; but this key was marked
/// meanwhile.
#[test]
fn leaf_key_that_a_trace_lets_go_of_is_a_suspect_once() {
    struct Careless {
        key: Gc<String>,
        me: Slot<Careless>,
        is_careless: Cell<bool>,
    }
    // SAFETY: none: it lets go of a handle, for the test of what becomes of that.
    unsafe impl Trace for Careless {
        fn trace(&self, tracer: &mut Tracer<'_>) {
            if self.is_careless.get() {
                drop(self.key.clone());
            }
            self.key.trace(tracer);
            self.me.trace(tracer);
        }
    }
    let world = World::quiet();
    let map: WeakKeyMap<String, Slot<Careless>> = WeakKeyMap::new();
    let key = Gc::new_in(&world.heap, "key".to_owned());
    map.insert(&key, Slot::empty());
    let careless = Careless { key, me: Slot::empty(), is_careless: Cell::new(true) };
    let careless = Gc::new_in(&world.heap, careless);
    careless.me.set(Some(careless.clone()));
    let weak = Gc::downgrade(&careless);
    drop(careless);
    assert_eq!(world.heap.collect().given_up, Some(GivenUp::TraceMisbehaved));
    world.heap.verify();
    weak.upgrade().expect("it was not judged").is_careless.set(false);
    world.heap.collect();
    assert!(weak.is_dead() && map.is_empty());
    world.finish([], &[]);
}

#[test]
fn value_in_a_map_in_a_value_is_held_by_all_of_its_ends_together() {
    type Inner = WeakKeyMap<Obj, Held>;
    #[derive(Trace, Default)]
    struct Outer(WeakKeyMap<Obj, Inner>);
    /// Reached together, whichever of them is looked at first.
    #[derive(Trace)]
    struct Ends {
        before: Slot<Obj>,
        owner: Slot<Outer>,
        after: Slot<Obj>,
        inner_key: Slot<Obj>,
    }

    for key_is_before in [true, false] {
        for end_that_goes in 0..3 {
            let world = World::quiet();
            let (key, inner_key, value) = (world.obj(1), world.obj(2), world.self_cycle(3));
            let owner = Gc::new_in(&world.heap, Outer::default());
            let inner = Inner::new();
            inner.insert(&inner_key, Held::of(&[&value]));
            owner.0.insert(&key, inner);
            let weak = Gc::downgrade(&value);
            drop((owner.clone(), key.clone(), inner_key.clone(), value)); // suspects, all of them
            let (before, after) = if key_is_before { (Some(key), None) } else { (None, Some(key)) };
            let (before, after) = (before.into(), after.into());
            let ends = Ends { before, owner: owner.into(), after, inner_key: inner_key.into() };
            let ends = Gc::new_in(&world.heap, ends);
            drop(ends.clone());
            world.heap.collect();
            assert!(!weak.is_dead(), "all ends are there");
            match end_that_goes {
                0 => ends.owner.set(None),
                1 => ends.inner_key.set(None),
                _ => {
                    ends.before.set(None);
                    ends.after.set(None);
                }
            }
            world.heap.collect();
            assert!(weak.is_dead(), "end {end_that_goes} has gone");
            drop(ends);
            world.finish(1..4, &[]);
        }
    }
}

#[test]
fn map_that_a_trace_reports_twice_is_looked_into_once() {
    struct Twice(WeakKeyMap<Obj, Held>, Slot<Twice>);
    // SAFETY: none: it reports its map twice, for the test of what becomes of that.
    unsafe impl Trace for Twice {
        fn trace(&self, tracer: &mut Tracer<'_>) {
            self.0.trace(tracer);
            self.0.trace(tracer);
            self.1.trace(tracer);
        }
    }
    let world = World::quiet();
    let (key, value) = (world.obj(1), world.self_cycle(2));
    let twice = Gc::new_in(&world.heap, Twice(WeakKeyMap::new(), Slot::empty()));
    twice.0.insert(&key, Held::of(&[&value]));
    twice.1.set(Some(twice.clone()));
    let weak = Gc::downgrade(&value);
    drop((key.clone(), value)); // suspects
    assert_eq!(world.heap.collect().given_up, None, "no handle was reported more than once");
    assert!(!weak.is_dead());
    drop(twice);
    world.heap.collect();
    assert!(weak.is_dead());
    drop(key);
    world.finish([1, 2], &[]);
}
