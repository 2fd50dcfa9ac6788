//! Objects move up one generation at a time, and what accumulates decides which generation is
//! collected (conformance group GEN). Hunted: judged too early, too late, or never.

use gc_core::WeakKeyMap;

use crate::support::*;
use Generation::{Middle, Old, Young};

const GENERATIONS: [Generation; 3] = [Young, Middle, Old];

#[test]
fn gen_01_objects_trickle_up() {
    let world = World::quiet();
    world.heap.collect();
    let l = world.self_cycle(1);
    let is_in = |generation| {
        let objects = world.heap.objects_in(generation);
        objects.iter().any(|object| object.ptr_eq(&AnyGc::from(l.clone())))
    };
    let assert_generation = |expected| {
        assert_eq!(Gc::generation(&l), expected);
        assert_eq!(GENERATIONS.map(is_in), GENERATIONS.map(|generation| generation == expected));
    };
    assert_generation(Young);
    for (collected, expected) in [(Young, Middle), (Middle, Old), (Old, Old)] {
        world.heap.collect_generation(collected);
        assert_generation(expected);
    }
    drop(l);
    world.finish([1], &[]);
}

#[test]
fn gen_02_counts_after_each_generation() {
    let world = World::quiet();
    world.heap.collect();
    let live = world.obj(1);
    for (generation, middle, old) in [(Young, 1, 0), (Middle, 0, 1), (Old, 0, 0)] {
        world.heap.collect_generation(generation);
        let counts = world.heap.counts();
        assert_eq!((counts.middle, counts.old), (middle, old), "after {generation:?}");
    }
    drop(live);
    world.finish([1], &[]);
}

#[test]
fn gen_03_young_count_is_net_and_floored() {
    let world = World::quiet();
    let old: Vec<_> = (0..20).map(|n| world.obj(n)).collect();
    world.heap.collect();
    assert_eq!(world.heap.counts(), Counts { young: 0, middle: 0, old: 0 });

    let mut new: Vec<_> = (20..25).map(|n| world.obj(n)).collect();
    new.truncate(3);
    assert_eq!(world.heap.counts().young, 3);
    drop(old);
    assert_eq!(world.heap.counts().young, 0);
    // What went below zero is not owed: the next one counts.
    new.push(world.obj(25));
    assert_eq!(world.heap.counts().young, 1);
    drop(new);
    world.finish(0..26, &[]);
}

#[test]
fn gen_04_middle_threshold_counts_young_collections() {
    let world = World::quiet();
    world.heap.collect();
    let (subscription, reports) = collections(&world.heap);
    automatic(&world.heap, 50, 3, 1000);
    let kept: Vec<_> = (0..600).map(|n| world.obj(n)).collect();
    world.heap.set_auto_collect(false);
    drop(subscription);

    let reports = reports.take();
    assert!(reports.iter().all(|report| report.reason == Reason::Threshold));
    let happened: Vec<_> = reports.iter().map(|report| report.generation).collect();
    assert!(happened.len() >= 10, "600 are more than ten times 50: {happened:?}");
    let pattern = [Young, Young, Young, Young, Middle].into_iter().cycle();
    assert_eq!(happened, pattern.take(happened.len()).collect::<Vec<_>>());
    drop(kept);
    world.finish(0..600, &[]);
}

#[test]
fn gen_05_quarter_rule_for_old() {
    let world = World::quiet();
    let mut kept: Vec<_> = (0..4000).map(|n| world.obj(n)).collect();
    world.heap.collect();
    let made = Rc::new(Cell::new(0));
    let old_at = Rc::new(RefCell::new(Vec::new()));
    let (count, seen) = (made.clone(), old_at.clone());
    let subscription = world.heap.on_collection(move |event| {
        if event.phase == Phase::Start && event.collection.generation == Old {
            seen.borrow_mut().push(count.get());
        }
    });
    automatic(&world.heap, 50, 0, 0);
    for n in 4000..6000 {
        kept.push(world.obj(n));
        made.set(made.get() + 1);
    }
    world.heap.set_auto_collect(false);
    drop(subscription);

    let old_at = old_at.take();
    assert_eq!(old_at.len(), 1, "one Old collection: {old_at:?}");
    assert!((1000..1250).contains(&old_at[0]), "a quarter of 4000 has to wait first: {old_at:?}");
    // Dropped without a look at each: `finish` would compare 6000 numbers with 12000 events.
    drop(kept);
    assert_eq!(world.log.take().len(), 12_000);
    world.finish([], &[]);
}

