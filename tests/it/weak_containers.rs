//! Weak containers: maps, sets and interners whose entries go with their members. Hunted here: an entry
//! that outlives its member or goes without it, a length that is wrong for a moment, a cycle through an
//! entry that nobody finds, and user code (`Hash`, `Eq`, drops, finalizers, closures) that changes a
//! container under its own feet.

use std::hash::{BuildHasherDefault, DefaultHasher, Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};

use gc_core::weak_value_map::Entry;
use gc_core::{AnyGc, Interner, WeakKeyMap, WeakSet};

use crate::ephemerons::Held;
use crate::support::*;

/// The number by which a member is told from others.
fn numbers<'a>(objects: impl IntoIterator<Item = &'a Gc<Obj>>) -> Vec<u32> {
    let mut numbers: Vec<_> = objects.into_iter().map(|object| object.n).collect();
    numbers.sort_unstable();
    numbers
}

/// Objects with these numbers, held.
pub(crate) fn objects(world: &World, numbers: impl IntoIterator<Item = u32>) -> Vec<Gc<Obj>> {
    numbers.into_iter().map(|n| world.obj(n)).collect()
}

// ---- the conformance cases -------------------------------------------------------------------------

#[test]
fn wc_01_weak_map_basics() {
    let world = World::quiet();
    let mut held = objects(&world, 0..10);
    let by_number: WeakValueMap<u32, Obj> = held.iter().map(|object| (object.n, object)).collect();
    let numbered: WeakKeyMap<Obj, u32> = held.iter().map(|object| (object, object.n)).collect();
    for object in &held {
        let found = by_number.get(&object.n).expect("it is held");
        assert!(Gc::ptr_eq(&found, object) && by_number.contains_key(&object.n));
        assert_eq!(*numbered.get(object).expect("it is held"), object.n);
        assert!(numbered.contains_key(object));
        assert_eq!(Gc::weak_count(object), 2, "one for each map");
    }
    assert_eq!(numbers(&by_number.values().collect::<Vec<_>>()), Vec::from_iter(0..10));
    assert_eq!(numbers(&numbered.keys().collect::<Vec<_>>()), Vec::from_iter(0..10));
    assert!(by_number.iter().all(|(key, value)| *key == value.n));
    assert!(numbered.iter().all(|(key, value)| *value == key.n));

    let clones = (by_number.clone(), numbered.clone());
    assert_eq!(Gc::weak_count(&held[0]), 4);
    drop(clones);
    assert_eq!(Gc::weak_count(&held[0]), 2);
    let views = (Vec::from_iter(by_number.weak_values()), Vec::from_iter(numbered.weak_keys()));
    assert_eq!((views.0.len(), views.1.len()), (10, 10));
    assert_eq!(Gc::strong_count(&held[0]), 1, "weak views hold nothing");
    drop(views);

    let gone = held.pop().expect("there are ten");
    drop(gone);
    assert_eq!((by_number.len(), numbered.len()), (9, 9));
    assert!(by_number.get(&9).is_none() && by_number.get(&100).is_none());
    let brief = world.obj(10);
    by_number.insert(10, &brief);
    numbered.insert(&brief, 10);
    drop(brief);
    assert!(by_number.get(&10).is_none());
    let stranger = world.obj(11);
    assert!(numbered.get(&stranger).is_none());
    drop((held, stranger));
    assert_eq!((by_number.len(), numbered.len()), (0, 0));
    assert!(by_number.is_empty() && numbered.is_empty());

    // The value goes with the key, at once.
    let log = world.log.clone();
    let key = world.obj(12);
    let probes = WeakKeyMap::new();
    probes.insert(&key, OnDrop::new(move || log.push(Dead(12))));
    world.log.take();
    drop(key);
    assert_eq!(world.log.take(), [Fin(12), Dropped(12), Dead(12)]);
    world.finish([], &[]);
}

#[test]
fn wc_02_cyclic_keys_and_values_vanish() {
    let world = World::quiet();
    let by_number = WeakValueMap::new();
    let numbered = WeakKeyMap::new();
    let set = WeakSet::new();
    let held: Vec<_> = (0..20).map(|n| world.self_cycle(n)).collect();
    for object in &held {
        by_number.insert(object.n, object);
        numbered.insert(object, Held::of(&[object]));
        set.insert(object);
    }
    let mut walks = (by_number.iter(), numbered.iter(), set.iter());
    let first = (walks.0.next(), walks.1.next(), walks.2.next());
    drop(held);
    world.heap.collect();
    for len in [by_number.len(), numbered.len(), set.len()] {
        assert!((1..=3).contains(&len), "the first step of each walk may be held: {len}");
    }
    drop(first);
    world.heap.collect();
    assert_eq!((by_number.len(), numbered.len(), set.len()), (0, 0, 0));
    assert!(walks.0.next().is_none() && walks.1.next().is_none() && walks.2.next().is_none());
    world.finish(0..20, &[]);
}

#[test]
fn wc_03_member_dies_while_iterating() {
    let world = World::quiet();
    for walk in 0..6 {
        let held = RefCell::new(objects(&world, 0..10));
        let by_number: WeakValueMap<u32, Obj> =
            held.borrow().iter().map(|object| (object.n, object)).collect();
        let numbered: WeakKeyMap<Obj, u32> =
            held.borrow().iter().map(|object| (object, object.n)).collect();
        let mut steps: Box<dyn Iterator<Item = u32>> = match walk {
            0 => Box::new(by_number.iter().map(|(key, value)| {
                assert_eq!(*key, value.n);
                value.n
            })),
            1 => Box::new(by_number.values().map(|value| value.n)),
            2 => Box::new(by_number.weak_values().map(|weak| weak.upgrade().expect("alive").n)),
            3 => Box::new(numbered.iter().map(|(key, value)| {
                assert_eq!(*value, key.n);
                key.n
            })),
            4 => Box::new(numbered.keys().map(|key| key.n)),
            _ => Box::new(numbered.weak_keys().map(|weak| weak.upgrade().expect("alive").n)),
        };
        let mut seen = vec![steps.next().expect("there are ten")];
        let victim = held.borrow().iter().position(|object| object.n != seen[0]);
        let victim = held.borrow_mut().swap_remove(victim.expect("there are others"));
        let number = victim.n;
        drop(victim);
        seen.extend(steps);
        assert!(!seen.contains(&number), "the dead are not shown");
        assert_eq!(seen.len(), 9);
        assert_eq!((by_number.len(), numbered.len()), (9, 9));
    }
    world.log.take();
    world.finish([], &[]);
}

