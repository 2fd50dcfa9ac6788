//! The programs: small uses of the whole API, made of steps. A panic ends a step; the program goes on
//! with the next one as far as it can, as a user who caught it would.

use std::cell::{Cell, RefCell};
use std::hash::{BuildHasherDefault, DefaultHasher, Hash, Hasher};
use std::rc::Rc;
use std::sync::Arc;

use gc_core::{
    Budget, DebugFlags, Gc, Generation, Heap, Interner, Slot, Thresholds, Trace, Weak, WeakKeyMap,
    WeakSet, WeakValueMap, coerce,
};

use super::lab::{Lab, Node, Plain, Plan, Probe, Visit};

/// A program; `None` if it could not go on.
pub(crate) type Program = fn(&Lab) -> Option<()>;

macro_rules! programs {
    ($($name:ident)*) => {
        pub(crate) const PROGRAMS: &[(&str, Program)] = &[$((stringify!($name), $name)),*];
    };
}

programs! {
    plain_objects lone_suspects chain tree rings held_ring resurrection_of_itself resurrection_of_neighbours
    finalizers_that_make_and_collect finalizers_that_cut weak_handles weak_in_finalizers new_cyclic
    watches watches_that_make cleanups slices unfinished_slices strings trait_objects make_mut
    make_mut_of_slices get_mut_and_unwrap weak_value_map weak_key_map interner freezing budgets generations save_all
    debug_records subscribers shutdown last_heap_value several_heaps automatic_collections
    drops_that_drop_and_collect inspection thread_end crowded_object
}

fn plain_objects(lab: &Lab) -> Option<()> {
    for _ in 0..4 {
        let plain = lab.step(|| lab.plain())?;
        let copy = lab.frugal(|| plain.clone())?;
        lab.drop(plain);
        lab.drop(copy);
        let node = lab.step(|| lab.node())?;
        lab.drop(node);
    }
    lab.claim(lab.heap.live_count() == 0);
    Some(())
}

/// Suspects that lead nowhere: the judgement meets not one edge.
fn lone_suspects(lab: &Lab) -> Option<()> {
    for _ in 0..3 {
        let plain = lab.step(|| lab.plain())?;
        let copy = plain.clone();
        lab.drop(copy);
        let collection = lab.collect();
        lab.claim(collection.is_some_and(|collection| collection.candidates == 1));
        lab.drop(plain);
    }
    lab.claim(lab.heap.live_count() == 0);
    Some(())
}

fn chain(lab: &Lab) -> Option<()> {
    let mut first = lab.step(|| lab.plain())?;
    for _ in 0..8 {
        let next = first;
        first = lab.step(|| lab.plain())?;
        first.next.set(Some(next));
    }
    lab.drop(first);
    let mut first = lab.step(|| lab.node())?;
    for _ in 0..8 {
        let next = first;
        first = lab.step(|| lab.node())?;
        first.link(&next);
        lab.drop(next);
    }
    lab.collect();
    lab.drop(first);
    lab.claim(lab.heap.live_count() == 0);
    Some(())
}

fn tree(lab: &Lab) -> Option<()> {
    let root = lab.step(|| {
        let root = lab.node();
        for _ in 0..3 {
            let kid = lab.node();
            (0..2).for_each(|_| kid.link(&lab.node()));
            kid.link(&root);
            root.link(&kid);
        }
        root
    })?;
    lab.collect();
    lab.frugal(|| root.cut());
    lab.claim(lab.heap.live_count() == 1);
    lab.drop(root);
    lab.collect();
    Some(())
}

fn rings(lab: &Lab) -> Option<()> {
    for len in [1, 2, 5] {
        let ring = lab.step(|| lab.ring(len))?;
        lab.drop(ring);
        let collection = lab.collect();
        lab.claim(collection.is_some_and(|collection| collection.collected == len));
    }
    let plain = lab.step(|| lab.plain())?;
    plain.next.set(Some(plain.clone()));
    lab.drop(plain);
    lab.collect();
    Some(())
}

fn held_ring(lab: &Lab) -> Option<()> {
    let mut ring = lab.step(|| lab.ring(4))?;
    let held = ring.remove(1);
    lab.drop(ring);
    let collection = lab.collect();
    lab.claim(collection.is_some_and(|collection| collection.collected == 0));
    lab.collect();
    held.probe.check();
    lab.frugal(|| held.cut());
    lab.drop(held);
    lab.collect();
    lab.claim(lab.heap.live_count() == 0);
    Some(())
}