#[test]
fn gen_06_young_collection_ignores_old_garbage() {
    let world = World::quiet();
    let old = world.self_cycle(1);
    world.heap.collect();
    assert_eq!(Gc::generation(&old), Old);
    let y = world.obj(2);
    old.link(&y);
    drop((old, y));

    assert_eq!(world.heap.collect_generation(Young).collected, 0);
    assert_eq!(world.heap.collect_generation(Middle).collected, 0);
    assert_eq!(world.log.events(), [], "the old object holds the young one from outside");
    // `collected` is what the sweep found. The young one counts: it was judged with its owner.
    assert_eq!(world.heap.collect_generation(Old).collected, 2);
    world.finish([1, 2], &[]);
}

#[test]
fn gen_07_stats_per_generation() {
    let world = World::quiet();
    world.heap.collect_generation(Middle);
    let collections = || world.heap.stats().generations.map(|generation| generation.collections);
    let before = collections();
    assert_eq!(before.len(), 3);
    world.heap.collect_generation(Young);
    assert_eq!(collections(), [before[0] + 1, before[1], before[2]]);
    world.heap.collect_generation(Old);
    assert_eq!(collections(), [before[0] + 1, before[1], before[2] + 1]);
    // That no field is below zero, their types say.
    world.finish([], &[]);
}

#[test]
fn survivors_of_every_age_end_in_old_after_a_full_collection() {
    let world = World::quiet();
    let mut kept = Vec::new();
    for (n, generation) in [(1, Old), (2, Middle), (3, Young)] {
        kept.push(world.obj(n));
        world.heap.collect_generation(generation);
    }
    kept.push(world.obj(4));
    world.heap.collect();
    assert!(kept.iter().all(|object| Gc::generation(object) == Old));
    drop(kept);
    world.finish(1..5, &[]);
}

/// A program that only makes temporaries never grows, so no count of survivors makes Old due. The big
/// cycle that it let go of is swept all the same.
#[test]
fn old_garbage_goes_although_the_heap_does_not_grow() {
    let world = World::quiet();
    let cycle = world.self_cycle(1);
    world.heap.collect();
    automatic(&world.heap, 50, 10, 10);
    drop(cycle);
    for n in 2..3000 {
        drop(world.obj(n));
    }
    assert_eq!(world.log.count(|event| event == Dropped(1)), 1);
    world.heap.set_auto_collect(false);
    world.log.take();
    world.finish([], &[]);
}

/// Makes so many temporaries that a full collection is due if a suspect waits in Old.
fn make_temporaries(heap: &Heap) {
    automatic(heap, 50, 10, 10);
    for _ in 0..3000 {
        drop(Gc::new_in(heap, Slot::<Obj>::empty()));
    }
    heap.set_auto_collect(false);
}

/// Nobody let go of an old object: the suspect was young, and has grown old.
#[test]
fn old_garbage_whose_suspect_was_young_goes_although_the_heap_does_not_grow() {
    let world = World::quiet();
    let old = world.obj(1);
    world.heap.collect();
    let young = world.obj(2);
    old.link(&young);
    young.edges.borrow_mut().push(old);
    drop(young);
    assert_eq!(world.heap.collect_generation(Young).collected, 0);
    assert_eq!(world.heap.collect_generation(Middle).collected, 0);
    make_temporaries(&world.heap);
    assert_eq!(world.log.drops(), 2);
    world.finish([1, 2], &[]);
}

#[test]
fn old_garbage_whose_suspect_is_a_leaf_goes_although_the_heap_does_not_grow() {
    let world = World::quiet();
    let map = WeakKeyMap::new();
    let old = Gc::new_in(&world.heap, Slot::empty());
    world.heap.collect();
    let leaf = Gc::new_in(&world.heap, 1_u8);
    old.set(Some(leaf.clone()));
    map.insert(&leaf, old);
    drop(leaf);
    assert_eq!(world.heap.collect_generation(Young).collected, 0);
    assert_eq!(world.heap.collect_generation(Middle).collected, 0);
    make_temporaries(&world.heap);
    assert!(map.is_empty());
    world.finish([], &[]);
}

