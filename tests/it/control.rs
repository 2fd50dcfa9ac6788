//! Who says when collections happen: switch, thresholds, pauses, budgets (conformance group CTL).
//! Hunted: a collection at the wrong moment, a setting that sticks, a budget that makes no progress.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use crate::support::*;
use Generation::{Old, Young};

#[test]
fn ctl_01_disabled_means_manual_only() {
    for on in [true, false] {
        let world = World::quiet();
        world.heap.collect();
        let (subscription, reports) = collections(&world.heap);
        automatic(&world.heap, 100, 10, 10);
        world.heap.set_auto_collect(on);

        let trash = world.self_cycle(0);
        let detector = world.watch(&trash, 7);
        drop(trash);
        let kept: Vec<_> =
            (1..=many(10_000)).map(|_| Gc::new_in(&world.heap, Slot::<u8>::empty())).collect();

        let fired = world.log.count(|event| event == Dead(7));
        assert_eq!(fired, usize::from(on));
        assert_eq!(reports.borrow().is_empty(), !on, "{:?}", reports.borrow());
        drop(subscription);
        if !on {
            assert_eq!(world.heap.collect().collected, 1, "by hand it works");
            assert_eq!(world.log.count(|event| event == Dead(7)), 1);
            assert!(!world.heap.is_auto_collect(), "and stays off");
        }
        drop((detector, kept));
        world.finish([0], &[]);
    }
}

#[test]
fn ctl_02_settings_roundtrip() {
    let heap = Heap::new();
    assert!(heap == heap.clone() && heap != Heap::new());
    let default = heap.thresholds();
    assert_eq!((default.young, default.middle, default.old), (2000, 10, 10));
    assert_eq!(default, Thresholds::default());
    let set = Thresholds { young: 1000, middle: 20, old: 5, ..default };
    heap.set_thresholds(set);
    assert_eq!(heap.thresholds(), set);

    assert!(heap.is_auto_collect(), "on in a fresh heap");
    assert!(heap.set_auto_collect(false));
    assert!(!heap.set_auto_collect(false));
    assert!(!heap.set_auto_collect(true));
    assert!(heap.is_auto_collect());
    heap.assert_empty();
}

#[test]
fn ctl_03_trigger_is_strictly_greater() {
    let world = World::quiet();
    world.heap.collect();
    let reports = Rc::new(RefCell::new(Vec::new()));
    let (seen, heap) = (reports.clone(), world.heap.clone());
    let subscription = world.heap.on_collection(move |event| {
        if event.phase == Phase::Stop {
            seen.borrow_mut().push((event.collection.generation, heap.counts().young));
        }
    });
    automatic(&world.heap, 100, 10, 10);
    let mut kept: Vec<_> = (0..100).map(|n| world.obj(n)).collect();
    assert_eq!(*reports.borrow(), [], "not through the hundredth");
    assert_eq!(world.heap.counts().young, 100);
    kept.push(world.obj(100));
    // The count is zero when the collection ends; the object that set it off is born after that.
    assert_eq!(*reports.borrow(), [(Young, 0)]);
    assert_eq!(world.heap.counts().young, 1);
    drop((subscription, kept));
    world.heap.set_auto_collect(false);
    world.finish(0..101, &[]);
}

#[test]
fn ctl_04_pause_guard() {
    let world = World::quiet();
    world.heap.collect();
    let (subscription, reports) = collections(&world.heap);
    automatic(&world.heap, 10, 10, 10);
    let make = |many| (0..many).map(|n| world.obj(n)).collect::<Vec<_>>();
    let mut kept = Vec::new();
    {
        let _outer = world.heap.pause();
        {
            let _inner = world.heap.pause();
            kept.extend(make(100));
        }
        kept.extend(make(100));
        assert!(reports.borrow().is_empty());
    }
    kept.extend(make(1));
    assert_eq!(reports.take().len(), 1, "200 wait, so the first one sets it off");

    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let _pause = world.heap.pause();
        kept.extend(make(100));
        panic!("in the block");
    }));
    assert_eq!(message(&*outcome.unwrap_err()), "in the block");
    assert!(reports.borrow().is_empty());
    kept.extend(make(1));
    assert_eq!(reports.take().len(), 1);

    drop(subscription);
    world.heap.set_auto_collect(false);
    drop(kept);
    world.log.take();
    world.finish([], &[]);
}