#[test]
fn wc_04_old_value_does_not_remove_new_value() {
    let world = World::quiet();
    let map = WeakValueMap::new();
    let old = world.self_cycle(1);
    let new = world.obj(2);
    map.insert(10, &old);
    drop(old);
    assert_eq!(map.insert(10, &new).map(|old| old.n), Some(1));
    world.heap.collect();
    assert_eq!(world.log.drops(), 1);
    assert_eq!(map.len(), 1);
    assert!(map.get(&10).is_some_and(|found| Gc::ptr_eq(&found, &new)));
    drop(new);
    world.finish(1..3, &[]);
}

#[test]
fn wc_05_entry_api_never_returns_dead() {
    let world = World::quiet();
    let map = WeakValueMap::new();
    let live = world.obj(1);
    map.insert("k", &live);
    let found = map.get_or_insert_with("k", || unreachable!("there is a living value"));
    assert!(Gc::ptr_eq(&found, &live));
    drop((found, live));
    let made = map.get_or_insert_with("k", || world.obj(2));
    assert_eq!(made.n, 2);
    match map.entry("k") {
        Entry::Occupied(entry) => assert!(Gc::ptr_eq(entry.get(), &made) && *entry.key() == "k"),
        Entry::Vacant(_) => unreachable!("it is held"),
    }
    let keyed = WeakKeyMap::new();
    assert_eq!(*keyed.get_or_insert_with(&made, || 7), 7);
    assert_eq!(*keyed.get_or_insert_with(&made, || unreachable!("there is a value")), 7);
    drop(made);
    assert!(matches!(map.entry("k"), Entry::Vacant(_)));

    automatic(&world.heap, 1, 10, 10);
    for n in 0..10_000 {
        let value = map.get_or_insert_with("k", || world.self_cycle(n));
        value.check();
        if n % 3 == 0 {
            drop(map.remove("k"));
        }
    }
    world.heap.set_auto_collect(false);
    world.finish(0..1, &[]);
    assert!(map.is_empty());
}

#[test]
fn wc_06_extend_clone_and_merge() {
    let world = World::quiet();
    let held = objects(&world, 0..4);
    let [zero, one, two, three] = &held[..] else { unreachable!("there are four") };
    let mut a: WeakValueMap<&str, Obj> = [("both", zero), ("a", one)].into_iter().collect();
    let b = WeakValueMap::from([("both", two), ("b", three)]);
    b.insert("dead", &world.obj(4));
    let clone = a.clone();
    a.merge(&b);
    assert_eq!((a.len(), b.len(), clone.len()), (3, 2, 2));
    assert_eq!(a.get("both").map(|value| value.n), Some(2), "the right-hand side wins");
    assert_eq!(clone.get("both").map(|value| value.n), Some(0), "a clone is a map of its own");
    a.extend([("both", one), ("more", three)]);
    assert_eq!(a.get("both").map(|value| value.n), Some(1));
    assert_eq!(a.len(), 4);

    let mut c: WeakKeyMap<Obj, &str> = [(zero, "c"), (one, "c")].into_iter().collect();
    let d = WeakKeyMap::from([(one, "d"), (two, "d")]);
    let copy = c.clone();
    c.merge(&d);
    assert_eq!((c.len(), d.len(), copy.len()), (3, 2, 2));
    assert_eq!((c.get(one).as_deref(), copy.get(one).as_deref()), (Some(&"d"), Some(&"c")));
    c.extend([(three.clone(), "e")]);
    assert_eq!(c.len(), 4);

    let mut s: WeakSet<Obj> = [zero, one].into_iter().collect();
    let t = s.clone();
    s.extend([two.clone()]);
    s.merge(&WeakSet::from_iter([three]));
    assert_eq!((s.len(), t.len()), (4, 2));

    drop(held); // every one leaves every map that it is in
    assert!(a.is_empty() && b.is_empty() && clone.is_empty());
    assert!(c.is_empty() && d.is_empty() && copy.is_empty() && s.is_empty() && t.is_empty());
    world.finish(0..5, &[]);
}

#[test]
fn wc_07_map_dropped_before_members() {
    let world = World::quiet();
    let held = objects(&world, 0..10);
    let watches: Vec<_> = held.iter().map(|object| world.watch(object, object.n)).collect();
    let by_number: WeakValueMap<u32, Obj> = held.iter().map(|object| (object.n, object)).collect();
    let numbered: WeakKeyMap<Obj, u32> = held.iter().map(|object| (object, object.n)).collect();
    let set: WeakSet<Obj> = held.iter().collect();
    assert_eq!(Gc::weak_count(&held[0]), 4);
    drop((by_number, numbered, set));
    assert_eq!(Gc::weak_count(&held[0]), 1, "the watch's");
    drop(held);
    assert_eq!(world.log.count(|event| matches!(event, Dead(_))), 10);
    drop(watches);
    world.finish(0..10, &[]);
}

#[test]
fn wc_08_weak_set() {
    let world = World::quiet();
    let mut held = objects(&world, 0..5);
    let set = WeakSet::new();
    for object in &held {
        assert!(set.insert(object));
        assert!(!set.insert(object));
    }
    let foreign = world.obj(5);
    assert!(set.contains(&held[0]) && !set.contains(&foreign));
    assert_eq!(set.len(), 5);
    let mut walk = set.iter();
    let first = walk.next().expect("there are five");
    held.retain(|object| object.n == first.n || object.n > 2 || !Gc::ptr_eq(object, &first));
    let victim =
        held.iter().position(|object| !Gc::ptr_eq(object, &first)).expect("there are five");
    drop(held.swap_remove(victim));
    assert_eq!(walk.count(), 3);
    assert_eq!(set.len(), 4);
    assert!(set.remove(&first) && !set.remove(&first));
    drop((held, first, foreign));
    world.heap.collect();
    assert!(set.is_empty());
    world.finish(0..6, &[]);
}

#[test]
fn wc_09_identity_keys() {
    let heap = World::quiet().heap;
    let (k1, k2) = (Gc::new_in(&heap, 5), Gc::new_in(&heap, 5));
    assert_eq!(k1, k2);
    let map = WeakKeyMap::from([(&k1, "one"), (&k2, "two")]);
    assert_eq!(map.len(), 2);
    drop(k1);
    assert_eq!(map.len(), 1);
    assert_eq!(map.get(&k2).as_deref(), Some(&"two"));
}