/// The generations that are collected by themselves while so many objects are made and kept, when there
/// were `old` before.
fn collected_by_themselves(old: u32, made: u32, thresholds: Thresholds) -> Vec<Generation> {
    let world = World::quiet();
    let mut kept: Vec<_> = (0..old).map(|n| world.obj(n)).collect();
    world.heap.collect();
    let (subscription, reports) = collections(&world.heap);
    world.heap.set_thresholds(thresholds);
    world.heap.set_auto_collect(true);
    kept.extend((old..old + made).map(|n| world.obj(n)));
    world.heap.set_auto_collect(false);
    drop(subscription);
    reports.take().iter().map(|report| report.generation).collect()
}

#[test]
fn old_is_due_after_more_middle_collections_than_its_threshold() {
    let thresholds =
        Thresholds { young: 10, middle: 0, old: 2, full_ratio: 0.0, ..Thresholds::default() };
    let pattern = [Young, Middle, Young, Middle, Young, Middle, Old];
    assert_eq!(collected_by_themselves(0, 141, thresholds), pattern.repeat(2));
}

/// Half of 40 are 20: two Young collections' worth is no more than that, four are.
#[test]
fn old_waits_until_what_grew_old_exceeds_its_share() {
    let thresholds =
        Thresholds { young: 10, middle: 0, old: 0, full_ratio: 0.5, ..Thresholds::default() };
    assert_eq!(collected_by_themselves(40, 51, thresholds), [Young, Middle, Young, Middle, Old]);
    let thresholds = Thresholds { full_ratio: 0.25, ..thresholds };
    assert_eq!(collected_by_themselves(40, 31, thresholds), [Young, Middle, Old]);
}

#[test]
fn without_old_garbage_temporaries_bring_about_no_old_collection() {
    let world = World::quiet();
    let old = world.self_cycle(1);
    world.heap.collect();
    let (subscription, reports) = collections(&world.heap);
    automatic(&world.heap, 50, 10, 10);
    for _ in 0..3000 {
        drop(Gc::new_in(&world.heap, Slot::<Obj>::empty()));
    }
    world.heap.set_auto_collect(false);
    drop(subscription);
    assert!(reports.take().is_empty(), "the heap never grew, and nobody let go of the old one");
    drop(old);
    world.finish([1], &[]);
}

#[test]
fn stats_are_the_sums_of_what_the_collections_reported() {
    let world = World::quiet();
    let (subscription, reports) = collections(&world.heap);
    let survivors = Rc::new(RefCell::new(Vec::new()));
    let (mut n, mut live) = (0, Vec::new());
    for (number, generation) in [Young, Middle, Old, Young, Old, Old].into_iter().enumerate() {
        drop(world.ring(n, 2 + n % 3));
        let back = world.self_cycle(n + 10);
        let list = survivors.clone();
        back.on_finalize(move |object| list.borrow_mut().push(object.clone()));
        drop(back);
        live.push(world.obj(n + 11));
        drop(live.clone());
        n += 20;
        let kept = if number % 2 == 1 { DebugFlags::SAVE_ALL } else { DebugFlags::NONE };
        world.heap.set_debug(kept);
        world.heap.collect_generation(generation);
    }
    world.heap.set_debug(DebugFlags::NONE);
    drop(subscription);
    let reports = reports.take();
    for generation in GENERATIONS {
        let stats = world.heap.stats()[generation];
        let of = || reports.iter().filter(|report| report.generation == generation);
        assert_eq!(stats.collections, of().count());
        assert_eq!(stats.candidates, of().map(|report| report.candidates).sum::<usize>());
        assert_eq!(stats.collected, of().map(|report| report.collected).sum::<usize>());
        assert_eq!(stats.finalized, of().map(|report| report.finalized).sum::<usize>());
        assert_eq!(stats.resurrected, of().map(|report| report.resurrected).sum::<usize>());
        assert_eq!(stats.uncollectable, of().map(|report| report.uncollectable).sum::<usize>());
        assert_eq!(
            stats.total_pause,
            of().map(|report| report.duration).sum::<std::time::Duration>()
        );
        assert_eq!(Some(stats.longest_pause), of().map(|report| report.duration).max());
    }
    // Each kind of figure was told of more than once.
    let old = world.heap.stats()[Old];
    assert!(old.collections == 3 && old.collected > 1 && old.uncollectable > 1, "{old:?}");
    assert!(old.finalized > 3 && old.resurrected == 3 && old.candidates > 10, "{old:?}");
    drop((survivors, live, world.heap.take_garbage()));
    world.log.take();
    world.finish([], &[]);
}
