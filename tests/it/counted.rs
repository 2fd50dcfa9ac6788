//! An object ends with its last handle, at once and in a known order (conformance group RC); hunts
//! late, early and nested deaths, and access to a value through the wrong handle.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;

use crate::support::*;

#[test]
fn rc_01_no_collector_needed_without_cycles() {
    let world = World::quiet();
    let collections = Rc::new(Cell::new(0));
    let seen = collections.clone();
    let _subscription = world.heap.on_collection(move |_| seen.set(seen.get() + 1));

    // A tree: node n holds 2n + 1 and 2n + 2. A DAG: each holds the next two, so most have two parents.
    let tree: Vec<_> = (0..1000).map(|n| world.obj(n)).collect();
    let dag: Vec<_> = (1000..2000).map(|n| world.obj(n)).collect();
    let tree_edges: Vec<_> = (1..1000).map(|n: usize| ((n - 1) / 2, n)).collect();
    let dag_edges: Vec<_> =
        (0..999).map(|n| (n, n + 1)).chain((0..998).map(|n| (n, n + 2))).collect();
    for (nodes, edges) in [(&tree, &tree_edges), (&dag, &dag_edges)] {
        edges
            .iter()
            .for_each(|&(parent, child): &(usize, usize)| nodes[parent].link(&nodes[child]));
    }
    let roots = (tree[0].clone(), dag[0].clone());
    drop((tree, dag));
    assert_eq!(world.heap.live_count(), 2000);
    assert_eq!(world.log.events(), []);

    drop(roots);
    assert_eq!(world.heap.live_count(), 0);
    let events = world.log.events();
    assert_eq!((world.log.fins(), world.log.drops()), (2000, 2000));
    let at: std::collections::HashMap<_, _> =
        events.iter().enumerate().map(|(at, event)| (format!("{event:?}"), at)).collect();
    let at = |event: Event| at[&format!("{event:?}")];
    for (offset, edges) in [(0, &tree_edges), (1000, &dag_edges)] {
        for &(parent, child) in edges {
            let (parent, child) = (parent as u32 + offset, child as u32 + offset);
            // Each object is through with its end before its children begin theirs.
            assert!(at(Dropped(parent)) < at(Fin(child)), "{parent} comes before {child}");
        }
    }
    assert_eq!(collections.get(), 0);
    world.finish(0..2000, &[]);
}

#[derive(Trace)]
struct Holder {
    slot: Slot<Held>,
}

#[derive(Trace)]
#[trace(finalize)]
struct Held {
    holder: RefCell<Weak<Holder>>,
    #[trace(skip)]
    n: u32,
    #[trace(skip)]
    log: Log,
    /// What the finalizer found in the slot.
    #[trace(skip)]
    found: Rc<Cell<Option<u32>>>,
    /// Whether the finalizer puts something into the slot.
    #[trace(skip)]
    puts: bool,
}

impl Held {
    fn new(world: &World, n: u32, holder: &Gc<Holder>, found: &Rc<Cell<Option<u32>>>) -> Gc<Self> {
        let holder = RefCell::new(Gc::downgrade(holder));
        let (log, found) = (world.log.clone(), found.clone());
        Gc::new_in(&world.heap, Self { holder, n, log, found, puts: n == 1 })
    }
}

impl Finalize for Held {
    fn finalize(&self, cx: &FinalizeCx<'_, Self>) {
        self.log.push(Fin(self.n));
        let Some(holder) = self.holder.borrow().upgrade() else { return };
        self.found.set(holder.slot.get().map(|held| held.n));
        if self.puts {
            let fresh = Held {
                holder: RefCell::default(),
                n: self.n + 100,
                log: self.log.clone(),
                found: self.found.clone(),
                puts: false,
            };
            holder.slot.set(Some(Gc::new_in(&Gc::heap(&cx.handle()), fresh)));
        }
    }
}

