//! Whoever was let go of stays a suspect until a judgement over everything acquits it. Hunted: cycles
//! that nobody looks at again, because the only suspect among them was forgotten; and counts that give
//! out before the handles do.

use crate::support::*;
use Generation::{Middle, Old, Young};

const GENERATIONS: [Generation; 3] = [Young, Middle, Old];

// ---- held by an older object that is garbage with it ---------------------------------------------

/// Two objects of the given generations that hold each other. Only `young` was ever let go of: the one
/// handle to `old` was moved, so whatever leads a collection to it has to begin at the other.
struct Pair {
    old: Weak<Obj>,
    young: Weak<Obj>,
}

impl Pair {
    fn let_go_of(world: &World, old: Generation, young: Generation) -> Self {
        // Made in the order of age, each with the collection that takes it to its generation.
        let mut made = [None, None];
        for age in [Old, Middle, Young] {
            for (n, target) in [old, young].into_iter().enumerate() {
                if target == age {
                    made[n] = Some(world.obj(u32::try_from(n).expect("it is 0 or 1")));
                }
            }
            match age {
                Young => {}
                Middle => _ = world.heap.collect_generation(Young),
                Old => _ = world.heap.collect(),
            }
        }
        let [Some(o), Some(y)] = made else { unreachable!("both are made") };
        assert_eq!((Gc::generation(&o), Gc::generation(&y)), (old, young));
        let pair = Self { old: Gc::downgrade(&o), young: Gc::downgrade(&y) };
        o.link(&y);
        y.edges.borrow_mut().push(o);
        drop(y);
        pair
    }

    fn is_there(&self) -> bool {
        assert_eq!(self.old.is_dead(), self.young.is_dead(), "they go together");
        !self.old.is_dead()
    }
}

/// Runs `between` on a pair of every two generations, then a full collection: nothing may be left.
fn every_pair(between: impl Fn(&World, &Pair)) {
    for old in GENERATIONS {
        for young in GENERATIONS {
            let world = World::quiet();
            let pair = Pair::let_go_of(&world, old, young);
            between(&world, &pair);
            world.heap.collect();
            assert!(!pair.is_there(), "a cycle through {old:?} and {young:?} was forgotten");
            world.finish(0..2, &[]);
        }
    }
}

#[test]
fn survivor_of_a_partial_judgement_stays_a_suspect() {
    every_pair(|_, _| {});
    every_pair(|world, pair| {
        let (mut old, mut young) = (generation(&pair.old), generation(&pair.young));
        for judged in [Young, Young, Middle, Young, Middle] {
            if !pair.is_there() {
                break;
            }
            let collected = world.heap.collect_generation(judged).collected;
            if old.max(young) <= judged {
                assert_eq!(collected, 2, "both are judged");
            } else {
                assert_eq!(collected, 0, "the one in {:?} holds the other", old.max(young));
                for age in [&mut old, &mut young] {
                    *age = if *age <= judged { one_up(judged) } else { *age };
                }
            }
        }
    });
}

/// The generation of what a weak handle points to, without a handle: that would make a suspect.
fn generation(weak: &Weak<Obj>) -> Generation {
    let raw = weak.as_ptr();
    assert!(!weak.is_dead());
    // SAFETY: the object lives, and nothing is dropped: the count is as it was.
    let gc = std::mem::ManuallyDrop::new(unsafe { Gc::from_raw(raw) });
    Gc::generation(&gc)
}

fn one_up(judged: Generation) -> Generation {
    if judged == Young { Middle } else { Old }
}

#[test]
fn suspect_that_was_frozen_is_one_after_thawing() {
    for at in GENERATIONS {
        every_pair(|world, pair| {
            world.heap.freeze();
            assert_eq!(world.heap.collect_generation(at).collected, 0);
            world.heap.unfreeze();
            assert!(pair.is_there());
            // Thawed, they are Old: no partial judgement sees them, and none acquits them.
            assert_eq!(world.heap.collect_generation(Middle).collected, 0);
        });
    }
}