fn resurrection_of_itself(lab: &Lab) -> Option<()> {
    let saved = Rc::new(RefCell::new(Vec::new()));
    let ring = lab.step(|| lab.ring(3))?;
    let lone = lab.step(|| lab.node())?;
    for node in ring.iter().chain([&lone]) {
        let saved = saved.clone();
        node.last_words(move |me| saved.borrow_mut().push(me.clone()));
    }
    lab.drop(lone);
    lab.drop(ring);
    let collection = lab.collect();
    lab.claim(collection.is_some_and(|collection| collection.resurrected == 3));
    lab.claim(saved.borrow().len() == 4);
    saved.borrow().iter().for_each(|node| node.probe.check());
    lab.collect();
    let back = saved.take();
    lab.drop(back);
    lab.collect();
    lab.claim(lab.heap.live_count() == 0);
    Some(())
}

fn resurrection_of_neighbours(lab: &Lab) -> Option<()> {
    let saved = Rc::new(RefCell::new(None));
    let ring = lab.step(|| lab.ring(5))?;
    let tail = lab.step(|| lab.node())?;
    ring[3].link(&tail);
    let keep = saved.clone();
    ring[0].last_words(move |me| *keep.borrow_mut() = Some(me.edges.borrow()[0].clone()));
    lab.drop(tail);
    lab.drop(ring);
    lab.collect();
    if let Some(node) = &*saved.borrow() {
        node.edges.borrow().iter().for_each(|edge| edge.probe.check());
    }
    lab.collect();
    let back = saved.take();
    lab.drop(back);
    let collection = lab.collect();
    lab.claim(collection.is_some_and(|collection| collection.collected == 6));
    Some(())
}

/// What a finalizer needs to make objects in its heap.
fn lab_of(lab: &Lab) -> Rc<Lab> {
    Rc::new(Lab::like(&lab.heap, &lab.plan))
}

fn finalizers_that_make_and_collect(lab: &Lab) -> Option<()> {
    let inner = lab_of(lab);
    let ring = lab.step(|| lab.ring(3))?;
    let lone = lab.step(|| lab.node())?;
    for node in ring.iter().chain([&lone]) {
        let inner = inner.clone();
        node.last_words(move |me| {
            drop(inner.ring(2));
            me.link(&inner.node());
            inner.heap.collect();
        });
    }
    lab.drop(lone);
    lab.drop(ring);
    lab.collect();
    lab.collect();
    lab.claim(lab.heap.live_count() == 0);
    Some(())
}

fn finalizers_that_cut(lab: &Lab) -> Option<()> {
    let ring = lab.step(|| lab.ring(4))?;
    for node in &ring[..2] {
        node.last_words(|me| {
            let neighbour = me.edges.borrow().first().cloned();
            me.cut();
            if let Some(neighbour) = neighbour {
                neighbour.cut();
            }
        });
    }
    lab.drop(ring);
    lab.collect();
    let chain = lab.step(|| {
        let chain: Vec<_> = (0..4).map(|_| lab.node()).collect();
        chain.windows(2).for_each(|pair| pair[0].link(&pair[1]));
        chain.iter().for_each(|node| node.last_words(|me| me.cut()));
        chain[0].clone()
    })?;
    lab.drop(chain);
    lab.collect();
    lab.claim(lab.heap.live_count() == 0);
    Some(())
}

fn weak_handles(lab: &Lab) -> Option<()> {
    let ring = lab.step(|| lab.ring(3))?;
    let weak: Vec<_> = lab.step(|| ring.iter().map(Gc::downgrade).collect())?;
    ring[0].weak.borrow_mut().push(weak[1].clone());
    ring[1].weak.borrow_mut().push(weak[0].clone());
    let hook = lab.hook(|| ());
    lab.step(|| weak[0].with(|node| (node.probe.check(), hook())));
    let again = lab.frugal(|| weak[2].upgrade())?;
    lab.drop(ring);
    lab.collect();
    lab.claim(weak[1].upgrade().is_some());
    lab.drop(again);
    // The last handle goes while its value is looked at.
    lab.step(|| weak[0].with(|node| (node.cut(), hook())));
    lab.collect();
    lab.claim(weak.iter().all(Weak::is_dead));
    lab.drop(weak);
    Some(())
}