#[test]
fn a_pause_does_not_keep_from_collecting_by_hand() {
    let world = World::quiet();
    world.heap.set_auto_collect(true);
    let pause = world.heap.pause();
    drop(world.self_cycle(1));
    assert_eq!(world.heap.collect().collected, 1);
    drop(pause);
    world.finish([1], &[]);
}

#[test]
fn a_pause_may_outlive_the_heap_value() {
    let heap = Heap::new();
    let pause = heap.pause();
    drop(heap);
    drop(pause);
}

#[test]
fn external_bytes_make_a_collection_due() {
    let world = World::quiet();
    world.heap.collect();
    let (subscription, reports) = collections(&world.heap);
    world.heap.set_auto_collect(true);
    drop(world.self_cycle(1));
    world.heap.adjust_external_bytes(100 << 20);
    assert!(reports.borrow().is_empty(), "never inside the call itself");
    let next = world.obj(2);
    assert_eq!(reports.borrow().iter().map(|report| report.collected).sum::<usize>(), 1);
    world.heap.adjust_external_bytes(-(100 << 20));
    assert_eq!(world.heap.stats().external_bytes, 0);
    world.heap.set_auto_collect(false);
    drop((subscription, next));
    world.finish([1, 2], &[]);
}

/// Whether the next allocation of a tracked object collects.
fn is_due(heap: &Heap) -> bool {
    let (subscription, reports) = collections(heap);
    drop(Gc::new_in(heap, Slot::<u8>::empty()));
    drop(subscription);
    !reports.borrow().is_empty()
}

#[test]
fn bytes_make_a_collection_due_once_they_exceed_the_threshold() {
    let heap = Heap::new();
    let limit = 1_000_000;
    heap.set_thresholds(Thresholds { young: 0, young_bytes: limit, ..Thresholds::default() });
    assert!(!is_due(&heap));
    // What the heap itself has grown by counts, too.
    let external = (limit - heap.stats().page_bytes).cast_signed();
    heap.adjust_external_bytes(external);
    assert!(!is_due(&heap));
    heap.adjust_external_bytes(1);
    assert!(is_due(&heap) && !is_due(&heap), "counted anew from there");
    // What has gone before anybody looked is not missed.
    heap.adjust_external_bytes(limit.cast_signed() + 1);
    heap.adjust_external_bytes(-1);
    assert!(!is_due(&heap));
    heap.adjust_external_bytes(1);
    assert!(is_due(&heap));
    // Zero: never.
    heap.set_thresholds(Thresholds { young: 0, young_bytes: 0, ..Thresholds::default() });
    heap.adjust_external_bytes(isize::MAX / 2);
    assert!(!is_due(&heap));
}

/// Each time that the fuel is used up somebody has a look, and finds nothing due.
#[test]
fn temporaries_make_no_collection_due_by_bytes_up_to_the_threshold() {
    let heap = Heap::new();
    let thresholds = Thresholds { young: 10, ..Thresholds::default() };
    let (subscription, reports) = collections(&heap);
    let make_temporaries = || (0..100).for_each(|_| drop(Gc::new_in(&heap, Slot::<u8>::empty())));
    // Zero: never, whatever the heap has grown by.
    heap.set_thresholds(Thresholds { young_bytes: 0, ..thresholds });
    make_temporaries();
    let grown = heap.stats().page_bytes;
    assert!(grown > 0 && reports.borrow().is_empty());
    heap.set_thresholds(Thresholds { young_bytes: grown, ..thresholds });
    make_temporaries();
    assert!(reports.borrow().is_empty(), "no more than the threshold");
    heap.set_thresholds(Thresholds { young_bytes: grown - 1, ..thresholds });
    make_temporaries();
    assert_eq!(reports.borrow().len(), 1);
    drop(subscription);
}