#[test]
fn half_of_a_cycle_may_be_frozen_and_thawed() {
    // What is frozen holds the rest, however often that is judged; full judgements included.
    let world = World::quiet();
    let old = world.obj(0);
    world.heap.freeze();
    let young = world.obj(1);
    old.link(&young);
    young.edges.borrow_mut().push(old);
    drop(young);
    for judged in [Young, Middle, Old, Old] {
        assert_eq!(world.heap.collect_generation(judged).collected, 0);
    }
    assert_eq!(world.heap.collect().candidates, 0, "acquitted: nothing but the frozen holds it");
    world.heap.unfreeze();
    assert_eq!(world.heap.collect().collected, 2);
    world.finish(0..2, &[]);
}

#[test]
fn resurrected_suspect_stays_one() {
    for judged in GENERATIONS {
        every_pair(|world, pair| {
            let saved = Rc::new(RefCell::new(Vec::new()));
            let store = saved.clone();
            pair.young.with(|young| {
                young.on_finalize(move |me| store.borrow_mut().push(me.clone()));
            });
            world.heap.collect();
            assert!(pair.is_there(), "it was brought back");
            assert_eq!(world.heap.collect_generation(judged).collected, 0);
            drop(saved.take());
            assert_eq!(world.heap.collect_generation(Middle).collected, 0, "it is old by now");
        });
    }
}

/// A value whose `Trace` panics at its first visit.
struct Moody {
    calm: Cell<bool>,
    me: Slot<Moody>,
}

// SAFETY: reports its handle once. That it panics is what the tests are about.
unsafe impl Trace for Moody {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        assert!(self.calm.replace(true), "not today");
        self.me.trace(tracer);
    }
}

/// Makes the next collection of any generation give up.
fn spoil_next_collection(heap: &Heap) {
    let moody = Gc::new_in(heap, Moody { calm: Cell::new(false), me: Slot::empty() });
    moody.me.set(Some(moody.clone()));
}

#[test]
fn suspect_of_a_collection_that_was_given_up_stays_one() {
    for judged in GENERATIONS {
        every_pair(|world, pair| {
            let errors = collect_errors(&world.heap);
            spoil_next_collection(&world.heap);
            let collection = world.heap.collect_generation(judged);
            assert_eq!(collection.given_up, Some(GivenUp::TracePanicked));
            assert!(pair.is_there());
            assert_eq!(errors.take().len(), 1);
        });
    }
}

/// Lets a collection, which may be spoilt, pass while somebody has `&mut` to a young suspect. Then that is
/// garbage.
fn suspect_under_get_mut(world: &World, judged: Generation, spoilt: bool) {
    let mut object = world.obj(1);
    drop(object.clone());
    if spoilt {
        spoil_next_collection(&world.heap);
    }
    let exclusive = Gc::get_mut(&mut object).expect("nobody else");
    let collection = world.heap.collect_generation(judged);
    assert_eq!((collection.given_up.is_some(), collection.collected), (spoilt, 0));
    drop(exclusive);
    object.link(&object);
}

#[test]
fn suspect_under_get_mut_stays_one() {
    for judged in GENERATIONS {
        for spoilt in [false, true] {
            let world = World::quiet();
            let errors = collect_errors(&world.heap);
            suspect_under_get_mut(&world, judged, spoilt);
            world.heap.collect();
            assert_eq!((world.log.drops(), errors.take().len()), (1, usize::from(spoilt)));
            world.finish([1], &[]);
        }
    }
}

#[test]
fn suspect_under_get_mut_stays_a_young_one_if_the_collection_was_given_up() {
    for judged in GENERATIONS {
        let world = World::quiet();
        let errors = collect_errors(&world.heap);
        suspect_under_get_mut(&world, judged, true);
        world.heap.collect_generation(Young);
        assert_eq!((world.log.drops(), errors.take().len()), (1, 1));
        world.finish([1], &[]);
    }
}