fn weak_in_finalizers(lab: &Lab) -> Option<()> {
    let seen = Rc::new(Cell::new(0));
    let ring = lab.step(|| lab.ring(3))?;
    for node in &ring {
        let (weak, seen) = (lab.step(|| Gc::downgrade(&ring[1]))?, seen.clone());
        node.last_words(move |_| {
            if let Some(node) = weak.upgrade() {
                node.probe.check();
                seen.set(seen.get() + 1);
            }
        });
    }
    lab.drop(ring);
    lab.collect();
    lab.claim(seen.get() == 3 && lab.heap.live_count() == 0);
    Some(())
}

fn new_cyclic(lab: &Lab) -> Option<()> {
    let stray = Rc::new(RefCell::new(None));
    for _ in 0..2 {
        let (hook, keep) = (lab.hook(|| ()), stray.clone());
        let node = lab.step(|| {
            Gc::new_cyclic_in(&lab.heap, |me| {
                assert!(me.upgrade().is_none());
                *keep.borrow_mut() = Some(me.clone());
                lab.heap.collect();
                hook();
                lab.bare_node(me.clone())
            })
        });
        if let Some(node) = node {
            node.link(&node);
            lab.claim(node.weak.borrow()[0].upgrade().is_some());
            lab.drop(node);
        }
        lab.collect();
        lab.claim(stray.borrow().as_ref().is_some_and(Weak::is_dead));
    }
    Some(())
}

fn watches(lab: &Lab) -> Option<()> {
    let ring = lab.step(|| lab.ring(2))?;
    let lone = lab.step(|| lab.node())?;
    let watches: Vec<_> = lab.step(|| {
        let watched = ring.iter().chain([&lone]);
        watched.flat_map(|node| (0..3).map(|_| Gc::watch(node, lab.hook(|| ())))).collect()
    })?;
    let cancelled = lab.step(|| Gc::watch(&lone, || unreachable!("it is cancelled")))?;
    lab.drop(cancelled);
    lab.drop(lone);
    lab.drop(ring);
    lab.collect();
    lab.claim(watches.iter().all(gc_core::Watch::is_dead));
    lab.drop(watches);
    Some(())
}

fn watches_that_make(lab: &Lab) -> Option<()> {
    let inner = lab_of(lab);
    let ring = lab.step(|| lab.ring(2))?;
    for node in &ring {
        let (inner, other) = (inner.clone(), RefCell::new(Some(lab.step(|| lab.node())?)));
        let call = lab.hook(move || {
            drop(inner.ring(2));
            drop(other.take());
            inner.heap.collect();
        });
        lab.step(|| Gc::watch(node, call).forget());
    }
    lab.drop(ring);
    lab.collect();
    lab.collect();
    lab.claim(lab.heap.live_count() == 0);
    Some(())
}

fn cleanups(lab: &Lab) -> Option<()> {
    let node = lab.step(|| lab.self_cycle())?;
    let by_hand = lab.step(|| Gc::cleanup(&node, lab.hook(|| ())))?;
    let detached = lab.step(|| Gc::cleanup(&node, || unreachable!("it is detached")))?;
    for _ in 0..3 {
        lab.step(|| Gc::cleanup(&node, lab.hook(|| ())))?;
    }
    lab.step(|| by_hand.call());
    lab.frugal(|| detached.detach());
    lab.drop(node);
    lab.collect();
    lab.claim(!by_hand.is_alive() && lab.heap.live_count() == 0);
    Some(())
}

fn slices(lab: &Lab) -> Option<()> {
    let slice = lab.step(|| Gc::slice_in(&lab.heap, (0..3).map(|_| lab.bare_plain()).collect()))?;
    slice[1].next.set(Some(lab.step(|| lab.plain())?));
    let nodes = lab.step(|| Gc::slice_in(&lab.heap, lab.ring(2)))?;
    lab.collect();
    slice.iter().for_each(|plain| plain.probe.check());
    lab.drop(slice);
    lab.drop(nodes);
    lab.collect();
    lab.claim(lab.heap.live_count() == 0);
    Some(())
}