#[test]
fn wc_10_ephemeron_value_refers_to_its_key() {
    let world = World::quiet();
    let map = WeakKeyMap::<Obj, Gc<Obj>>::new();
    let (k, v) = (world.obj(1), world.obj(2));
    v.link(&k);
    map.insert(&k, v.clone());
    drop((k, v));
    assert_eq!(map.len(), 1);
    assert_eq!(world.heap.collect().collected, 2);
    assert_eq!(map.len(), 0);
    world.finish(1..3, &[]);
}

// ---- right at any moment ---------------------------------------------------------------------------

#[test]
fn len_is_right_between_the_death_and_the_end_of_the_entry() {
    for cyclic in [true, false] {
        let world = World::quiet();
        let by_number = Rc::new(WeakValueMap::new());
        let numbered = Rc::new(WeakKeyMap::new());
        let set = Rc::new(WeakSet::new());
        let kept = world.obj(0);
        let object = if cyclic { world.self_cycle(1) } else { world.obj(1) };
        for object in [&kept, &object] {
            by_number.insert(object.n, object);
            numbered.insert(object, object.n);
            set.insert(object);
        }
        let lens = Rc::new(RefCell::new(Vec::new()));
        let look = {
            let (by_number, numbered, set) = (by_number.clone(), numbered.clone(), set.clone());
            let lens = lens.clone();
            move || lens.borrow_mut().push([by_number.len(), numbered.len(), set.len()])
        };
        let (dropped, called, finalized) = (look.clone(), look.clone(), look.clone());
        object.on_finalize(move |_| finalized());
        object.on_drop(dropped);
        let watch = Gc::watch(&object, called);
        look();
        drop(object);
        world.heap.collect();
        look();
        // Before; in the finalizer, when all is whole; in the drop; in the watch; after.
        assert_eq!(*lens.borrow(), [[2; 3], [2; 3], [1; 3], [1; 3], [1; 3]]);
        drop((watch, kept));
        world.finish(0..2, &[]);
    }
}

#[test]
fn object_that_waits_for_its_end_does_not_count() {
    let world = World::quiet();
    let map = Rc::new(WeakValueMap::new());
    let parent = world.obj(0);
    parent.link(&world.obj(1));
    parent.link(&world.obj(2));
    map.insert(1, &parent.edge(0));
    map.insert(2, &parent.edge(1));
    let lens = Rc::new(RefCell::new(Vec::new()));
    let (seen, table) = (lens.clone(), map.clone());
    // The edges have lost their last handle when the parent's own field is dropped.
    parent.on_drop(move || seen.borrow_mut().push(table.len()));
    let (seen, table) = (lens.clone(), map.clone());
    parent.edge(1).on_finalize(move |_| seen.borrow_mut().push(table.len()));
    drop(parent);
    assert_eq!(*lens.borrow(), [0, 1]);
    assert!(map.is_empty());
    world.finish(0..3, &[]);
}

#[test]
fn other_ways_to_lose_a_value_end_its_entries_too() {
    let heap = World::quiet().heap;
    let map = WeakKeyMap::new();
    let names = Interner::<String>::default();
    let five = names.intern_with("five", |name| Gc::new_in(&heap, name.to_owned()));
    map.insert(&five, 5);
    assert_eq!(Gc::try_unwrap(five), Ok("five".to_owned()));
    assert_eq!((map.len(), names.len()), (0, 0));

    let mut six = names.intern_with("six", |name| Gc::new_in(&heap, name.to_owned()));
    map.insert(&six, 6);
    assert!(Gc::get_mut(&mut six).is_none(), "the map could upgrade its key");
    Gc::make_mut(&mut six).push_str("teen");
    assert_eq!((map.len(), names.len()), (0, 0), "the value has moved to an object of its own");
    assert!(map.get(&six).is_none() && names.get("six").is_none());
}

#[test]
fn garbage_that_is_saved_keeps_its_entries() {
    let world = World::quiet();
    let map = WeakKeyMap::new();
    let key = world.obj(1);
    map.insert(&key, Held::of(&[&key]));
    drop(key);
    world.heap.set_debug(DebugFlags::SAVE_ALL);
    assert_eq!(world.heap.collect().uncollectable, 1);
    assert_eq!(map.len(), 1);
    world.heap.set_debug(DebugFlags::NONE);
    drop(world.heap.take_garbage());
    assert_eq!(world.heap.collect().collected, 1);
    assert!(map.is_empty());
    world.finish([1], &[]);
}

// ---- loans -----------------------------------------------------------------------------------------

#[test]
fn value_on_loan_is_neither_taken_out_nor_dropped() {
    let world = World::quiet();
    let map = WeakKeyMap::new();
    let key = world.obj(1);
    let log = world.log.clone();
    map.insert(&key, OnDrop::new(move || log.push(Dead(1))));
    let lent = map.get(&key).expect("it was put in");
    assert!(catch_unwind(AssertUnwindSafe(|| map.remove(&key))).is_err());
    let other = OnDrop::new(|| ());
    assert!(catch_unwind(AssertUnwindSafe(|| map.insert(&key, other))).is_err());
    assert_eq!(map.len(), 1);
    map.clear();
    assert!(map.is_empty() && map.get(&key).is_none());
    assert_eq!(world.log.take(), [], "it is there as long as somebody looks at it");
    assert!(lent.is_armed());
    drop(lent);
    assert_eq!(world.log.take(), [Dead(1)]);
    drop(key);
    world.finish([1], &[Dead(1)]);
}

#[test]
fn walk_that_lends_leaves_suspects() {
    // The last handle of the key goes into its own value while a walk lends both.
    let world = World::quiet();
    let map = WeakKeyMap::new();
    let key = world.obj(1);
    map.insert(&key, Held::default());
    world.heap.collect();
    let only = Cell::new(Some(key));
    for (_, value) in &map {
        value.0.borrow_mut().extend(only.take());
    }
    assert_eq!(world.heap.collect().collected, 1);

    // Or when the walk's own handle to the key has gone, and been forgotten by a collection.
    let key = world.obj(3);
    map.insert(&key, Held::default());
    let (walked, value) = map.iter().next().expect("there is one");
    drop(walked);
    world.heap.collect();
    value.0.borrow_mut().push(key);
    drop(value);
    assert_eq!(world.heap.collect().collected, 1);

    let key = world.obj(2);
    map.insert(&key, Held::default());
    world.heap.collect();
    let only = Cell::new(Some(key));
    map.retain(|_, value| {
        value.0.borrow_mut().extend(only.take());
        true
    });
    assert_eq!(world.heap.collect().collected, 1);
    assert!(map.is_empty());
    world.finish(1..4, &[]);
}