#[test]
fn suspect_of_a_collection_whose_second_judgement_was_given_up_stays_one() {
    // The ring's finalizers make the collection judge twice; the second visit panics.
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
    for judged in GENERATIONS {
        every_pair(|world, pair| {
            let errors = collect_errors(&world.heap);
            let late = Gc::new_in(&world.heap, Late { visits: Cell::new(0), me: Slot::empty() });
            late.me.set(Some(late.clone()));
            drop(late);
            drop(world.ring(10, 2));
            let collection = world.heap.collect_generation(judged);
            assert_eq!(collection.given_up, Some(GivenUp::TracePanicked));
            assert!(pair.is_there());
            assert_eq!(errors.take().len(), 1);
        });
    }
}

#[test]
fn suspect_of_a_judgement_cut_short_stays_one() {
    for budget in [0, 1, 2, 5, 50, 500] {
        every_pair(|world, pair| {
            let kept: Vec<_> = (10..110).map(|n| world.obj(n)).collect();
            kept.iter().for_each(|object| drop(object.clone()));
            for _ in 0..3 {
                let part = world.heap.collect_within(Budget::objects(budget));
                assert_eq!(part.complete, budget == 500);
                pair.is_there();
            }
        });
    }
}

#[test]
fn suspect_survives_all_of_it_in_any_order() {
    // Every sequence of three things that a cycle can live through.
    type Trial = fn(&World);
    let trials: [Trial; 6] = [
        |world| {
            world.heap.collect_generation(Young);
        },
        |world| {
            world.heap.collect_generation(Middle);
        },
        |world| {
            world.heap.freeze();
            world.heap.collect();
            world.heap.unfreeze();
        },
        |world| {
            let errors = collect_errors(&world.heap);
            spoil_next_collection(&world.heap);
            world.heap.collect_generation(Young);
            assert_eq!(errors.take().len(), 1);
        },
        |world| {
            world.heap.collect_within(Budget::objects(1));
        },
        |world| drop(world.obj(9)),
    ];
    for sequence in 0..trials.len().pow(3) {
        every_pair(|world, _| {
            let mut rest = sequence;
            for _ in 0..3 {
                trials[rest % trials.len()](world);
                rest /= trials.len();
            }
        });
    }
}

#[test]
fn only_a_judgement_over_everything_acquits() {
    let world = World::quiet();
    let live = world.obj(1);
    drop(live.clone());
    for judged in [Young, Middle] {
        assert_eq!(world.heap.collect_generation(judged).candidates, 1);
    }
    assert_eq!(world.heap.collect_generation(Middle).candidates, 0, "it is a suspect of Old now");
    assert_eq!(world.heap.collect().candidates, 1);
    assert_eq!(world.heap.collect().candidates, 0, "acquitted");
    drop(live.clone());
    assert_eq!(world.heap.collect().candidates, 1, "let go of again");
    drop(live);
    world.finish([1], &[]);
}

#[test]
fn suspect_behind_an_open_cell_is_found_once_the_cell_is_closed() {
    // The judgement that acquits the tail could not look into the cell that holds it.
    let world = World::quiet();
    let (a, b) = (world.obj(1), world.obj(2));
    a.link(&b);
    b.link(&a);
    drop(b);
    let open = a.edges.borrow_mut();
    assert_eq!(world.heap.collect().collected, 0);
    drop(open);
    drop(a);
    assert_eq!(world.heap.collect().collected, 2);
    world.finish(1..3, &[]);
}

// ---- moved into what it leads to, through a loan -------------------------------------------------

/// A chain of objects, the last of which is returned with a handle to the first.
fn chain(world: &World, len: u32) -> (Gc<Obj>, Weak<Obj>) {
    let first = world.obj(0);
    let mut last = first.clone();
    for n in 1..len {
        let next = world.obj(n);
        last.edges.borrow_mut().push(next.clone());
        last = next;
    }
    (first, Gc::downgrade(&last))
}

/// Hands `handle` to the last object of the chain that begins with `from`, without a handle to any.
fn store_at_the_end(from: &Obj, handle: Gc<Obj>) {
    match from.edges.borrow().first() {
        Some(next) => return store_at_the_end(next, handle),
        None => from.check(),
    }
    from.edges.borrow_mut().push(handle);
}

