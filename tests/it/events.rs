//! Subscribers hear of each collection's start and end (conformance group EV). Hunted: a subscriber
//! skipped or called twice when the list of subscribers changes under way.

use crate::support::*;
use Generation::{Middle, Old, Young};

type Heard = Rc<RefCell<Vec<(u32, Phase)>>>;

/// A subscriber that notes what it hears under its number.
fn subscribe(heap: &Heap, heard: &Heard, number: u32) -> Subscription {
    let heard = heard.clone();
    heap.on_collection(move |event| heard.borrow_mut().push((number, event.phase)))
}

#[test]
fn ev_01_two_subscribers_start_and_stop() {
    let world = World::quiet();
    let heard = Heard::default();
    let subscriptions = [1, 2].map(|number| subscribe(&world.heap, &heard, number));
    world.heap.collect();
    let expected = [(1, Phase::Start), (2, Phase::Start), (1, Phase::Stop), (2, Phase::Stop)];
    assert_eq!(heard.take(), expected);
    drop(subscriptions);
    world.heap.collect();
    assert_eq!(heard.take(), []);
    world.finish([], &[]);
}

#[test]
fn ev_02_event_fields() {
    let world = World::quiet();
    let live: Vec<_> = (1..=10).map(|n| world.obj(n)).collect();
    let trash = world.self_cycle(0);
    live[0].link(&live[1]);
    drop(trash);
    let events = Rc::new(RefCell::new(Vec::new()));
    let seen = events.clone();
    let subscription = world.heap.on_collection(move |event| seen.borrow_mut().push(event.clone()));

    let returned = world.heap.collect_generation(Old);
    let [start, stop] = <[_; 2]>::try_from(events.take()).expect("one start, one stop");
    assert_eq!((start.phase, stop.phase), (Phase::Start, Phase::Stop));
    assert_eq!((start.collection.generation, start.collection.collected), (Old, 0));
    assert_eq!((stop.collection.collected, stop.collection.uncollectable), (1, 0));
    assert!((1..=11).contains(&stop.collection.candidates));
    assert!(!stop.collection.duration.is_zero());
    assert_eq!(stop.collection, returned);

    for generation in [Young, Middle] {
        let returned = world.heap.collect_generation(generation);
        let [start, stop] = <[_; 2]>::try_from(events.take()).expect("one start, one stop");
        assert_eq!(start.collection.generation, generation);
        assert_eq!(stop.collection, returned);
        assert_eq!(stop.collection.generation, generation);
    }
    drop((subscription, live));
    world.finish(0..11, &[]);
}

/// In CPython the next callback is skipped when one removes itself.
#[test]
fn a_subscriber_that_ends_itself_skips_nobody() {
    let world = World::quiet();
    let heard = Heard::default();
    let own = Rc::new(RefCell::new(None::<Subscription>));
    let (log, me) = (heard.clone(), own.clone());
    let first = world.heap.on_collection(move |event| {
        log.borrow_mut().push((1, event.phase));
        let subscription = me.borrow_mut().take();
        drop(subscription);
    });
    *own.borrow_mut() = Some(first);
    let second = subscribe(&world.heap, &heard, 2);
    world.heap.collect();
    assert_eq!(heard.take(), [(1, Phase::Start), (2, Phase::Start), (2, Phase::Stop)]);
    assert_eq!(Rc::strong_count(&own), 1, "what it captured is gone");
    drop(second);
    world.finish([], &[]);
}

#[test]
fn a_subscriber_that_ends_another_silences_it_at_once() {
    let world = World::quiet();
    let heard = Heard::default();
    let other = Rc::new(RefCell::new(None::<Subscription>));
    let (log, victim) = (heard.clone(), other.clone());
    let first = world.heap.on_collection(move |event| {
        log.borrow_mut().push((1, event.phase));
        let subscription = victim.borrow_mut().take();
        drop(subscription);
    });
    *other.borrow_mut() = Some(subscribe(&world.heap, &heard, 2));
    let third = subscribe(&world.heap, &heard, 3);
    world.heap.collect();
    let expected = [(1, Phase::Start), (3, Phase::Start), (1, Phase::Stop), (3, Phase::Stop)];
    assert_eq!(heard.take(), expected);
    drop((first, third));
    world.finish([], &[]);
}

