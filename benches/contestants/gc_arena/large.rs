//! gc-arena's works on large heaps, and those that are about memory.

use std::hint::black_box;

use gc_arena::{Gc, Mutation};

use super::nodes::{Chain, KnotRef, chain, kin, link, ring};
use super::{Heap, Held, STEP, heap, heap_with, node, pair, step};
use crate::memory;
use crate::works::churn::Steps;
use crate::works::{Out, nanoseconds, time};

pub(super) fn linked<'gc>(mc: &Mutation<'gc>, held: &Held<'gc>) {
    let [first, second, third] = [(); 3].map(|()| kin(mc));
    link(mc, third, 1, held.live.expect("was made"));
    link(mc, third, 0, first);
    link(mc, second, 0, third);
    link(mc, first, 0, second);
    black_box(first);
}

pub(super) fn churn(
    out: &Out,
    rows: [&str; 3],
    live: usize,
    cycle: impl for<'gc> Fn(&Mutation<'gc>, &Held<'gc>),
) {
    let mut heap = heap_with(out.large(live));
    let steps = Steps::take(out, || {
        heap.mutate(|mc, held| (0..Steps::CYCLES).for_each(|_| cycle(mc, held)));
        heap.collect_debt();
    });
    steps.tell(out, rows);
    heap.mutate(|_, held| assert_eq!(held.live.map(|live| live.number), Some(1)));
}

pub(super) fn peak(out: &Out) {
    let Some(before) = memory::resident() else { return };
    let mut heap = heap();
    (0..out.large(1_000_000) / STEP).for_each(|_| step(&mut heap, STEP, pair));
    if let Some(peak) = memory::peak() {
        out.value("peak", peak.saturating_sub(before) as f64 / f64::from(1 << 20));
    }
}

/// It marks from the roots whatever was let go of, so there is one value for all four rows.
pub(super) fn full(out: &Out) {
    const TURNS: usize = 3;
    let mut heap = heap_with(out.large(1_000_000));
    let sum: f64 = (0..TURNS).map(|_| nanoseconds(time(|| heap.finish_cycle()))).sum();
    for row in ["full-none", "full-one", "full-1000", "full-all"] {
        out.value(row, sum / 1e6 / TURNS as f64);
    }
}

pub(super) fn rings(
    out: &Out,
    row: &str,
    objects: usize,
    turns: usize,
    mut heap: Heap,
    make: impl for<'gc> Fn(&Mutation<'gc>, usize) -> KnotRef<'gc, 1>,
) {
    let mut sum = 0.0;
    for _ in 0..turns {
        heap.mutate_root(|mc, held| held.ring = Some(make(mc, objects)));
        heap.finish_cycle();
        sum += nanoseconds(time(|| {
            heap.mutate_root(|_, held| held.ring = None);
            heap.finish_cycle();
        }));
    }
    out.value(row, sum / (turns * objects) as f64);
}

pub(super) fn long_list(out: &Out) {
    let objects = out.large(1_000_000);
    let mut heap = heap();
    const TURNS: usize = 2;
    let turn = |_| {
        nanoseconds(time(|| {
            heap.mutate(|mc, _| {
                black_box(chain(mc, objects));
            });
            heap.finish_cycle();
        }))
    };
    let sum: f64 = (0..TURNS).map(turn).sum();
    out.value("long-list", sum / (TURNS * objects) as f64);
}

pub(super) fn per_object<const W: usize>(out: &Out, row: &str) {
    let objects = out.large(1_000_000);
    heap().mutate(|mc, _| {
        let make = || Some(Gc::new(mc, Chain { next: None, words: [1; W] }));
        let mut slots = Vec::new();
        slots.resize_with(objects, || None);
        slots[0] = make();
        let Some(before) = memory::allocated() else { return };
        slots.iter_mut().for_each(|slot| *slot = make());
        let Some(after) = memory::allocated() else { return };
        black_box(&slots);
        out.value(row, after.saturating_sub(before) as f64 / objects as f64);
    });
}

pub(super) fn count(out: &Out) {
    let [what, times] = &out.arguments[..] else { panic!("count takes a work and a number") };
    let times: usize = times.parse().expect("a number of times");
    let mut heap = heap();
    match what.as_str() {
        "node" => (0..times / STEP).for_each(|_| step(&mut heap, STEP, node)),
        "ring-made" => heap.mutate(|mc, _| {
            black_box(ring(mc, times));
        }),
        "ring" => {
            heap.mutate(|mc, _| {
                black_box(ring(mc, times));
            });
            heap.finish_cycle();
        }
        _ => {}
    }
}