#[test]
fn rc_02_replace_edge_is_reentrancy_safe() {
    let world = World::quiet();
    let found = Rc::new(Cell::new(Some(u32::MAX)));
    let a = Gc::new_in(&world.heap, Holder { slot: Slot::empty() });
    a.slot.set(Some(Held::new(&world, 1, &a, &found)));

    a.slot.set(None);
    assert_eq!(found.get(), None, "the finalizer saw the empty slot");
    assert_eq!(a.slot.get().map(|held| held.n), Some(101), "and what it wrote stands");

    a.slot.set(Some(Held::new(&world, 2, &a, &found)));
    assert_eq!(world.log.take(), [Fin(1), Fin(101)]);
    a.slot.set(Some(Held::new(&world, 3, &a, &found)));
    assert_eq!(found.get(), Some(3), "the finalizer of the old one saw the new one");
    drop(a.slot.take());
    assert_eq!(world.log.take(), [Fin(2), Fin(3)]);
    drop(a);
    world.finish([], &[]);
}

#[test]
fn siblings_end_in_the_order_of_their_fields_after_their_parent() {
    #[derive(Trace)]
    #[trace(finalize)]
    struct Parent {
        first: Gc<Obj>,
        middle: (Gc<Obj>, [Gc<Obj>; 2]),
        #[trace(skip)]
        probe: OnDrop,
        list: Vec<Gc<Obj>>,
        last: Option<Gc<Obj>>,
        #[trace(skip)]
        log: Log,
    }
    impl Finalize for Parent {
        fn finalize(&self, _: &FinalizeCx<'_, Self>) {
            for child in [&self.first, &self.middle.0, &self.middle.1[0], &self.list[0]] {
                child.check();
            }
            self.log.push(Fin(100));
        }
    }
    let world = World::quiet();
    let dropped = world.log.clone();
    let parent = Parent {
        first: world.obj(1),
        middle: (world.obj(2), [world.obj(3), world.obj(4)]),
        probe: OnDrop::new(move || dropped.push(Dropped(100))),
        list: vec![world.obj(5), world.obj(6)],
        last: Some(world.obj(7)),
        log: world.log.clone(),
    };
    parent.last.as_ref().unwrap().link(&world.obj(8));
    let parent = Gc::new_in(&world.heap, parent);
    assert!(parent.probe.is_armed());
    drop(parent);
    let expected: Vec<_> =
        [100].into_iter().chain(1..=8).flat_map(|n| [Fin(n), Dropped(n)]).collect();
    assert_eq!(world.log.events(), expected);
    world.finish([100].into_iter().chain(1..=8), &[]);
}

#[test]
fn objects_end_depth_first() {
    let world = World::quiet();
    let objects: Vec<_> = (0..7).map(|n| world.obj(n)).collect();
    for (parent, child) in [(0, 1), (0, 2), (1, 3), (1, 4), (2, 5), (2, 6)] {
        objects[parent].link(&objects[child]);
    }
    let root = objects[0].clone();
    drop(objects);
    drop(root);
    // One child, and all below it, before the next.
    let order = [0, 1, 3, 4, 2, 5, 6];
    assert_eq!(world.log.events(), order.map(|n| [Fin(n), Dropped(n)]).concat());
    world.finish(0..7, &[]);
}

/// More than wait in arrays: places in lists stand where their epochs were.
#[test]
fn objects_brought_back_from_a_long_queue_are_in_their_generation() {
    use Generation::{Middle, Old, Young};
    let world = World::quiet();
    let (root, back) = (world.obj(0), Rc::new(RefCell::new(Vec::new())));
    for (first, generation) in [(1, Some(Middle)), (101, Some(Young)), (201, None)] {
        for n in first..first + 100 {
            let child = world.obj(n);
            let list = back.clone();
            child.on_finalize(move |me| list.borrow_mut().push(me.clone()));
            root.link(&child);
        }
        if let Some(generation) = generation {
            world.heap.collect_generation(generation);
        }
    }
    drop(root);
    let back = back.take();
    assert!(back.iter().map(|object| object.n).eq(1..301), "in the order of the fields");
    for object in &back {
        let expected = [Old, Middle, Young][(object.n as usize - 1) / 100];
        assert_eq!(Gc::generation(object), expected, "{}", object.n);
    }
    world.heap.verify();
    drop(back);
    world.log.take();
    world.finish([], &[]);
}