fn unfinished_slices(lab: &Lab) -> Option<()> {
    let items = [lab.bare_plain(), lab.bare_plain(), lab.bare_plain()];
    let cloned = lab.step(|| Gc::cloned_slice_in(&lab.heap, &items));
    lab.claim(cloned.as_ref().is_some_and(|slice| slice.len() == 3));
    for len in [3, 40] {
        let hook = lab.hook(|| ());
        let items = (0..len).filter(|_| true).map(|number| {
            if number < 4 {
                hook();
            }
            lab.bare_plain()
        });
        if let Some(slice) = lab.step(|| Gc::collect_in(&lab.heap, items)) {
            lab.claim(slice.len() == len);
            slice.iter().for_each(|plain| plain.probe.check());
            lab.step(|| drop(slice));
        }
    }
    if let Some(slice) = cloned {
        lab.drop(slice);
    }
    lab.step(|| drop(items));
    lab.claim(lab.heap.live_count() == 0);
    Some(())
}

fn strings(lab: &Lab) -> Option<()> {
    let text = lab.step(|| Gc::str_in(&lab.heap, "a text"))?;
    for _ in 0..4 {
        lab.step(|| Gc::watch(&text, lab.hook(|| ())).forget());
        lab.step(|| Gc::cleanup(&text, lab.hook(|| ())))?;
    }
    let bytes: Gc<[u8]> = text.into();
    lab.collect();
    lab.claim(&*bytes == b"a text");
    lab.drop(bytes);
    lab.claim(lab.heap.live_count() == 0);
    Some(())
}

fn trait_objects(lab: &Lab) -> Option<()> {
    trait Probed: Trace {
        fn check(&self);
    }
    impl Probed for Node {
        fn check(&self) {
            self.probe.check();
        }
    }
    impl Probed for Plain {
        fn check(&self) {
            self.probe.check();
        }
    }
    let node = lab.step(|| lab.self_cycle())?;
    let (node, plain) = (coerce!(node => dyn Probed), lab.step(|| lab.plain())?);
    let all: Vec<Gc<dyn Probed>> = vec![node, coerce!(plain => dyn Probed)];
    let weak = lab.step(|| Gc::downgrade(&all[0]))?;
    all.iter().for_each(|probed| probed.check());
    lab.collect();
    lab.drop(all);
    lab.collect();
    lab.claim(weak.is_dead());
    Some(())
}

fn make_mut(lab: &Lab) -> Option<()> {
    let mut one = lab.step(|| lab.plain())?;
    let mut other = one.clone();
    for _ in 0..3 {
        // Shared: a clone. Alone: as it is.
        lab.step(|| Gc::make_mut(&mut one).probe.check());
        lab.step(|| Gc::make_mut(&mut other).probe.check());
        // Weak handles alone: it moves.
        let weak = lab.step(|| Gc::downgrade(&one))?;
        lab.step(|| Gc::watch(&one, lab.hook(|| ())).forget());
        lab.step(|| Gc::make_mut(&mut one).probe.check());
        lab.claim(weak.is_dead());
        lab.step(|| {
            let value = Gc::make_mut(&mut one);
            lab.heap.collect();
            value.probe.check();
        });
        let third = one.clone();
        lab.step(|| one = other.clone());
        lab.drop(third);
    }
    lab.drop(one);
    lab.drop(other);
    lab.collect();
    lab.claim(lab.heap.live_count() == 0);
    Some(())
}

fn make_mut_of_slices(lab: &Lab) -> Option<()> {
    let items: Vec<_> = (0..3).map(|_| lab.bare_plain()).collect();
    let mut slice = lab.step(|| Gc::slice_in(&lab.heap, items))?;
    let other = slice.clone();
    for _ in 0..2 {
        lab.step(|| Gc::make_mut(&mut slice)[0].probe.check());
        let weak = lab.step(|| Gc::downgrade(&slice))?;
        lab.step(|| Gc::make_mut(&mut slice)[2].probe.check());
        lab.claim(weak.is_dead());
    }
    slice.iter().chain(&other[..]).for_each(|plain| plain.probe.check());
    lab.drop(other);
    lab.drop(slice);
    lab.claim(lab.heap.live_count() == 0);
    Some(())
}