#[test]
fn leaves_make_no_collection_due_by_their_number() {
    let heap = Heap::new();
    automatic(&heap, 10, 10, 10);
    let (subscription, reports) = collections(&heap);
    let leaves: Vec<_> = (0..1000_u64).map(|n| Gc::new_in(&heap, n)).collect();
    let slices: Vec<_> = (0..1000).map(|n| Gc::slice_in(&heap, vec![n])).collect();
    let texts: Vec<_> = (0..1000).map(|_| Gc::str_in(&heap, "text")).collect();
    assert!(reports.borrow().is_empty() && heap.counts().young == 0);
    drop((subscription, leaves, slices, texts));
}

#[test]
fn pages_of_leaves_and_big_objects_make_a_collection_due() {
    for big in [false, true] {
        let heap = Heap::new();
        heap.set_thresholds(Thresholds { young: 0, young_bytes: 300_000, ..Thresholds::default() });
        let mut leaves = Vec::new();
        while heap.stats().page_bytes <= 300_000 {
            assert!(!is_due(&heap), "{} bytes", heap.stats().page_bytes);
            let len = if big { 40_000 } else { 1000 };
            leaves.push(Gc::slice_in(&heap, vec![0_u8; len]));
        }
        assert!(is_due(&heap) && !is_due(&heap));
        drop(leaves);
    }
}

// ---- budgets -------------------------------------------------------------------------------------

/// A node without a log, so that many are quick.
#[derive(Trace)]
struct Node {
    next: Slot<Node>,
}

fn node(heap: &Heap) -> Gc<Node> {
    Gc::new_in(heap, Node { next: Slot::empty() })
}

/// A node that holds itself, so that it costs a judgement an edge.
fn self_cycle(heap: &Heap) -> Gc<Node> {
    let node = node(heap);
    node.next.set(Some(node.clone()));
    node
}

/// One that is held, and is a suspect since a handle to it went.
fn suspect(heap: &Heap) -> Gc<Node> {
    let node = self_cycle(heap);
    drop(node.clone());
    node
}

/// Asserts that nothing is left of suspects whose handles went.
fn assert_all_goes(heap: &Heap) {
    heap.collect();
    heap.assert_empty();
}

/// A ring that nothing holds any more.
fn trash_ring(heap: &Heap, len: usize) {
    drop(ring(heap, len));
}

/// A ring, held by its first node.
fn ring(heap: &Heap, len: usize) -> Gc<Node> {
    let first = node(heap);
    let mut last = first.clone();
    for _ in 1..len {
        let next = node(heap);
        last.next.set(Some(next.clone()));
        last = next;
    }
    last.next.set(Some(first.clone()));
    first
}

#[test]
fn a_budget_that_runs_out_acquits_nobody() {
    let heap = quiet_heap();
    let kept: Vec<_> = (0..5000).map(|_| suspect(&heap)).collect();
    let counts = heap.counts();
    let cut_short = heap.collect_within(Budget::objects(100));
    assert!(!cut_short.complete);
    assert_eq!(cut_short.collected, 0);
    assert!(cut_short.candidates < 5000, "it stops: {cut_short:?}");
    assert_eq!(heap.counts(), counts);
    assert!(kept.iter().all(|node| Gc::generation(node) == Young), "nothing moves up");
    // All are suspects still.
    assert_eq!(heap.collect().candidates, 5000);
    assert_eq!(heap.collect().candidates, 0);
    drop(kept);
    assert_all_goes(&heap);
}

/// However many edges, to what is known already, come before the one that leads on.
#[test]
fn a_budget_that_runs_out_amid_the_edges_of_an_object_acquits_nobody() {
    for edges_to_itself in [1, 20, 40, 100] {
        let world = World::quiet();
        let [first, second] = [1, 2].map(|n| world.obj(n));
        second.link(&first);
        first.edges.borrow_mut().resize(edges_to_itself, first.clone());
        first.edges.borrow_mut().push(second);
        drop(first);
        assert!(!world.heap.collect_within(Budget::objects(1)).complete);
        assert_eq!(world.heap.collect().collected, 2);
        world.finish([1, 2], &[]);
    }
}