#[test]
fn chain_that_alternates_between_heaps_dies_in_order() {
    let (one, other) = (World::quiet(), World::quiet());
    let chain: Vec<_> =
        (0..1000).map(|n| if n % 2 == 0 { one.obj(n) } else { other.obj(n) }).collect();
    chain.windows(2).for_each(|pair| pair[0].link(&pair[1]));
    let head = chain[0].clone();
    drop(chain);
    drop(head);
    let events = one.log.events();
    assert!(events.is_sorted_by_key(|event| match event {
        Fin(n) | Dropped(n) | Dead(n) | Clean(n) => *n,
    }));
    assert_eq!((one.heap.live_count(), other.heap.live_count()), (0, 0));
    one.finish((0..1000).step_by(2), &[]);
    other.finish((1..1000).step_by(2), &[]);
}

#[test]
fn object_brought_back_into_one_that_waits_for_its_end_dies_with_it() {
    // The finalizer of 1 hands 1 to 2, and lets go of 2.
    let world = World::quiet();
    let root = world.obj(0);
    for n in [1, 2] {
        root.link(&world.obj(n));
    }
    let second = Rc::new(RefCell::new(Some(root.edge(1))));
    root.edge(0).on_finalize(move |me| {
        let second = second.take().unwrap();
        second.link(me);
    });
    drop(root);
    assert_eq!(world.log.events(), [Fin(0), Dropped(0), Fin(1), Fin(2), Dropped(2), Dropped(1)]);
    world.finish(0..3, &[]);
}

// ---- one handle's privileges ---------------------------------------------------------------------

#[test]
fn counts_are_those_of_the_user() {
    let world = World::quiet();
    let object = world.self_cycle(1);
    let counts = Rc::new(Cell::new((0, 0)));
    let seen = counts.clone();
    object.on_finalize(move |me| seen.set((Gc::strong_count(me), Gc::weak_count(me))));
    let weak = Gc::downgrade(&object);
    assert_eq!((Gc::strong_count(&object), weak.strong_count()), (2, 2));
    drop(object);
    assert_eq!(weak.strong_count(), 1);
    world.heap.collect();
    // The edge and the handle lent to the finalizer; the heap's pin does not show.
    assert_eq!(counts.get(), (2, 1));
    assert_eq!((weak.strong_count(), weak.weak_count()), (0, 0));

    let object = world.obj(2);
    let seen = counts.clone();
    object.on_finalize(move |me| seen.set((Gc::strong_count(me), Gc::weak_count(me))));
    drop(object);
    assert_eq!(counts.get(), (1, 0));
    world.finish([1, 2], &[]);
}

#[test]
fn try_unwrap_gives_the_value_and_ends_the_object() {
    let world = World::quiet();
    let object = world.obj(1);
    object.link(&world.obj(2));
    let weak = Gc::downgrade(&object);
    let alive_in_call = Rc::new(Cell::new(true));
    let (seen, probe) = (alive_in_call.clone(), weak.clone());
    let watch = Gc::watch(&object, move || seen.set(probe.upgrade().is_some()));
    let tag = world.log.clone();
    let cleanup = Gc::cleanup(&object, move || tag.push(Clean(1)));

    let other = object.clone();
    let object = Gc::try_unwrap(object).err().expect("there is another handle");
    drop(other);
    let value = Gc::try_unwrap(object).ok().expect("it is the only handle");
    assert!(weak.is_dead() && watch.is_dead() && !cleanup.is_alive());
    assert!(!alive_in_call.get());
    assert_eq!(world.log.take(), [Clean(1)], "neither finalized nor dropped");
    assert_eq!(world.heap.live_count(), 1);
    value.check();
    value.edge(0).check();
    drop(value);
    let events = world.log.events();
    assert_eq!(events, [Fin(2), Dropped(2), Dropped(1)]);
    world.finish([1, 2], &[]);
}

#[test]
fn try_unwrap_of_a_self_cycle_refuses() {
    let world = World::quiet();
    let object = Gc::try_unwrap(world.self_cycle(1)).err().expect("it holds itself");
    object.cut();
    let value = Gc::into_inner(object).expect("it does no more");
    drop(value);
    assert_eq!(world.log.events(), [Dropped(1)]);
    world.finish([1], &[]);
}