fn get_mut_and_unwrap(lab: &Lab) -> Option<()> {
    for shared in [false, true] {
        let mut plain = lab.step(|| lab.plain())?;
        let other = shared.then(|| plain.clone());
        lab.step(|| {
            if let Some(value) = Gc::get_mut(&mut plain) {
                lab.heap.collect();
                value.probe.check();
            }
        });
        lab.step(|| Gc::watch(&plain, lab.hook(|| ())).forget());
        let value = lab.step(|| Gc::unwrap_or_clone(plain));
        lab.step(|| drop(value));
        lab.drop(other);
        let node = lab.step(|| lab.node())?;
        lab.step(|| Gc::cleanup(&node, lab.hook(|| ())))?;
        let again = shared.then(|| node.clone());
        match lab.step(|| Gc::try_unwrap(node))? {
            Ok(value) => lab.step(|| drop(value)),
            Err(node) => lab.step(|| drop(node)),
        };
        let last = again.map(|node| lab.step(|| Gc::into_inner(node)));
        lab.step(|| drop(last));
    }
    lab.collect();
    lab.claim(lab.heap.live_count() == 0);
    Some(())
}

/// A key whose `Hash` and `Eq` are hooks.
#[derive(Trace)]
#[trace(leaf)]
struct Key(u32, Arc<Plan>);

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.1.hook(|| self.0.hash(state));
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.1.hook(|| self.0 == other.0)
    }
}

impl Eq for Key {}

fn weak_value_map(lab: &Lab) -> Option<()> {
    // The same order of keys each time.
    let map = WeakValueMap::with_hasher(BuildHasherDefault::<DefaultHasher>::default());
    let kept: Vec<_> = (0..6).filter_map(|_| lab.step(|| lab.node())).collect();
    for (number, node) in (0..).zip(&kept) {
        lab.step(|| map.insert(Key(number % 4, lab.plan.clone()), node));
    }
    lab.claim(map.len() == 4);
    for number in 0..5 {
        let found = lab.step(|| map.get(&Key(number, lab.plan.clone()))).flatten();
        lab.claim(found.is_some() == (number < 4));
        lab.step(|| drop(found));
    }
    lab.drop(kept);
    lab.claim(map.is_empty());
    let fresh: Vec<_> = (0..6).filter_map(|_| lab.step(|| lab.node())).collect();
    for (number, node) in (10..).zip(&fresh) {
        lab.step(|| map.insert(Key(number, lab.plan.clone()), node));
    }
    lab.step(|| drop(map));
    lab.drop(fresh);
    Some(())
}

/// What an entry carries: handles, and hooks in its visit and its drop.
#[derive(Trace)]
struct Carried {
    held: RefCell<Vec<Gc<Node>>>,
    visit: Visit,
    #[trace(skip)]
    probe: Probe,
}

impl Carried {
    fn new(lab: &Lab, held: &[&Gc<Node>]) -> Self {
        let held = RefCell::new(held.iter().map(|&node| node.clone()).collect());
        Self { held, visit: Visit::new(lab), probe: lab.probe() }
    }
}

fn weak_key_map(lab: &Lab) -> Option<()> {
    let (map, set) = (WeakKeyMap::new(), WeakSet::new());
    for round in 0..3 {
        let keys: Vec<_> = (0..6).filter_map(|_| lab.step(|| lab.node())).collect();
        for (number, key) in keys.iter().enumerate() {
            // A ring through the entries in one round, handles of others in the next.
            let next = &keys[(number + 1) % keys.len()];
            let held = if round == 1 { vec![next, key] } else { vec![] };
            lab.step(|| map.insert(key, Carried::new(lab, &held)));
            lab.step(|| set.insert(key));
        }
        lab.collect();
        for key in &keys {
            let lent = lab.step(|| map.get(key));
            lent.flatten().inspect(|lent| lent.probe.check());
        }
        if let Some(key) = keys.first() {
            let old = lab.step(|| map.insert(key, Carried::new(lab, &[])));
            lab.drop(old);
            let taken = lab.frugal(|| map.remove(key));
            lab.drop(taken);
        }
        if round == 2 {
            lab.frugal(|| map.clear());
        }
        lab.drop(keys);
        lab.collect();
        lab.claim(map.is_empty() && set.is_empty());
    }
    let kept: Vec<_> = (0..3).filter_map(|_| lab.step(|| lab.self_cycle())).collect();
    for key in &kept {
        lab.step(|| map.insert(key, Carried::new(lab, &[key])));
    }
    lab.drop(map);
    lab.drop((kept, set));
    lab.collect();
    Some(())
}