#[test]
fn budgeted_calls_free_everything_in_the_end() {
    let heap = quiet_heap();
    for _ in 0..1000 {
        trash_ring(&heap, 10);
    }
    let mut calls = 0;
    loop {
        let part = heap.collect_within(Budget::objects(500));
        calls += 1;
        if part.complete {
            break;
        }
        assert!(part.collected > 0, "rings are smaller than the budget: call {calls} finds some");
        assert!(part.collected < 2000, "and stops: {part:?}");
    }
    assert!(calls > 5, "10,000 objects are more than five budgets");
    heap.assert_empty();
}

#[test]
fn the_next_budgeted_call_goes_on_where_the_last_stopped() {
    let heap = quiet_heap();
    // More living suspects than any of the calls may look at, on many pages, and garbage behind.
    let kept: Vec<_> = (0..many(20_000)).map(|_| suspect(&heap)).collect();
    trash_ring(&heap, 5);
    let freed: usize =
        (0..1000).map(|_| heap.collect_within(Budget::objects(1000)).collected).sum();
    assert_eq!(freed, 5);
    drop(kept);
    assert_all_goes(&heap);
}

#[test]
fn a_budget_smaller_than_a_page_of_suspects_makes_progress() {
    let heap = quiet_heap();
    // The living fill more than the budget, and the garbage lies behind them on the same page.
    let kept: Vec<_> = (0..100).map(|_| suspect(&heap)).collect();
    trash_ring(&heap, 2);
    let freed: usize = (0..100).map(|_| heap.collect_within(Budget::objects(20)).collected).sum();
    assert_eq!(freed, 2);
    drop(kept);
    assert_all_goes(&heap);
}

#[test]
fn a_living_suspect_that_leads_to_more_than_the_budget_hides_no_garbage() {
    let heap = quiet_heap();
    let many: Vec<_> = (0..many(10_000)).map(|_| self_cycle(&heap)).collect();
    let wide = Gc::new_in(&heap, many);
    let ring = ring(&heap, 5);
    heap.collect(); // acquits all, so that one node of the ring is a suspect
    drop((wide.clone(), ring));
    let freed: usize = (0..100).map(|_| heap.collect_within(Budget::objects(100)).collected).sum();
    assert_eq!(freed, 5);
    drop(wide);
    assert_all_goes(&heap);
}

#[test]
fn a_cycle_larger_than_the_budget_is_left_alone() {
    let heap = quiet_heap();
    trash_ring(&heap, 1000);
    for _ in 0..50 {
        let part = heap.collect_within(Budget::objects(100));
        assert_eq!((part.collected, part.complete), (0, false));
    }
    assert_eq!(heap.live_count(), 1000);
    assert_eq!(heap.collect().collected, 1000);
    heap.assert_empty();
}

#[test]
fn a_budget_that_suffices_is_a_full_collection() {
    let heap = quiet_heap();
    let kept = suspect(&heap);
    trash_ring(&heap, 10);
    let full = heap.collect_within(Budget::objects(1000));
    assert_eq!((full.complete, full.collected, full.generation), (true, 10, Old));
    assert_eq!(Gc::generation(&kept), Old);
    assert_eq!(heap.collect().candidates, 0, "the survivor was acquitted");
    drop(kept);
    assert_all_goes(&heap);
}

#[test]
fn a_budget_of_no_time_does_nothing_and_one_of_an_hour_everything() {
    let heap = quiet_heap();
    trash_ring(&heap, 10);
    let none = heap.collect_within(Budget::time(Duration::ZERO));
    assert_eq!((none.complete, none.collected), (false, 0));
    let all = heap.collect_within(Budget::time(Duration::from_secs(3600)));
    assert_eq!((all.complete, all.collected), (true, 10));
    heap.assert_empty();
}

#[test]
fn finalizers_resurrect_in_a_budgeted_call() {
    let world = World::quiet();
    let survivors = Rc::new(RefCell::new(Vec::new()));
    for n in 0..100 {
        let ring = world.ring(2 * n, 2);
        let kept = survivors.clone();
        ring[0].on_finalize(move |object| kept.borrow_mut().push(object.clone()));
    }
    for _ in 0..100 {
        world.heap.collect_within(Budget::objects(40));
    }
    assert_eq!(world.log.fins(), 200);
    assert_eq!(world.log.drops(), 0);
    survivors.borrow().iter().for_each(|object| object.edge(0).check());
    survivors.take();
    world.finish(0..200, &[]);
}