#[test]
fn last_handle_moved_through_a_loan_into_what_it_leads_to_leaves_a_suspect() {
    for len in [1, 2, 3, 10] {
        for age in GENERATIONS {
            let world = World::quiet();
            let (first, last) = chain(&world, len);
            let weak = Gc::downgrade(&first);
            // Acquits all, so that nothing but the loan can make a suspect.
            world.heap.collect();
            assert_eq!(world.heap.collect().candidates, 0);
            let cell = Cell::new(Some(first));
            weak.with(|first| store_at_the_end(first, cell.take().expect("it is the only one")));
            assert_eq!(weak.strong_count(), 1, "the chain alone holds its first");
            assert_eq!(world.heap.collect_generation(age).collected, {
                if age == Old { len as usize } else { 0 }
            });
            world.heap.collect();
            assert!(weak.is_dead() && last.is_dead());
            world.finish(0..len, &[]);
        }
    }
}

#[test]
fn whatever_lends_a_value_counts_its_handle() {
    type Lend = fn(&World, Gc<Obj>);
    let lenders: [(&str, Lend); 5] = [
        ("a weak handle's look", |_, only| {
            let (weak, only) = (Gc::downgrade(&only), Cell::new(Some(only)));
            weak.with(|value| value.edges.borrow_mut().extend(only.take()));
        }),
        ("an upgraded weak handle", |_, only| {
            let lent = Gc::downgrade(&only).upgrade().expect("it lives");
            lent.edges.borrow_mut().push(only);
        }),
        ("an enumeration of the heap", |world, only| {
            let only = Cell::new(Some(only));
            world.heap.for_each_object(|object| {
                let Ok(lent) = object.downcast::<Obj>() else {
                    unreachable!("all are of one type")
                };
                lent.edges.borrow_mut().extend(only.take());
            });
        }),
        ("a watch", |world, only| {
            let watch = world.watch(&only, 7);
            let lent = watch.upgrade().expect("it lives");
            lent.edges.borrow_mut().push(only);
        }),
        ("a map of weak values", |_, only| {
            let map = WeakValueMap::new();
            map.insert(1, &only);
            let lent = map.get(&1).expect("it lives");
            lent.edges.borrow_mut().push(only);
        }),
    ];
    for (name, lend) in lenders {
        let world = World::quiet();
        let only = world.obj(1);
        let weak = Gc::downgrade(&only);
        world.heap.collect();
        assert_eq!(world.heap.collect().candidates, 0);
        lend(&world, only);
        assert_eq!(weak.strong_count(), 1);
        assert_eq!(world.heap.collect().collected, 1, "lent by {name}");
        world.finish([1], &[]);
    }
}

#[test]
fn finalizer_that_ties_its_object_into_a_cycle_of_others_leaves_a_suspect() {
    // The finalizer's `&self` is a loan: what is stored meanwhile is found afterwards.
    let world = World::quiet();
    let (dying, other) = (world.obj(1), world.obj(2));
    let weak = Gc::downgrade(&dying);
    dying.edges.borrow_mut().push(other);
    dying.on_finalize(|me| me.edges.borrow()[0].edges.borrow_mut().push(me.clone()));
    drop(dying);
    assert!(!weak.is_dead());
    assert_eq!(world.heap.collect().collected, 2);
    world.finish(1..3, &[]);
}

#[test]
fn a_page_may_have_suspects_of_every_age() {
    let world = World::quiet();
    let mut held = Vec::new();
    // Suspects while they are held, and never again noted as such.
    for (n, generation) in [(1, Some(Middle)), (2, Some(Young)), (3, None)] {
        let object = world.self_cycle(n);
        drop(object.clone());
        held.push(object);
        if let Some(generation) = generation {
            world.heap.collect_generation(generation);
        }
        world.heap.verify();
    }
    assert_eq!(held.iter().map(Gc::generation).collect::<Vec<_>>(), [Old, Middle, Young]);
    drop(held);
    assert_eq!(world.heap.collect().collected, 3);
    world.finish(1..4, &[]);
}