fn interner(lab: &Lab) -> Option<()> {
    let words = Interner::with_hasher(BuildHasherDefault::<DefaultHasher>::default());
    let word = |number| Key(number, lab.plan.clone());
    let intern =
        |number| words.intern_with(&word(number), |word| lab.make(Key(word.0, word.1.clone())));
    let kept: Vec<_> = (0..12).filter_map(|number| lab.step(|| intern(number % 5))).collect();
    lab.claim(words.len() == 5);
    let found = lab.step(|| words.get(&word(3)));
    lab.drop(found);
    lab.drop(kept);
    lab.claim(words.is_empty());
    Some(())
}

fn freezing(lab: &Lab) -> Option<()> {
    let ring = lab.step(|| lab.ring(3))?;
    lab.frugal(|| lab.heap.freeze());
    lab.claim(lab.heap.frozen_count() == 3);
    lab.drop(ring);
    lab.collect();
    lab.claim(lab.heap.live_count() == 3);
    let young = lab.step(|| lab.ring(2))?;
    lab.drop(young);
    lab.collect();
    lab.frugal(|| lab.heap.unfreeze());
    lab.collect();
    lab.claim(lab.heap.live_count() == 0);
    Some(())
}

fn budgets(lab: &Lab) -> Option<()> {
    for _ in 0..3 {
        let ring = lab.step(|| lab.ring(2))?;
        lab.drop(ring);
    }
    let held = lab.step(|| lab.ring(2))?;
    for objects in [0, 1, 2, 4, 100] {
        lab.collecting(|| lab.heap.collect_within(Budget::objects(objects)));
    }
    lab.drop(held);
    lab.collecting(|| lab.heap.collect_within(Budget::objects(100)));
    lab.claim(lab.heap.live_count() == 0);
    Some(())
}

fn generations(lab: &Lab) -> Option<()> {
    use Generation::{Middle, Old, Young};
    let old = lab.step(|| lab.ring(2))?;
    for generation in [Young, Middle, Young, Old, Young, Middle] {
        let ring = lab.step(|| lab.ring(2))?;
        ring[0].link(&old[0]);
        lab.drop(ring);
        lab.collecting(|| lab.heap.collect_generation(generation));
    }
    lab.drop(old);
    lab.collecting(|| lab.heap.collect_generation(Young));
    lab.claim(lab.heap.live_count() == 2);
    lab.collect();
    lab.claim(lab.heap.live_count() == 0);
    Some(())
}

fn save_all(lab: &Lab) -> Option<()> {
    let hook = lab.hook(|| ());
    lab.heap.set_debug(DebugFlags::LEAK);
    lab.heap.set_debug_sink(Some(move |_| hook()));
    let ring = lab.step(|| lab.ring(3))?;
    lab.drop(ring);
    let collection = lab.collect();
    lab.claim(collection.is_some_and(|collection| collection.uncollectable == 3));
    let garbage = lab.step(|| lab.heap.take_garbage())?;
    lab.heap.set_debug(DebugFlags::NONE);
    lab.collect();
    lab.drop(garbage);
    lab.collect();
    lab.claim(lab.heap.live_count() == 0);
    Some(())
}

fn debug_records(lab: &Lab) -> Option<()> {
    let (hook, inner) = (lab.hook(|| ()), lab_of(lab));
    lab.heap.set_debug(DebugFlags::STATS | DebugFlags::COLLECTABLE);
    // It makes garbage, collects, and at the end replaces itself.
    let weak = Rc::downgrade(&inner);
    let mut calls = 0;
    lab.heap.set_debug_sink(Some(move |_| {
        calls += 1;
        if let Some(inner) = weak.upgrade() {
            inner.plan.hook(|| {
                drop(inner.self_cycle());
                inner.heap.collect();
                if calls == 6 {
                    inner.heap.set_debug_sink(None::<fn(gc_core::DebugRecord)>);
                }
            });
        }
    }));
    let ring = lab.step(|| lab.ring(2))?;
    lab.drop(ring);
    lab.collect();
    lab.heap.set_debug_sink(Some(move |_| hook()));
    lab.collect();
    lab.heap.set_debug(DebugFlags::NONE);
    lab.collect();
    Some(())
}