#[test]
fn what_is_on_loan_counts_as_held_from_outside() {
    let world = World::quiet();
    let map = WeakKeyMap::new();
    let key = world.obj(1);
    map.insert(&key, Held::of(&[&key]));
    let mut walk = map.iter();
    let (lent_key, lent) = walk.next().expect("there is one");
    drop((lent_key, key));
    assert_eq!(world.heap.collect().collected, 0);
    lent.0.borrow()[0].check();
    std::mem::forget(lent); // and with it, a handle
    assert_eq!(world.heap.collect().collected, 0);
    map.clear();
    assert_eq!(world.heap.live_count(), 1);
    // That one stays, for good: its last handle is in what was forgotten.
    world.log.take();
}

#[test]
fn loan_that_is_forgotten_keeps_its_value_and_no_more() {
    let world = World::quiet();
    let map = WeakKeyMap::new();
    let key = world.obj(1);
    map.insert(&key, Held::of(&[&key]));
    std::mem::forget(map.get(&key));
    drop(key);
    // What nobody can drop any more is not counted on.
    assert_eq!(world.heap.collect().collected, 0);
    world.heap.verify();
    drop(map);
    assert_eq!(world.heap.collect().collected, 0);
    assert_eq!(world.heap.live_count(), 1);
}

#[test]
fn walks_and_retain_stand_any_change_under_way() {
    let world = World::quiet();
    let map = WeakKeyMap::new();
    let held = RefCell::new(objects(&world, 0..100));
    let fill = || held.borrow().iter().for_each(|key| _ = map.insert(key, key.n));
    fill();
    let mut seen = 0;
    map.retain(|key, value| {
        seen += 1;
        key.check();
        assert_eq!(key.n, *value);
        let dead = held.borrow_mut().pop(); // perhaps the very key
        drop(dead);
        world.heap.collect();
        *value % 2 == 0
    });
    assert!((50..=100).contains(&seen));
    assert!(map.iter().all(|(key, value)| key.n == *value && *value % 2 == 0));
    fill();
    for (number, (key, _)) in map.iter().enumerate() {
        key.check();
        match number {
            0 => drop(held.borrow_mut().pop()),
            1 => map.clear(),
            2 => unreachable!("nothing was left to see"),
            _ => {}
        }
    }
    fill();
    let walk = map.iter();
    drop(held.take());
    assert_eq!(walk.count(), 0);
    assert!(map.is_empty());
    world.log.take();
    world.finish([], &[]);
}

#[test]
fn map_that_is_dropped_in_its_own_walk_is_gone_when_that_ends() {
    let world = World::quiet();
    let owner = world.owner();
    let keys = objects(&world, 0..4);
    for key in &keys {
        owner.map.insert(key, Held::of(&keys.iter().collect::<Vec<_>>()));
    }
    // The walk borrows the map through a handle, so the map cannot go before it; the last other
    // handle can.
    let other = owner.clone();
    let mut walk = other.map.iter();
    let first = walk.next();
    drop((owner, keys));
    world.heap.collect();
    assert_eq!(walk.count(), 3, "the first one's value holds them all");
    drop(first);
    drop(other);
    world.heap.collect();
    world.finish(0..4, &[]);
}

// ---- hostile hashing -------------------------------------------------------------------------------

thread_local! {
    /// What the next comparisons of `Hostile` keys do first.
    static ON_EQ: RefCell<Option<Rc<dyn Fn()>>> = const { RefCell::new(None) };
}

/// A key whose `Eq` and drop run what a test wants, and whose hash is one of few.
#[derive(Trace, Clone)]
#[trace(leaf)]
struct Hostile(u32);

impl Hash for Hostile {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.0 % 4).hash(state);
    }
}

impl PartialEq for Hostile {
    fn eq(&self, other: &Self) -> bool {
        let code = ON_EQ.with_borrow(Clone::clone);
        if let Some(code) = code {
            code();
        }
        self.0 == other.0
    }
}

impl Eq for Hostile {}

impl Drop for Hostile {
    fn drop(&mut self) {
        let code = ON_EQ.with_borrow(Clone::clone);
        if let Some(code) = code {
            code();
        }
    }
}

type FixedHasher = BuildHasherDefault<DefaultHasher>;

/// Runs `code` with this as what comparisons do, at most so often.
fn with_eq<R>(times: u32, on_eq: impl Fn(u32) + 'static, code: impl FnOnce() -> R) -> R {
    let left = Cell::new(times);
    let hook = move || {
        if let Some(now) = left.get().checked_sub(1) {
            left.set(now);
            on_eq(times - now);
        }
    };
    ON_EQ.set(Some(Rc::new(hook)));
    let result = code();
    let hook = ON_EQ.take();
    drop(hook);
    result
}

#[test]
fn eq_that_changes_the_map_under_a_search_breaks_nothing() {
    type Map = WeakValueMap<Hostile, Obj, FixedHasher>;
    type Members = Rc<RefCell<Vec<Gc<Obj>>>>;
    type Change = fn(&Rc<Map>, &World, &Members, u32);
    let changes: [(&str, Change); 6] = [
        ("inserts", |map, world, held, n| {
            let object = world.obj(1000 + n);
            map.insert(Hostile(1000 + n), &object);
            held.borrow_mut().push(object);
        }),
        ("removes", |map, _, _, n| drop(map.remove(&Hostile(n % 30)))),
        ("clears", |map, _, _, _| map.clear()),
        ("drops members", |_, _, held, _| {
            let dead = held.borrow_mut().pop();
            drop(dead);
        }),
        ("collects", |_, world, _, _| _ = world.heap.collect()),
        ("panics", |_, _, _, n| assert!(n % 3 != 0, "an Eq that panics")),
    ];
    for (name, change) in changes {
        let world = Rc::new(World::quiet());
        let map = Rc::new(Map::default());
        let held = Rc::new(RefCell::new(objects(&world, 0..30)));
        for object in held.borrow().iter() {
            map.insert(Hostile(object.n), object);
        }
        for n in 0..40 {
            let (table, w, h) = (map.clone(), world.clone(), held.clone());
            let outcome = with_eq(
                5,
                move |call| change(&table, &w, &h, n * 10 + call),
                || {
                    catch_unwind(AssertUnwindSafe(|| {
                        let found = map.get(&Hostile(n));
                        assert!(found.is_none_or(|found| found.n == n));
                        let object = world.obj(n);
                        let old = map.insert(Hostile(n), &object);
                        assert!(old.is_none_or(|old| old.n == n));
                        let made = map.get_or_insert_with(Hostile(n + 1), || world.obj(n + 1));
                        assert_eq!(made.n, n + 1);
                        drop(map.remove(&Hostile(n + 2)));
                        object
                    }))
                },
            );
            if let Ok(object) = outcome {
                held.borrow_mut().push(object);
            }
            // Whole again: every entry is found, and leads to what it says.
            let entries = Vec::from_iter(map.iter().map(|(key, value)| (key.0, value)));
            assert_eq!(entries.len(), map.len(), "{name}");
            for (key, value) in &entries {
                let found = map.get(&Hostile(*key)).expect("it is in");
                assert!(Gc::ptr_eq(&found, value), "{name}: one entry for each key");
            }
        }
        drop(held.take());
        assert!(map.is_empty(), "{name}");
        world.heap.assert_empty();
    }
}