#[test]
fn into_inner_gives_the_value_to_the_last() {
    let world = World::quiet();
    let handles: Vec<_> = std::iter::repeat_n(world.obj(1), 3).collect();
    let values: Vec<_> = handles.into_iter().map(Gc::into_inner).collect();
    assert!(values[0].is_none() && values[1].is_none() && values[2].is_some());
    drop(values);
    world.finish([1], &[]);
}

#[test]
fn try_unwrap_with_a_panicking_watch_loses_nothing_but_the_value() {
    let world = World::quiet();
    let object = world.obj(1);
    let _watch = Gc::watch(&object, || panic!("from the watch"));
    let outcome = catch_unwind(AssertUnwindSafe(|| Gc::try_unwrap(object).is_ok()));
    assert_eq!(message(&*outcome.unwrap_err()), "from the watch");
    assert_eq!(world.log.events(), [Dropped(1)]);
    world.finish([1], &[]);
}

#[test]
fn finalizer_cannot_take_its_own_value() {
    let world = World::quiet();
    for object in [world.obj(1), world.self_cycle(2)] {
        object.on_finalize(|me| {
            let mut me = me.clone();
            assert!(Gc::get_mut(&mut me).is_none());
            let me = Gc::try_unwrap(me).err().expect("the heap holds it for its finalizer");
            assert!(Gc::into_inner(me).is_none());
        });
    }
    world.heap.collect();
    world.finish([1, 2], &[]);
}

#[test]
fn get_mut_needs_the_only_handle_and_no_weak_one() {
    let world = World::quiet();
    let mut object = world.obj(1);
    Gc::get_mut(&mut object).expect("unique").n = 10;
    assert_eq!(object.n, 10);

    let other = object.clone();
    assert!(Gc::get_mut(&mut object).is_none());
    drop(other);
    let weak = Gc::downgrade(&object);
    assert!(Gc::get_mut(&mut object).is_none(), "the weak handle could be upgraded");
    drop(weak.clone());
    assert!(Gc::get_mut(&mut object).is_none());
    drop(weak);
    let watch = world.watch(&object, 1);
    assert!(Gc::get_mut(&mut object).is_none(), "so could the watch");
    drop(watch);
    let map = WeakValueMap::new();
    map.insert(1, &object);
    assert!(Gc::get_mut(&mut object).is_none(), "so could the map");
    drop(map);
    world.watch(&object, 2).forget();
    let _cleanup = Gc::cleanup(&object, || ());
    assert!(Gc::get_mut(&mut object).is_some(), "a call alone leads nowhere");
    object.link(&object);
    assert!(Gc::get_mut(&mut object).is_none());
    object.cut();
    drop(object);
    assert_eq!(world.log.events(), [Fin(10), Dropped(1), Dead(2)]);
    world.finish([], &[]);
}

#[test]
fn collector_and_enumerations_leave_an_object_under_get_mut_alone() {
    let world = World::quiet();
    let mut object = world.obj(1);
    object.link(&world.self_cycle(2));
    object.edge(0).link(&object);
    object.edge(0).edges.borrow_mut().pop();
    let mut guard = Gc::get_mut(&mut object).expect("unique");
    // The edges are taken out by `&mut` while the heap collects.
    let edges = std::mem::take(guard.edges.get_mut());
    assert_eq!(world.heap.collect().collected, 0);
    assert_eq!(world.heap.objects().len(), 1, "the one under the guard is not shown");
    *guard.edges.get_mut() = edges;
    assert_eq!(world.heap.collect().collected, 0);
    drop(guard);
    assert_eq!(world.heap.objects().len(), 2);
    let held = object.edge(0);
    held.link(&object);
    drop((held, object));
    assert_eq!(world.heap.collect().collected, 2);
    world.finish([1, 2], &[]);
}

#[test]
fn leaked_guard_costs_only_cycles_through_its_object() {
    let world = World::quiet();
    let mut object = world.obj(1);
    object.link(&world.self_cycle(2));
    std::mem::forget(Gc::get_mut(&mut object).expect("unique"));
    assert_eq!(world.heap.collect().collected, 0);
    object.check();
    drop(object);
    assert_eq!(world.log.take(), [Fin(1), Dropped(1)]);
    assert_eq!(world.heap.collect().collected, 1);
    world.finish([2], &[]);
}