fn subscribers(lab: &Lab) -> Option<()> {
    let first = lab.heap.on_collection(collection_hook(lab));
    let inner = lab_of(lab);
    let weak = Rc::downgrade(&inner);
    let second = lab.heap.on_collection(move |_| {
        if let Some(inner) = weak.upgrade() {
            inner.plan.hook(|| {
                drop(inner.ring(2));
                inner.heap.collect();
            });
        }
    });
    for _ in 0..2 {
        let ring = lab.step(|| lab.ring(2))?;
        lab.drop(ring);
        lab.collect();
    }
    lab.step(|| drop(first));
    let own = Rc::new(Cell::new(None));
    let ends = own.clone();
    let call = lab.hook(move || drop(ends.take()));
    own.set(Some(lab.heap.on_collection(move |_| call())));
    lab.collect();
    lab.step(|| drop(second));
    lab.step(|| drop(own.take()));
    lab.collect();
    lab.claim(lab.heap.live_count() == 0);
    Some(())
}

fn collection_hook(lab: &Lab) -> impl Fn(&gc_core::CollectionEvent) + 'static {
    let hook = lab.hook(|| ());
    move |_| hook()
}

/// A heap beside the lab's, which ends before it.
fn second_lab(lab: &Lab) -> Lab {
    lab.plan.a_heap_ends();
    Lab::new(Heap::new(), &lab.plan)
}

fn shutdown(lab: &Lab) -> Option<()> {
    let second = second_lab(lab);
    let ran = Rc::<RefCell<Vec<usize>>>::default();
    let kept = lab.step(|| {
        let kept = second.node();
        kept.link(&second.self_cycle());
        for number in 0..3 {
            let ran = ran.clone();
            Gc::cleanup(&kept, lab.hook(move || ran.borrow_mut().push(number)));
            Gc::cleanup(&kept, || unreachable!("not at exit")).set_at_exit(false);
        }
        Gc::watch(&kept, lab.hook(|| ())).forget();
        drop(second.ring(3));
        kept
    })?;
    second.heap.on_collection(collection_hook(lab)).forget();
    let report = lab.ending(|| second.heap.shutdown());
    lab.claim(report.is_some_and(|report| report.cleanups == 3 && report.collected == 3));
    assert!(ran.take().is_sorted_by(|newer, older| newer > older), "the newest comes first");
    second.verify();
    let late = lab.step(|| second.node())?;
    lab.drop(late);
    lab.drop(kept);
    let leaked = lab.step(|| second.self_cycle())?;
    leaked.cut();
    lab.drop(leaked);
    lab.step(|| second.heap.collect());
    second.verify();
    // A second time, if a panic came between. Where every visit panics, it stays.
    lab.step(|| second.heap.collect());
    lab.claim(second.heap.live_count() == 0);
    lab.step(|| drop(second));
    Some(())
}

fn last_heap_value(lab: &Lab) -> Option<()> {
    for _ in 0..2 {
        let second = second_lab(lab);
        let kept = lab.step(|| {
            drop(second.ring(2));
            let kept = second.node();
            let heap = RefCell::new(Some(second.heap.clone()));
            kept.last_words(move |_| drop(heap.take()));
            Gc::cleanup(&kept, lab.hook(|| ()));
            kept
        })?;
        lab.step(|| drop(second));
        lab.step(|| drop(kept));
    }
    Some(())
}

fn several_heaps(lab: &Lab) -> Option<()> {
    let second = Lab::new(Heap::new(), &lab.plan);
    lab.outlives_program(&second);
    let (here, there) = lab.step(|| (lab.ring(2), second.ring(2)))?;
    here[0].link(&there[0]);
    let chain = lab.step(|| {
        let mut first = second.node();
        for number in 0..6 {
            let next = first;
            first = if number % 2 == 0 { lab.node() } else { second.node() };
            first.link(&next);
        }
        first
    })?;
    lab.drop(chain);
    lab.drop(there);
    lab.step(|| second.heap.collect());
    lab.claim(second.heap.live_count() == 2);
    lab.drop(here);
    lab.collect();
    lab.claim(lab.heap.live_count() == 0);
    lab.step(|| second.heap.collect());
    lab.claim(second.heap.live_count() == 0);
    Some(())
}