/// What their keys lead to may be gone already.
#[test]
fn eq_is_never_called_on_the_keys_of_members_that_are_swept() {
    #[derive(Trace, Clone)]
    #[trace(leaf)]
    struct Counted(Rc<Cell<u32>>);
    impl PartialEq for Counted {
        fn eq(&self, _: &Self) -> bool {
            self.0.set(self.0.get() + 1);
            true
        }
    }
    impl Eq for Counted {}
    impl Hash for Counted {
        fn hash<H: Hasher>(&self, _: &mut H) {}
    }
    let world = World::quiet();
    let (map, other) = (Rc::new(WeakValueMap::new()), world.obj(3));
    let key = Counted(Rc::default());
    let ring = world.ring(1, 2);
    map.insert(key.clone(), &ring[1]);
    let (table, new, in_drop) = (map.clone(), other.clone(), key.clone());
    ring[0].on_drop(move || {
        assert_eq!((table.len(), table.contains_key(&in_drop)), (0, false));
        assert!(table.remove(&in_drop).is_none());
        assert!(table.insert(in_drop.clone(), &new).is_none());
        assert_eq!((table.len(), in_drop.0.get()), (1, 0));
    });
    drop(ring);
    assert_eq!(world.heap.collect().collected, 2);
    assert!(map.get(&key).is_some_and(|found| Gc::ptr_eq(&found, &other)));
    assert_eq!((map.len(), key.0.get()), (1, 1));
    drop(other);
    world.finish(1..4, &[]);
}

#[test]
fn hasher_that_panics_leaves_the_map_as_it_was() {
    #[derive(Trace, PartialEq, Eq)]
    struct Key(bool);
    impl Hash for Key {
        fn hash<H: Hasher>(&self, _: &mut H) {
            assert!(self.0, "a Hash that panics");
        }
    }
    let heap = World::quiet().heap;
    let map = WeakValueMap::new();
    let five = Gc::new_in(&heap, 5);
    map.insert(Key(true), &five);
    assert!(catch_unwind(AssertUnwindSafe(|| map.insert(Key(false), &five))).is_err());
    assert!(catch_unwind(AssertUnwindSafe(|| map.get(&Key(false)))).is_err());
    assert_eq!(map.len(), 1);
    drop(five);
    assert!(map.is_empty());
}

#[test]
fn value_made_for_a_key_gives_way_to_one_that_came_meanwhile() {
    let world = World::quiet();
    let map = WeakValueMap::new();
    let first = RefCell::new(None);
    let found = map.get_or_insert_with(1, || {
        let object = world.obj(1);
        map.insert(1, &object);
        *first.borrow_mut() = Some(object);
        world.obj(2)
    });
    assert_eq!(found.n, 1);
    let keyed = WeakKeyMap::new();
    let lent = keyed.get_or_insert_with(&found, || {
        keyed.insert(&found, "first");
        "second"
    });
    assert_eq!(*lent, "first");
    drop(lent);
    drop((first, found));
    assert!(map.is_empty() && keyed.is_empty());
    world.finish(1..3, &[]);
}