/// A value that can be cloned, and counts it.
#[derive(Trace)]
#[trace(finalize)]
struct Sheet {
    edge: Slot<Sheet>,
    #[trace(skip)]
    n: u32,
    #[trace(skip)]
    log: Log,
    #[trace(skip)]
    clones: Rc<Cell<u32>>,
    #[trace(skip)]
    probe: OnDrop,
}

impl Sheet {
    fn value(n: u32, log: &Log) -> Self {
        let dropped = log.clone();
        let probe = OnDrop::new(move || dropped.push(Dropped(n)));
        Self { edge: Slot::empty(), n, log: log.clone(), clones: Rc::default(), probe }
    }
}

impl Finalize for Sheet {
    fn finalize(&self, _: &FinalizeCx<'_, Self>) {
        self.log.push(Fin(self.n));
    }
}

impl Clone for Sheet {
    fn clone(&self) -> Self {
        assert!(self.n < 1000, "no clone of {}", self.n);
        self.clones.set(self.clones.get() + 1);
        let mut clone = Sheet::value(self.n + 100, &self.log);
        clone.edge = self.edge.clone();
        clone
    }
}

#[test]
fn make_mut_keeps_clones_or_moves() {
    let world = World::quiet();
    let mut sheet = Gc::new_in(&world.heap, Sheet::value(1, &world.log));
    let clones = sheet.clones.clone();

    let place = Gc::as_ptr(&sheet);
    assert!(Gc::make_mut(&mut sheet).probe.is_armed());
    assert_eq!((Gc::as_ptr(&sheet), clones.get()), (place, 0), "unique: kept");

    let other = sheet.clone();
    Gc::make_mut(&mut sheet).n += 1000;
    assert_eq!((sheet.n, other.n, clones.get()), (1101, 1, 1), "shared: cloned");
    assert_eq!(Gc::heap(&sheet), world.heap);
    drop(other);
    assert_eq!(world.log.take(), [Fin(1), Dropped(1)]);

    let weak = Gc::downgrade(&sheet);
    let dead = Rc::new(Cell::new(false));
    let (seen, probe) = (dead.clone(), weak.clone());
    let watch = Gc::watch(&sheet, move || seen.set(probe.is_dead()));
    Gc::make_mut(&mut sheet).n += 1;
    assert_eq!((sheet.n, clones.get()), (1102, 1), "weakly shared: moved");
    assert!(weak.is_dead() && watch.is_dead() && dead.get());
    assert_eq!((Gc::weak_count(&sheet), Gc::strong_count(&sheet)), (0, 1));
    assert_eq!(world.log.take(), [], "neither finalized nor dropped");
    assert_eq!(world.heap.live_count(), 1);
    drop(sheet);
    assert_eq!(world.log.events(), [Fin(1102), Dropped(101)]);
    world.finish([101], &[]);
}

#[test]
fn make_mut_of_a_self_cycle_clones() {
    let world = World::quiet();
    let mut sheet = Gc::new_in(&world.heap, Sheet::value(1, &world.log));
    sheet.edge.set(Some(sheet.clone()));
    let old = Gc::downgrade(&sheet);
    Gc::make_mut(&mut sheet).n += 1;
    assert_eq!(sheet.n, 102);
    assert!(Gc::ptr_eq(&sheet.edge.get().unwrap(), &old.upgrade().unwrap()));
    assert_eq!(world.heap.collect().collected, 0);
    drop(sheet);
    assert_eq!(world.heap.collect().collected, 1);
    assert!(old.is_dead());
    world.finish([1, 101], &[]);
}

#[test]
fn make_mut_whose_clone_panics_changes_nothing() {
    let world = World::quiet();
    let mut sheet = Gc::new_in(&world.heap, Sheet::value(1001, &world.log));
    let other = sheet.clone();
    let outcome = catch_unwind(AssertUnwindSafe(|| Gc::make_mut(&mut sheet).n));
    assert_eq!(message(&*outcome.unwrap_err()), "no clone of 1001");
    assert!(Gc::ptr_eq(&sheet, &other));
    assert_eq!((Gc::strong_count(&sheet), world.heap.live_count()), (2, 1));
    drop(other);
    assert_eq!(Gc::make_mut(&mut sheet).n, 1001);
    drop(sheet);
    world.finish([1001], &[]);
}