fn automatic_collections(lab: &Lab) -> Option<()> {
    let thresholds = Thresholds { young: 6, middle: 1, old: 1, ..Thresholds::default() };
    lab.heap.set_thresholds(thresholds);
    lab.heap.set_auto_collect(true);
    let subscription = lab.heap.on_collection(collection_hook(lab));
    let mut kept = Vec::new();
    for number in 0..6 {
        let ring = lab.step(|| lab.ring(2));
        if let Some(mut ring) = ring {
            if number % 3 == 0 {
                kept.extend(ring.pop());
            }
            lab.step(|| drop(ring));
        }
    }
    lab.claim(lab.heap.stats().generations.iter().any(|of| of.collections > 0));
    {
        let _pause = lab.heap.pause();
        let ring = lab.step(|| lab.ring(3));
        lab.step(|| drop(ring));
    }
    lab.heap.set_auto_collect(false);
    lab.step(|| drop(subscription));
    lab.drop(kept);
    lab.collect();
    lab.claim(lab.heap.live_count() == 0);
    Some(())
}

fn drops_that_drop_and_collect(lab: &Lab) -> Option<()> {
    let inner = lab_of(lab);
    let ring = lab.step(|| {
        let ring = lab.ring(2);
        for node in &ring {
            let (inner, other) = (inner.clone(), lab.ring(2));
            node.link(&lab.node_with(move || {
                drop(other);
                drop(inner.self_cycle());
                inner.heap.collect();
            }));
        }
        ring
    })?;
    lab.drop(ring);
    lab.collect();
    lab.collect();
    lab.claim(lab.heap.live_count() == 0);
    Some(())
}

fn inspection(lab: &Lab) -> Option<()> {
    struct Shown(Probe, Arc<Plan>);
    // SAFETY: reports nothing, which leaks at most, and there is nothing.
    unsafe impl Trace for Shown {
        fn trace(&self, _: &mut gc_core::Tracer<'_>) {}
    }
    impl std::fmt::Debug for Shown {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            self.0.check();
            self.1.hook(|| f.write_str("shown"))
        }
    }
    let ring = lab.step(|| lab.ring(2))?;
    let shown = lab.step(|| Gc::new_in(&lab.heap, Shown(lab.probe(), lab.plan.clone())))?;
    let slot = Slot::new(Some(shown));
    lab.step(|| format!("{slot:?}{slot:?}"));
    let hook = lab.hook(|| ());
    lab.step(|| lab.heap.for_each_object(|_| hook()));
    lab.step(|| lab.heap.referrers(&ring[0]).len());
    lab.step(|| Gc::referents(&ring[0]).len());
    let weak: Vec<_> = lab.step(|| lab.heap.objects().iter().map(|o| o.downgrade()).collect())?;
    lab.step(|| drop(slot));
    lab.drop(ring);
    lab.collect();
    lab.claim(weak.iter().all(gc_core::AnyWeak::is_dead));
    Some(())
}

fn thread_end(lab: &Lab) -> Option<()> {
    thread_local! {
        static HELD: RefCell<Vec<Gc<Node>>> = const { RefCell::new(Vec::new()) };
        static HELD_LONGER: RefCell<Vec<Gc<Node>>> = const { RefCell::new(Vec::new()) };
    }
    let plan = lab.plan.clone();
    plan.a_heap_ends();
    let thread = std::thread::spawn(move || {
        // Registered before the heap, so that it ends after it.
        HELD_LONGER.with(|_| ());
        let lab = Lab::new(Heap::current(), &plan);
        HELD.with(|_| ());
        let made = lab.step(|| {
            drop(lab.ring(3));
            let (held, longer) = (lab.self_cycle(), lab.node());
            Gc::cleanup(&held, lab.hook(|| ()));
            Gc::watch(&longer, lab.hook(|| ())).forget();
            longer.link(&lab.node());
            (held, longer)
        });
        if let Some((held, longer)) = made {
            HELD.with_borrow_mut(|all| all.push(held));
            HELD_LONGER.with_borrow_mut(|all| all.push(longer));
        }
    });
    thread.join().expect("the thread ends in peace");
    Some(())
}

/// An object with more handles than its header can count while it is judged: the rest is noted in a list,
/// which needs memory.
fn crowded_object(lab: &Lab) -> Option<()> {
    let crowded = lab.step(|| lab.self_cycle())?;
    // One goes at once, so that the object is a suspect.
    let mut held = vec![crowded.clone(); 1 << 17];
    held.pop();
    let collection = lab.collect();
    lab.claim(collection.is_some_and(|it| (it.candidates, it.collected) == (1, 0)));
    lab.drop(held);
    lab.drop(crowded);
    lab.collect();
    lab.collect();
    lab.claim(lab.heap.live_count() == 0);
    Some(())
}