#[test]
fn a_page_of_suspects_may_come_back_as_one_of_leaves() {
    let world = World::quiet();
    let make = |_| Gc::new_in(&world.heap, Slot::<Obj>::empty());
    let nodes: Vec<_> = (0..many(20_000)).map(make).collect();
    drop(nodes.clone()); // all are suspects
    drop(nodes);
    let leaves: Vec<_> = (0..20_000_u64).map(|n| Gc::new_in(&world.heap, n)).collect();
    world.heap.verify();
    assert_eq!(world.heap.collect().candidates, 0);
    let nodes: Vec<_> = (0..many(20_000)).map(make).collect();
    assert_eq!(world.heap.collect().candidates, 0);
    drop((leaves, nodes));
    world.finish([], &[]);
}

#[test]
fn a_collection_of_young_finds_its_suspects_however_many_others_were_noted_and_died() {
    for number in [1, 7, 8, 9, 1023, 1024, 1025, 1500] {
        let world = World::quiet();
        let mut temporaries = Vec::new();
        for n in 0..number {
            let temporary = world.obj(n);
            drop(temporary.clone()); // a suspect
            temporaries.push(temporary);
            drop(world.self_cycle(number + n)); // another
            if n % 3 == 0 {
                temporaries.pop();
            }
        }
        drop(temporaries);
        world.heap.verify();
        let collection = world.heap.collect_generation(Young);
        assert_eq!(collection.collected, number as usize, "of {number}");
        assert_eq!(collection.candidates, number as usize, "of {number}");
        world.finish(0..2 * number, &[]);
    }
}

// ---- a steady program ------------------------------------------------------------------------------

/// How a big cycle may have grown old.
#[derive(Clone, Copy, Debug)]
enum Grown {
    Quietly,
    AsSuspects,
    Frozen,
    ThroughAGivenUpCollection,
}

#[test]
fn temporaries_alone_bring_about_the_sweep_of_a_big_old_cycle() {
    for grown in
        [Grown::Quietly, Grown::AsSuspects, Grown::Frozen, Grown::ThroughAGivenUpCollection]
    {
        let world = World::quiet();
        let ring = world.ring(0, 1000);
        match grown {
            Grown::Quietly => _ = world.heap.collect(),
            Grown::AsSuspects => {
                ring.iter().for_each(|object| drop(object.clone()));
                world.heap.collect_generation(Young);
                world.heap.collect_generation(Middle);
            }
            Grown::Frozen => {
                world.heap.freeze();
            }
            Grown::ThroughAGivenUpCollection => {
                let errors = collect_errors(&world.heap);
                world.heap.collect_generation(Middle);
                ring.iter().for_each(|object| drop(object.clone()));
                spoil_next_collection(&world.heap);
                world.heap.collect();
                assert_eq!(errors.take().len(), 1);
            }
        }
        let weak = Gc::downgrade(&ring[0]);
        if matches!(grown, Grown::AsSuspects) {
            // Not let go of by a drop: each handle moves into its neighbour, through a loan of which
            // nothing new is learnt, since all are suspects already.
            for object in ring {
                let neighbour = Gc::downgrade(&object.edge(1));
                let object = Cell::new(Some(object));
                neighbour.with(|neighbour| neighbour.edges.borrow_mut().extend(object.take()));
            }
        } else {
            drop(ring);
        }
        world.heap.unfreeze();
        automatic(&world.heap, 100, 10, 10);
        // Acyclic, one at a time: the heap never grows, and no other collection is due.
        let mut made = 0;
        while !weak.is_dead() && made < 100_000 {
            drop(Gc::new_in(&world.heap, Slot::<Obj>::empty()));
            made += 1;
        }
        assert!(weak.is_dead(), "{grown:?}: {made} temporaries, and the cycle is there");
        world.heap.set_auto_collect(false);
        world.log.take();
        world.finish([], &[]);
    }
}

// ---- counts ----------------------------------------------------------------------------------------

