//! How fast a `Gc` is, as ratios to `Rc` on the same work in the same run.
//!
//! `cargo run --release -p benches`. Every row is done in turns, `Gc`, `Rc`, `Gc`, `Rc`, …, so that a
//! machine whose speed drifts treats both alike; the figures are medians. Absolute times mean little.

use std::cell::RefCell;
use std::hint::black_box;
use std::rc::Rc;
use std::time::{Duration, Instant};

use gc_core::{Gc, Heap, Slot, Trace};

/// Turns for each row.
const ROUNDS: usize = 15;

#[derive(Trace)]
struct Node {
    left: Option<Gc<Node>>,
    right: Option<Gc<Node>>,
}

struct RcNode {
    left: Option<Rc<RcNode>>,
    right: Option<Rc<RcNode>>,
}

#[derive(Trace)]
struct Link {
    next: Slot<Link>,
    number: u64,
}

struct RcLink {
    next: RefCell<Option<Rc<RcLink>>>,
    number: u64,
}

fn node() -> Gc<Node> {
    Gc::new(Node { left: None, right: None })
}

fn rc_node() -> Rc<RcNode> {
    Rc::new(RcNode { left: None, right: None })
}

fn tree(depth: u32) -> Gc<Node> {
    if depth == 0 {
        return node();
    }
    Gc::new(Node { left: Some(tree(depth - 1)), right: Some(tree(depth - 1)) })
}

fn rc_tree(depth: u32) -> Rc<RcNode> {
    if depth == 0 {
        return rc_node();
    }
    Rc::new(RcNode { left: Some(rc_tree(depth - 1)), right: Some(rc_tree(depth - 1)) })
}

/// Two objects that hold each other, and are let go of.
fn cycle(number: u64) {
    let a = Gc::new(Link { next: Slot::empty(), number });
    let b = Gc::new(Link { next: Slot::new(Some(a.clone())), number });
    a.next.set(Some(b));
}

/// The same, which leaks.
fn rc_cycle(number: u64) {
    let a = Rc::new(RcLink { next: RefCell::new(None), number });
    let b = Rc::new(RcLink { next: RefCell::new(Some(a.clone())), number });
    *a.next.borrow_mut() = Some(b);
}

fn time(work: &mut dyn FnMut()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// One row: both in turn, and the ratio of the medians.
fn row(name: &str, operations: u32, mut gc: impl FnMut(), mut rc: impl FnMut()) {
    let (mut gc_times, mut rc_times) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let (gc_time, rc_time) = (time(&mut gc), time(&mut rc));
        // The first turn warms up.
        if round > 0 {
            gc_times.push(gc_time);
            rc_times.push(rc_time);
        }
    }
    let nanoseconds = |times| median(times).as_secs_f64() * 1e9 / f64::from(operations);
    let (gc, rc) = (nanoseconds(gc_times), nanoseconds(rc_times));
    println!("| {name} | {gc:.1} | {rc:.1} | **{:.2}** |", gc / rc);
}

fn main() {
    println!("| work | Gc, ns | Rc, ns | ratio |");
    println!("| --- | --- | --- | --- |");
    singles();
    many();
    collections();
}

/// One object at a time.
fn singles() {
    const N: u32 = 200_000;
    row(
        "new + drop, 8-byte leaf",
        N,
        || (0..N).for_each(|i| drop(black_box(Gc::new(u64::from(i))))),
        || (0..N).for_each(|i| drop(black_box(Rc::new(u64::from(i))))),
    );
    row(
        "new + drop, node that may cycle",
        N,
        || (0..N).for_each(|_| drop(black_box(node()))),
        || (0..N).for_each(|_| drop(black_box(rc_node()))),
    );
    let (gc, rc) = (node(), rc_node());
    row(
        "clone + drop of a handle",
        N,
        || (0..N).for_each(|_| drop(black_box(gc.clone()))),
        || (0..N).for_each(|_| drop(black_box(rc.clone()))),
    );
}

/// Many objects together.
fn many() {
    const N: u32 = 100_000;
    row(
        "100 000 nodes kept, then dropped",
        N,
        || drop(black_box((0..N).map(|_| node()).collect::<Vec<_>>())),
        || drop(black_box((0..N).map(|_| rc_node()).collect::<Vec<_>>())),
    );
    const DEPTH: u32 = 14;
    row(
        "binary trees, depth 14",
        1 << (DEPTH + 1),
        || drop(black_box(tree(DEPTH))),
        || drop(black_box(rc_tree(DEPTH))),
    );
    const CYCLES: u32 = 50_000;
    row(
        "two-object cycles, collected as they come (`Rc` leaks them)",
        CYCLES,
        || (0..CYCLES).for_each(|i| cycle(u64::from(i))),
        || (0..CYCLES).for_each(|i| rc_cycle(u64::from(i))),
    );
}

/// Whole collections, as shares of making the graph.
fn collections() {
    const N: u32 = 300_000;
    let heap = Heap::new();
    heap.set_auto_collect(false);
    let first = Gc::new_in(&heap, Link { next: Slot::empty(), number: 0 });
    let mut last = first.clone();
    let making = time(&mut || {
        for i in 1..N {
            last =
                Gc::new_in(&heap, Link { next: Slot::new(Some(last.clone())), number: i.into() });
        }
    });
    first.next.set(Some(last.clone()));
    assert_eq!(first.next.get().map(|link| link.number), Some(u64::from(N) - 1));
    heap.collect();
    let per_object = |time: Duration| time.as_secs_f64() * 1e9 / f64::from(N);

    println!("\n| collection of a ring of {N} | ns per object | share of making it |");
    println!("| --- | --- | --- |");
    let collect = |what: &str, expected: u32| {
        let mut collected = 0;
        let took = time(&mut || collected = heap.collect().collected);
        assert_eq!(collected, expected as usize, "{what}");
        let share = took.as_secs_f64() / making.as_secs_f64();
        println!("| {what} | {:.4} | {share:.5} |", per_object(took));
    };
    collect("alive, nothing was let go of", 0);
    drop(last);
    collect("alive, one handle was let go of", 0);
    drop(first);
    collect("garbage", N);

    let leak = RcLink { next: RefCell::new(None), number: 1 };
    assert!(leak.next.borrow().is_none() && leak.number == 1);
    let [rc, gc] = [rc_tree(1).left.is_some(), tree(1).right.is_some()];
    assert!(rc && gc && rc_tree(1).right.is_some() && tree(1).left.is_some());
}