#[test]
fn make_mut_looks_again_when_its_allocation_collects() {
    let world = World::quiet();
    let mut sheet = Gc::new_in(&world.heap, Sheet::value(1, &world.log));
    let weak = Gc::downgrade(&sheet);
    // Garbage whose finalizer makes a second handle, in the collection that the allocation sets off.
    let garbage = world.self_cycle(50);
    let stash = Rc::new(RefCell::new(None));
    let stashed = stash.clone();
    garbage.on_finalize(move |_| *stashed.borrow_mut() = weak.upgrade());
    drop(garbage);
    world.heap.set_thresholds(Thresholds { young: 1, ..Thresholds::default() });
    world.heap.set_auto_collect(true);
    Gc::make_mut(&mut sheet).n += 1;
    world.heap.set_auto_collect(false);
    let other = stash.take().expect("the finalizer ran in `make_mut`");
    assert_eq!((sheet.n, other.n), (102, 1));
    assert!(!Gc::ptr_eq(&sheet, &other));
    assert_eq!(world.heap.live_count(), 2, "the slot that was made in vain is gone");
    drop((sheet, other));
    world.finish([1, 101, 50], &[]);
}

#[test]
fn unwrap_or_clone_moves_when_it_can() {
    let world = World::quiet();
    let sheet = Gc::new_in(&world.heap, Sheet::value(1, &world.log));
    let other = sheet.clone();
    let clone = Gc::unwrap_or_clone(sheet);
    assert_eq!((clone.n, other.clones.get()), (101, 1));
    let clones = other.clones.clone();
    let value = Gc::unwrap_or_clone(other);
    assert_eq!((value.n, clones.get()), (1, 1));
    assert_eq!(world.heap.live_count(), 0);
    drop((clone, value));
    world.finish([1, 101], &[]);
}

#[test]
fn pinned_value_stays() {
    let world = World::quiet();
    let place = Gc::pin_in(&world.heap, 5);
    let mut gc: Gc<i32> = Pin::into_inner(place);
    let address = Gc::as_ptr(&gc);
    assert!(Gc::get_mut(&mut gc).is_none());
    assert_eq!(*Gc::make_mut(&mut gc), 5);
    assert_ne!(Gc::as_ptr(&gc), address, "a clone in a place of its own");
    drop(gc);
    let gc: Gc<i32> = Pin::into_inner(Gc::pin_in(&world.heap, 5));
    let gc = Gc::try_unwrap(gc).unwrap_err();
    assert_eq!(Gc::unwrap_or_clone(gc.clone()), 5);
    assert!(Gc::into_inner(gc).is_none());
    world.finish([], &[]);
}

#[test]
fn drop_that_panics_ends_its_object_and_all_that_hangs_off_it() {
    let world = World::quiet();
    let parent = world.obj(1);
    parent.link(&world.obj(2));
    parent.on_drop(|| panic!("from a field"));
    let weak = Gc::downgrade(&parent);
    let _watch = world.watch(&parent, 1);
    let outcome = catch_unwind(AssertUnwindSafe(|| drop(parent)));
    assert_eq!(message(&*outcome.unwrap_err()), "from a field");
    assert!(weak.is_dead());
    assert_eq!(world.log.events(), [Fin(1), Dropped(1), Dead(1), Fin(2), Dropped(2)]);
    world.finish([1, 2], &[]);
}

#[test]
fn room_for_a_value_with_handles_is_given_back_without_one() {
    let world = World::quiet();
    drop(Gc::<Option<Gc<u8>>>::new_uninit_in(&world.heap));
    drop(Gc::<[Option<Gc<u8>>]>::new_uninit_slice_in(&world.heap, 3));
    let room = Gc::<Option<Gc<u8>>>::new_uninit_in(&world.heap);
    drop((room.clone(), room)); // a suspect
    world.finish([], &[]);
}