#[test]
fn handles_are_one_word_also_where_there_may_be_none() {
    assert_eq!(size_of::<Gc<Obj>>(), 8);
    assert_eq!(size_of::<Option<Gc<Obj>>>(), 8);
    assert_eq!(size_of::<Slot<Obj>>(), 8);
    assert_eq!(size_of::<Option<Weak<Obj>>>(), size_of::<Weak<Obj>>());
    assert_eq!(size_of::<Option<Gc<str>>>(), 16);
}

/// The largest number that a header counts beside the rest, its neighbours, and one well beyond.
#[test]
fn handles_beyond_what_a_header_counts_are_explained_one_by_one() {
    const MOST: usize = (1 << 17) - 2;
    for many in [MOST - 1, MOST, MOST + 1, MOST + 2, 140_000] {
        let world = World::quiet();
        let [first, second] = [1, 2].map(|n| world.obj(n));
        for (from, to) in [(&first, &second), (&second, &first)] {
            from.edges.borrow_mut().resize(many, to.clone());
        }
        let (held, weak) = (first.clone(), Gc::downgrade(&first));
        drop((first, second));
        assert_eq!(world.heap.collect().collected, 0, "one handle of many is from outside");
        assert_eq!(Gc::strong_count(&held), many + 1);
        drop(held);
        assert_eq!(weak.strong_count(), many);
        // Beside another that is held, so that it matters of which object a handle is left.
        let live = world.obj(3);
        drop(live.clone());
        assert_eq!(world.heap.collect().collected, 2);
        drop(live);
        world.finish(1..4, &[]);
    }
}

#[test]
fn twenty_million_handles_are_no_error() {
    const MANY: usize = 20_000_000;
    let world = World::quiet();
    let target = world.obj(1);
    target.link(&target);
    let holder = world.obj(2);
    holder.edges.borrow_mut().reserve_exact(MANY);
    for _ in 0..MANY {
        holder.link(&target);
    }
    assert_eq!(Gc::strong_count(&target), MANY + 2);
    // Held by one handle more than the edges explain, and by none.
    drop(target.clone());
    let weak = Gc::downgrade(&target);
    assert_eq!(world.heap.collect().collected, 0);
    assert_eq!(Gc::strong_count(&target), MANY + 2);
    target.link(&holder);
    drop((target, holder));
    assert_eq!(weak.strong_count(), MANY + 1);
    assert_eq!(world.heap.collect().collected, 2);
    world.finish(1..3, &[]);
}

#[test]
fn twenty_million_handles_on_the_stack_count_down_to_one_death() {
    let world = World::quiet();
    let target = world.obj(1);
    let mut handles = vec![target.clone(); 20_000_000];
    assert_eq!(Gc::strong_count(&target), 20_000_001);
    drop(target);
    assert_eq!(world.heap.collect().collected, 0);
    let last = handles.pop().expect("there are many");
    drop(handles);
    assert_eq!((Gc::strong_count(&last), world.log.drops()), (1, 0));
    drop(last);
    assert_eq!(world.log.events(), [Fin(1), Dropped(1)]);
    world.finish([1], &[]);
}

/// Past the width of its count an object lives for ever: clones that were forgotten free nothing. Four
/// thousand million clones take minutes without optimization, so only the optimized build has this test.
#[cfg(not(debug_assertions))]
#[test]
fn count_that_overflows_frees_nothing() {
    let world = World::quiet();
    let target = world.self_cycle(1);
    let weak = Gc::downgrade(&target);
    let raw = Gc::into_raw(target);
    for _ in 0..(1_u64 << 32) + 5 {
        // SAFETY: `raw` comes from `into_raw`, and its count was not given back.
        unsafe { Gc::increment_strong_count(raw) };
    }
    // SAFETY: as above; here it is given back.
    let target = unsafe { Gc::from_raw(raw) };
    for _ in 0..10 {
        drop(target.clone());
    }
    drop(target);
    for generation in GENERATIONS {
        assert_eq!(world.heap.collect_generation(generation).collected, 0);
    }
    weak.with(Obj::check).expect("it is immortal");
    assert_eq!(world.log.events(), []);
}