#[test]
fn key_whose_drop_uses_the_map_finds_it_whole() {
    let world = World::quiet();
    let map = Rc::new(WeakValueMap::<Hostile, Obj>::new());
    let held = objects(&world, 0..10);
    for object in &held {
        map.insert(Hostile(object.n), object);
    }
    let seen = Rc::new(RefCell::new(Vec::new()));
    let (table, lens) = (map.clone(), seen.clone());
    // At each drop of a key its entry is gone already.
    with_eq(
        100,
        move |_| lens.borrow_mut().push(table.len()),
        || {
            let mut held = held;
            while held.pop().is_some() {}
        },
    );
    assert_eq!(*seen.borrow(), [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
    world.finish(0..10, &[]);
}

// ---- panics ----------------------------------------------------------------------------------------

#[test]
fn value_that_panics_in_its_drop_is_reported_and_the_others_go() {
    for cyclic in [true, false] {
        let world = World::quiet();
        let errors = collect_errors(&world.heap);
        let map = WeakKeyMap::new();
        let keys: Vec<_> =
            (0..6).map(|n| if cyclic { world.self_cycle(n) } else { world.obj(n) }).collect();
        let dropped = Rc::new(Cell::new(0));
        for key in &keys {
            let (dropped, n) = (dropped.clone(), key.n);
            let code = move || {
                dropped.set(dropped.get() + 1);
                assert!(n % 2 == 0, "a drop that panics");
            };
            map.insert(key, (OnDrop::new(code), cyclic.then(|| key.clone())));
        }
        drop(keys);
        world.heap.collect();
        assert_eq!(dropped.get(), 6);
        assert!(map.is_empty());
        let errors = errors.take();
        assert_eq!(errors.len(), 3);
        assert!(errors.iter().all(|error| error.hook() == Hook::Drop));
        world.finish(0..6, &[]);
    }
}

#[test]
fn map_whose_values_panic_in_their_drop_drops_all_and_re_raises_the_first() {
    let world = World::quiet();
    let map = WeakKeyMap::new();
    let keys = objects(&world, 0..6);
    let dropped = Rc::new(Cell::new(0));
    for key in &keys {
        let dropped = dropped.clone();
        map.insert(
            key,
            OnDrop::new(move || {
                dropped.set(dropped.get() + 1);
                panic!("a drop that panics");
            }),
        );
    }
    let payload = catch_unwind(AssertUnwindSafe(|| drop(map))).expect_err("the first comes out");
    assert_eq!(message(&*payload), "a drop that panics");
    assert_eq!(dropped.get(), 6);
    assert!(keys.iter().all(|key| Gc::weak_count(key) == 0));
    drop(keys);
    world.finish(0..6, &[]);
}

#[test]
fn container_in_garbage_that_leaks_in_its_drop_is_no_refcount_error() {
    // A std map leaks its rest when an element panics, and with it handles to other garbage.
    let world = World::quiet();
    let _errors = collect_errors(&world.heap);
    let map = WeakKeyMap::new();
    let key = world.obj(1);
    let inner: std::collections::HashMap<u32, (OnDrop, Gc<Obj>)> =
        (0..8).map(|n| (n, (OnDrop::new(|| panic!("a drop that panics")), key.clone()))).collect();
    map.insert(&key, inner);
    drop(key);
    world.heap.collect();
    assert!(map.is_empty());
    world.log.take();
}

// ---- whose end comes first -------------------------------------------------------------------------

#[test]
fn container_outlives_the_heap_of_its_members() {
    let map = WeakKeyMap::new();
    let by_number = WeakValueMap::new();
    let heap = Heap::new();
    let (held, cyclic) = (Gc::new_in(&heap, 5), Gc::new_in(&heap, 6));
    map.insert(&held, Some(cyclic.clone()));
    map.insert(&cyclic, Some(cyclic.clone()));
    by_number.insert(5, &held);
    drop((cyclic, heap));
    assert_eq!(map.len(), 2, "the heap's last sweep found the other one held");
    assert!(by_number.get(&5).is_some());
    drop(held);
    // The heap is closed: it goes by count alone, and the cycle through the entry stays with the map.
    assert_eq!((map.len(), by_number.len()), (1, 0));
    drop(map);
}

#[test]
fn containers_in_thread_locals_end_with_the_thread_or_after_it() {
    thread_local! {
        static MAP: WeakKeyMap<String, Gc<String>> = const { WeakKeyMap::new() };
        static NAMES: Interner<str> = Interner::new();
        static HELD: RefCell<Vec<Gc<String>>> = const { RefCell::new(Vec::new()) };
    }
    for order in 0..6 {
        let thread = std::thread::spawn(move || {
            // The first use decides in which order they end.
            match order {
                0 => MAP.with(|_| HELD.with_borrow(|_| NAMES.with(|_| ()))),
                1 => HELD.with_borrow(|_| MAP.with(|_| NAMES.with(|_| ()))),
                2 => NAMES.with(|_| drop(Gc::new(5))),
                3 => drop(Gc::new(5)),
                4 => HELD.with_borrow(|_| drop(Gc::new(5))),
                _ => MAP.with(|_| drop(Gc::new(5))),
            }
            let key = Gc::new("key".to_owned());
            MAP.with(|map| drop(map.insert(&key, key.clone())));
            let name = NAMES.with(|names| names.intern("name"));
            let other = Gc::new(name.to_string());
            MAP.with(|map| drop(map.insert(&other, key.clone())));
            HELD.with_borrow_mut(|held| held.extend([key, other]));
        });
        assert!(thread.join().is_ok());
    }
}

// ---- interners -------------------------------------------------------------------------------------

#[test]
fn interner_shares_equal_values_of_any_kind() {
    let names = Interner::<str>::new();
    let name = names.intern("name");
    assert!(Gc::ptr_eq(&name, &names.intern("name".to_owned())));
    assert!(Gc::ptr_eq(&name, &names.intern(Box::<str>::from("name"))));
    assert!(names.contains("name") && !names.contains("other"));
    let words = Interner::<[u16]>::new();
    let word = words.intern([1, 2, 3]);
    assert!(Gc::ptr_eq(&word, &words.intern(vec![1, 2, 3])));
    assert!(Gc::ptr_eq(&word, &words.intern(&word[..])));
    let numbers = Interner::<u64>::new();
    let kept: Vec<_> = (0..1000).map(|n| numbers.intern(n)).collect();
    assert!((0..1000).all(|n| Gc::ptr_eq(&numbers.intern(n), &kept[n as usize])));
    assert_eq!(numbers.len(), 1000);
    assert_eq!(numbers.iter().count(), 1000);
    drop(kept);
    assert!(numbers.is_empty());
}

#[test]
fn hash_consed_nodes_go_from_the_root_down() {
    #[derive(Trace)]
    struct Cons(u32, Option<Gc<Cons>>);
    impl Cons {
        fn rest(&self) -> *const Cons {
            self.1.as_ref().map_or(std::ptr::null(), Gc::as_ptr)
        }
    }
    impl PartialEq for Cons {
        fn eq(&self, other: &Self) -> bool {
            self.0 == other.0 && std::ptr::eq(self.rest(), other.rest())
        }
    }
    impl Eq for Cons {}
    impl Hash for Cons {
        fn hash<H: Hasher>(&self, state: &mut H) {
            (self.0, self.rest()).hash(state);
        }
    }
    let cells = Interner::<Cons>::new();
    let list = |len| (0..len).fold(None, |rest, n| Some(cells.intern(Cons(n, rest))));
    let (long, short) = (list(many(100_000) as u32), list(50));
    assert_eq!(cells.len(), many(100_000), "the short one is the end of the long one");
    drop(long);
    assert_eq!(cells.len(), 50);
    drop(short);
    assert!(cells.is_empty());
}

#[test]
fn object_that_comes_back_gives_way_to_an_equal_one_that_came_meanwhile() {
    #[derive(Trace)]
    #[trace(finalize)]
    struct Named(#[trace(skip)] u32, #[trace(skip)] Rc<RefCell<Vec<Gc<Named>>>>);
    impl Finalize for Named {
        fn finalize(&self, cx: &FinalizeCx<'_, Self>) {
            self.1.borrow_mut().push(cx.handle());
        }
    }
    impl PartialEq for Named {
        fn eq(&self, other: &Self) -> bool {
            self.0 == other.0
        }
    }
    impl Eq for Named {}
    impl Hash for Named {
        fn hash<H: Hasher>(&self, state: &mut H) {
            self.0.hash(state);
        }
    }
    let heap = World::quiet().heap;
    let names = Rc::new(Interner::<Named>::new());
    let saved = Rc::new(RefCell::new(Vec::new()));
    let make = |n| {
        let saved = saved.clone();
        names.intern_with(&Named(n, saved.clone()), |_| Gc::new_in(&heap, Named(n, saved)))
    };
    let (one, late) = (make(1), Rc::new(RefCell::new(None)));
    // While the first one waits for its end, an equal one is made: in the drop of what held it.
    let (table, store, again) = (names.clone(), late.clone(), saved.clone());
    let inner = heap.clone();
    let _late = OnDrop::new(move || {
        let key = Named(1, again.clone());
        *store.borrow_mut() =
            Some(table.intern_with(&key, |_| Gc::new_in(&inner, Named(1, again.clone()))));
    });
    drop(Gc::new_in(&heap, Holder { _one: one, _late }));
    let back = saved.borrow_mut().pop().expect("its finalizer brought it back");
    let late = late.take().expect("an equal one was made");
    assert!(!Gc::ptr_eq(&back, &late));
    assert_eq!(names.len(), 1);
    assert!(Gc::ptr_eq(&make(1), &late), "the place is the other one's");
    drop((back, late));
    saved.take();

    #[derive(Trace)]
    struct Holder {
        _one: Gc<Named>,
        _late: OnDrop,
    }
}

#[test]
fn interner_returns_the_equal_object_that_its_maker_has_put_in() {
    let heap = World::quiet().heap;
    let names = Interner::<str>::new();
    let mut inner = None;
    let name = names.intern_with("name", |text| {
        inner = Some(names.intern_with(text, |text| Gc::str_in(&heap, text)));
        Gc::str_in(&heap, text)
    });
    let inner = inner.expect("the maker ran");
    assert!(Gc::ptr_eq(&name, &inner));
    assert_eq!((names.len(), heap.live_count()), (1, 1), "the maker's second one is gone");
    // What else it puts in is in nobody's way.
    let other = names.intern_with("other", |text| {
        drop(names.intern("third"));
        Gc::str_in(&heap, text)
    });
    assert!(Gc::ptr_eq(&names.intern("other"), &other));
    assert_eq!(names.len(), 2);
}

// ---- from outside ----------------------------------------------------------------------------------

#[test]
fn containers_are_fields_of_objects_and_of_what_is_shared() {
    #[derive(Trace, Default)]
    struct Everything {
        by_name: WeakValueMap<String, Obj>,
        notes: RefCell<WeakKeyMap<Obj, Slot<Obj>>>,
        set: Option<WeakSet<str>>,
        names: Vec<Interner<[u8]>>,
        shared: Rc<WeakKeyMap<Obj, u32>>,
    }
    let world = World::quiet();
    let object = Gc::new_in(&world.heap, Everything::default());
    let key = world.obj(1);
    object.by_name.insert("key".to_owned(), &key);
    object.notes.borrow().insert(&key, Slot::new(Some(key.clone())));
    object.shared.insert(&key, 5);
    let borrowed = object.notes.borrow_mut();
    drop(key);
    assert_eq!(world.heap.collect().collected, 1, "the key's way to its entry is not barred");
    assert_eq!((object.by_name.len(), borrowed.len(), object.shared.len()), (0, 0, 0));
    drop(borrowed);
    assert_eq!((object.set.is_none(), object.names.len()), (true, 0));
    drop(object);
    world.finish([1], &[]);
}

#[test]
fn values_are_shown_as_what_the_owner_of_their_map_holds() {
    let world = World::quiet();
    let (owner, key, value) = (world.owner(), world.obj(1), world.obj(2));
    owner.map.insert(&key, Held::of(&[&value]));
    let shown = Gc::referents(&owner);
    assert!(shown.len() == 1 && shown[0].ptr_eq(&AnyGc::from(value.clone())));
    assert!(Gc::referents(&key).is_empty());
    let holders = world.heap.referrers(&value);
    assert!(holders.len() == 1 && holders[0].ptr_eq(&AnyGc::from(owner.clone())));
    drop((shown, holders, owner, key, value));
    world.heap.collect();
    world.finish(1..3, &[]);
}

#[test]
fn containers_show_what_is_in_them() {
    let heap = World::quiet().heap;
    let five = Gc::new_in(&heap, 5);
    assert_eq!(format!("{:?}", WeakValueMap::from([("k", &five)])), r#"{"k": 5}"#);
    assert_eq!(format!("{:?}", WeakKeyMap::from([(&five, "v")])), r#"{5: "v"}"#);
    assert_eq!(format!("{:?}", WeakSet::from_iter([&five])), "{5}");
    let names = Interner::<str>::new();
    let _name = names.intern("name");
    assert_eq!(format!("{names:?}"), r#"{"name"}"#);
    assert_eq!(size_of::<WeakKeyMap<String, String>>(), size_of::<usize>());
}

#[test]
fn a_container_by_default_is_empty_and_takes_members() {
    let heap = World::quiet().heap;
    let five = Gc::new_in(&heap, 5);
    let (set, notes) = (WeakSet::default(), WeakKeyMap::default());
    let by_name = WeakValueMap::<&str, i32>::default();
    assert!(set.is_empty() && notes.is_empty() && by_name.is_empty());
    set.insert(&five);
    notes.insert(&five, "five");
    by_name.insert("five", &five);
    assert_eq!((set.len(), notes.len(), by_name.len()), (1, 1, 1));
}

#[test]
fn walks_and_places_show_what_they_are() {
    let heap = World::quiet().heap;
    let five = Gc::new_in(&heap, 5);
    let by_name = WeakValueMap::from([("k", &five)]);
    let (notes, set) = (WeakKeyMap::from([(&five, "v")]), WeakSet::from_iter([&five]));
    assert_eq!(format!("{:?}", by_name.iter()), "Iter { .. }");
    assert_eq!(format!("{:?}", notes.iter()), "Iter { .. }");
    assert_eq!(format!("{:?}", set.iter()), "Iter { .. }");
    assert_eq!(format!("{:?}", Interner::<str>::new().iter()), "Iter { .. }");
    let occupied = by_name.entry("k");
    assert_eq!(format!("{occupied:?}"), r#"Entry(OccupiedEntry { key: "k", .. })"#);
    assert_eq!(format!("{:?}", by_name.entry("new")), r#"Entry(VacantEntry("new"))"#);
    let lent = notes.get(&five).expect("it is held");
    assert_eq!(
        (format!("{lent:?}"), format!("{lent:>3}")),
        (r#""v""#.to_owned(), "  v".to_owned())
    );
}

#[test]
fn a_walk_promises_no_entry_and_at_most_those_that_it_began_with() {
    let world = World::quiet();
    let held = objects(&world, 0..3);
    let by_number: WeakValueMap<u32, Obj> = held.iter().map(|object| (object.n, object)).collect();
    let numbered: WeakKeyMap<Obj, u32> = held.iter().map(|object| (object, object.n)).collect();
    let set: WeakSet<Obj> = held.iter().collect();
    let names = Interner::<str>::new();
    let kept = ["a", "b", "c"].map(|name| names.intern(name));
    fn check<I: Iterator>(mut walk: I) {
        for left in (0..=3).rev() {
            assert_eq!(walk.size_hint(), (0, Some(left)));
            assert_eq!(walk.next().is_some(), left > 0);
        }
    }
    check(by_number.iter());
    check(numbered.iter());
    check(set.iter());
    check(names.iter());
    let walk = set.iter();
    drop(held);
    assert_eq!((walk.size_hint(), walk.count()), ((0, Some(3)), 0));
    drop(kept);
    world.finish(0..3, &[]);
}

/// Each method that changes a map or asks it, on one that is small enough to say everything.
#[test]
fn maps_are_changed_and_asked_as_those_of_std() {
    let world = World::quiet();
    let held = objects(&world, 0..4);
    let [zero, one, two, three] = &held[..] else { unreachable!("there are four") };
    let number = |value: Option<Gc<Obj>>| value.map(|value| value.n);

    let hasher = BuildHasherDefault::<DefaultHasher>::default();
    let map = WeakValueMap::with_hasher(hasher);
    assert!(map.is_empty() && *map.hasher() == BuildHasherDefault::default());
    assert_eq!(number(map.insert("a", zero)), None);
    assert_eq!(number(map.insert("a", one)), Some(0));
    assert!(!map.is_empty() && map.contains_key("a") && !map.contains_key("b"));
    assert_eq!(number(map.remove("a")), Some(1));
    assert_eq!((number(map.remove("a")), map.len()), (None, 0));
    assert_eq!(map.entry("a").key(), &"a");
    assert_eq!(map.entry("a").or_insert(zero).n, 0);
    assert_eq!(map.entry("a").or_insert(one).n, 0);
    let Entry::Occupied(entry) = map.entry("a") else { unreachable!("it is held") };
    assert_eq!((*entry.key(), entry.get().n, entry.insert(two).n), ("a", 0, 0));
    assert_eq!((number(map.get("a")), map.entry("a").key()), (Some(2), &"a"));
    let Entry::Occupied(entry) = map.entry("a") else { unreachable!("it is held") };
    assert_eq!((entry.remove().n, map.len()), (2, 0));
    let Entry::Vacant(entry) = map.entry("b") else { unreachable!("it was taken out") };
    assert_eq!((*entry.key(), entry.into_key()), ("b", "b"));
    let Entry::Vacant(entry) = map.entry("b") else { unreachable!("nothing was put in") };
    entry.insert(three);
    assert_eq!(number(map.get("b")), Some(3));
    map.clear();
    assert_eq!((map.len(), map.iter().count()), (0, 0));

    let mut map: WeakValueMap<u32, Obj> =
        held.iter().map(|object| (object.n, object.clone())).collect();
    assert_eq!(map.len(), 4);
    map.retain(|key, value| *key == value.n && value.n != 2);
    assert_eq!(numbers(&map.values().collect::<Vec<_>>()), [0, 1, 3]);
    map.extend([(7, two)]);
    map.extend([(8, three.clone())]);
    assert_eq!((number(map.get(&7)), number(map.get(&8))), (Some(2), Some(3)));

    let mut map = WeakKeyMap::from([(zero, "zero")]);
    assert_eq!((map.insert(zero, "0"), map.insert(one, "1")), (Some("zero"), None));
    assert!(map.contains_key(one) && !map.contains_key(two));
    assert_eq!((map.remove(one), map.remove(one), map.len()), (Some("1"), None, 1));
    map.extend([(two, "2")]);
    map.extend([(three.clone(), "3")]);
    map.retain(|key, value| key.n.to_string() == *value && key.n != 0);
    assert_eq!(numbers(&map.keys().collect::<Vec<_>>()), [2, 3]);
    let other: WeakKeyMap<Obj, &str> = [(zero.clone(), "of its own")].into_iter().collect();
    map.merge(&other);
    assert_eq!(map.get(zero).as_deref(), Some(&"of its own"));
    map.clear();
    assert!(map.is_empty() && map.get(two).is_none());

    let mut set: WeakSet<Obj> = held.iter().cloned().collect();
    set.retain(|object| object.n > 1);
    assert_eq!(numbers(&set.iter().collect::<Vec<_>>()), [2, 3]);
    set.extend([zero]);
    set.extend([one.clone()]);
    assert_eq!((set.len(), set.is_empty(), set.into_iter().count()), (4, false, 4));
    set.clear();
    assert!(set.is_empty() && !set.contains(zero));

    let names = Interner::<u64, _>::with_hasher(BuildHasherDefault::<DefaultHasher>::default());
    assert!(*names.hasher() == BuildHasherDefault::default() && names.get(&5).is_none());
    let five = names.intern_with(&5, |five| Gc::new_in(&world.heap, *five));
    assert!(Gc::heap(&five) == world.heap);
    assert!(names.get(&5).is_some_and(|same| Gc::ptr_eq(&same, &five)));
    assert_eq!((names.len(), names.is_empty(), names.into_iter().count()), (1, false, 1));
    names.clear();
    assert_eq!((names.len(), names.contains(&5)), (0, false));
    assert!(!Gc::ptr_eq(&names.intern(5), &five), "an equal one gets an object of its own");
    drop((held, five));
    world.finish(0..4, &[]);
}

#[test]
fn a_container_is_tracked_if_what_it_keeps_may_hold_handles() {
    let heap = World::quiet().heap;
    fn is_tracked<T: Trace>(heap: &Heap, value: T) -> bool {
        Gc::is_tracked(&Gc::new_in(heap, value))
    }
    assert!(!is_tracked(&heap, WeakValueMap::<String, Obj>::new()));
    assert!(is_tracked(&heap, WeakValueMap::<Gc<str>, Obj>::new()));
    assert!(!is_tracked(&heap, WeakKeyMap::<Obj, String>::new()));
    assert!(is_tracked(&heap, WeakKeyMap::<Obj, Gc<str>>::new()));
    assert!(!is_tracked(&heap, WeakSet::<Obj>::new()));
    assert!(!is_tracked(&heap, Interner::<str>::new()));
}