#[test]
fn who_subscribes_during_an_event_hears_the_next_one() {
    let world = World::quiet();
    let heard = Heard::default();
    let added = Rc::new(RefCell::new(Vec::new()));
    let (log, list, heap) = (heard.clone(), added.clone(), world.heap.clone());
    let first = world.heap.on_collection(move |event| {
        log.borrow_mut().push((1, event.phase));
        if event.phase == Phase::Start {
            let second = subscribe(&heap, &log, 2);
            list.borrow_mut().push(second);
        }
    });
    world.heap.collect();
    assert_eq!(heard.take(), [(1, Phase::Start), (1, Phase::Stop), (2, Phase::Stop)]);
    added.take();
    drop(first);
    world.finish([], &[]);
}

#[test]
fn a_subscriber_that_ends_itself_and_subscribes_anew_skips_nobody() {
    let world = World::quiet();
    let heard = Heard::default();
    let own = Rc::new(RefCell::new(Vec::new()));
    let (heap, notes, current) = (world.heap.clone(), heard.clone(), own.clone());
    let first = world.heap.on_collection(move |event| {
        notes.borrow_mut().push((1, event.phase));
        drop(current.take());
        let anew = subscribe(&heap, &notes, 4);
        current.borrow_mut().push(anew);
    });
    own.borrow_mut().push(first);
    let others = [2, 3].map(|number| subscribe(&world.heap, &heard, number));
    world.heap.collect();
    let expected = [[1, 2, 3].map(|n| (n, Phase::Start)), [2, 3, 4].map(|n| (n, Phase::Stop))];
    assert_eq!(heard.take(), expected.concat());
    drop((own, others));
    world.finish([], &[]);
}

#[test]
fn a_forgotten_subscription_lasts_as_long_as_its_heap() {
    let world = World::quiet();
    let heard = Heard::default();
    subscribe(&world.heap, &heard, 1).forget();
    world.heap.collect();
    assert_eq!(heard.take(), [(1, Phase::Start), (1, Phase::Stop)]);
    world.finish([], &[]);
    assert_eq!(Rc::strong_count(&heard), 1, "the closure went with the heap");
}

#[test]
fn a_subscription_may_outlive_its_heap() {
    let heap = Heap::new();
    let heard = Heard::default();
    let subscription = subscribe(&heap, &heard, 1);
    drop(heap);
    heard.take();
    drop(subscription);
    assert_eq!(Rc::strong_count(&heard), 1);
}

#[test]
fn the_last_collections_of_a_heap_are_told_too() {
    let world = World::quiet();
    drop(world.self_cycle(1));
    let (subscription, reports) = collections(&world.heap);
    let report = world.heap.shutdown();
    assert_eq!((report.collected, report.outstanding), (1, 0));
    let reports = reports.take();
    assert!(reports.iter().all(|report| report.reason == Reason::Shutdown));
    assert_eq!(reports.iter().map(|report| report.collected).sum::<usize>(), 1);
    drop(subscription);
    world.finish([1], &[]);
}

#[test]
fn a_pause_log_keeps_the_last_collections() {
    let world = World::quiet();
    let log = gc_core::PauseLog::new(&world.heap, 2);
    let none = gc_core::PauseLog::new(&world.heap, 0);
    assert_eq!((log.longest(), log.quantile(0.5)), Default::default());
    for n in 1..4 {
        drop(world.ring(n * 10, n));
        world.heap.collect();
    }
    let entries = log.entries();
    let collected: Vec<_> = entries.iter().map(|entry| entry.collection.collected).collect();
    assert_eq!(collected, [2, 3]);
    assert!(entries[0].ended < entries[1].ended);
    let pauses: Vec<_> = entries.iter().map(|entry| entry.collection.duration).collect();
    let (short, long) = (pauses[0].min(pauses[1]), pauses[0].max(pauses[1]));
    assert_eq!((log.quantile(0.0), log.quantile(0.5), log.longest()), (short, short, long));
    assert!(none.entries().is_empty());
    drop(log);
    world.heap.collect();
    world.finish([10, 20, 21, 30, 31, 32], &[]);
}
