//! gc-arena: an incremental collector of arenas.
//!
//! Its handles live inside a closure, and it collects between closures. So the works are written out
//! here once more: a hundred objects to a closure, and its debt is paid after each. Its handles are
//! `Copy`, so there is nothing to measure in cloning them; documents are left out.

mod large;
mod nodes;

use std::hint::black_box;

use gc_arena::{Arena, Collect, Gc, Mutation, Rootable};

use self::nodes::{
    Chain, KinRef, KnotRef, Tree, Words, chain, family, knot, ring, shuffled_ring, tie, tree,
};
use crate::works::churn::{GROUP, depth_for};
use crate::works::random::Random;
use crate::works::{Out, time};

/// What is held from outside.
#[derive(Collect)]
#[collect(no_drop)]
struct Held<'gc> {
    live: Option<KinRef<'gc>>,
    trees: Vec<Option<Gc<'gc, Tree<'gc>>>>,
    knots: Vec<KnotRef<'gc, 2>>,
    ring: Option<KnotRef<'gc, 1>>,
}

type Heap = Arena<Rootable![Held<'_>]>;

fn heap() -> Heap {
    Heap::new(|_| Held { live: None, trees: Vec::new(), knots: Vec::new(), ring: None })
}

/// A heap with about so many objects that live.
fn heap_with(objects: usize) -> Heap {
    let mut heap = heap();
    heap.mutate_root(|mc, held| held.live = Some(family(mc, depth_for(objects))));
    heap.finish_cycle();
    heap
}

/// Objects, or cycles, to a closure.
const STEP: usize = 100;
const TURN: usize = 10_000;

pub(crate) fn run(work: &str, out: &mut Out) -> bool {
    match work {
        "leaf-16" => single(out, work, leaf::<2>),
        "leaf-64" => single(out, work, leaf::<8>),
        "leaf-256" => single(out, work, leaf::<32>),
        "node" => single(out, work, node),
        "kept" => kept(out),
        "deref-list" => deref_list(out),
        "deref-shuffled" => deref_shuffled(out),
        "trees" => trees(out),
        "gcbench" => gcbench(out),
        "lists" => doubly_linked(out),
        "random" => random_graph(out),
        "cycles" => single(out, work, pair),
        "beside" => large::churn(out, ["beside", "longest", "p99"], 1_000_000, triangle),
        "beside-more" => {
            let rows = ["beside-more", "more-longest", "more-p99"];
            large::churn(out, rows, 10_000_000, triangle);
        }
        "linked" => {
            let rows = ["linked", "linked-longest", "linked-p99"];
            large::churn(out, rows, 1_000_000, large::linked);
        }
        "peak" => large::peak(out),
        "full" => large::full(out),
        "ring" => large::rings(out, work, out.large(1_000_000), 4, heap(), ring),
        "ring-shuffled" => large::rings(out, work, out.large(1_000_000), 4, heap(), shuffled_ring),
        "ring-100" => large::rings(out, work, 100, 200, heap(), ring),
        "ring-1000" => large::rings(out, work, 1000, 100, heap(), ring),
        "ring-small" => large::rings(out, work, TURN, 20, heap(), ring),
        "ring-100000" => large::rings(out, work, 100_000, 8, heap(), ring),
        "ring-beside-10000" => large::rings(out, work, TURN, 10, heap_with(10_000), ring),
        "ring-beside-100000" => large::rings(out, work, TURN, 10, heap_with(100_000), ring),
        "ring-small-beside" => {
            large::rings(out, work, TURN, 4, heap_with(out.large(1_000_000)), ring);
        }
        "long-list" => large::long_list(out),
        "bytes-8" => large::per_object::<0>(out, work),
        "bytes-16" => large::per_object::<1>(out, work),
        "bytes-64" => large::per_object::<7>(out, work),
        "count" => large::count(out),
        _ => return false,
    }
    true
}

fn leaf<const W: usize>(mc: &Mutation<'_>) {
    black_box(Gc::new(mc, Words { words: [1; W] }));
}

fn node(mc: &Mutation<'_>) {
    black_box(Gc::new(mc, Tree { left: None, right: None }));
}

fn pair(mc: &Mutation<'_>) {
    black_box(ring(mc, 2));
}

fn triangle<'gc>(mc: &Mutation<'gc>, _: &Held<'gc>) {
    black_box(ring(mc, 3));
}

/// Repeats something in one closure, then pays.
fn step(heap: &mut Heap, times: usize, make: impl Fn(&Mutation<'_>)) {
    heap.mutate(|mc, _| (0..times).for_each(|_| make(mc)));
    heap.collect_debt();
}

fn single(out: &Out, row: &str, make: impl Fn(&Mutation<'_>)) {
    let mut heap = heap();
    let mut turn = || time(|| (0..TURN / STEP).for_each(|_| step(&mut heap, STEP, &make)));
    out.value(row, out.repeat(TURN, &mut turn));
}

fn kept(out: &Out) {
    const OBJECTS: usize = 100_000;
    let mut heap = heap();
    let mut in_order: Vec<usize> = (0..OBJECTS).collect();
    let mut measure = |row: &str, order: &[usize]| {
        let ns = out.repeat(OBJECTS, || {
            time(|| {
                heap.mutate_root(|_, held| held.trees = Vec::with_capacity(OBJECTS));
                for _ in 0..OBJECTS / STEP {
                    heap.mutate_root(|mc, held| {
                        let node = || Some(Gc::new(mc, Tree { left: None, right: None }));
                        held.trees.extend((0..STEP).map(|_| node()));
                    });
                    heap.collect_debt();
                }
                heap.mutate_root(|_, held| order.iter().for_each(|&i| held.trees[i] = None));
                heap.collect_debt();
            })
        });
        out.value(row, ns);
    };
    measure("kept", &in_order);
    in_order.reverse();
    measure("kept-reverse", &in_order);
    Random::new().shuffle(&mut in_order);
    measure("kept-shuffled", &in_order);
}

fn deref_list(out: &Out) {
    heap().mutate(|mc, _| {
        let first = chain(mc, TURN);
        let ns = out.repeat(TURN, || {
            time(|| {
                let (mut at, mut sum) = (black_box(first), 0);
                while let Some(next) = at.next {
                    sum += at.words[0];
                    at = next;
                }
                black_box(sum);
            })
        });
        out.value("deref-list", ns);
    });
}

fn deref_shuffled(out: &Out) {
    let objects = out.large(1_000_000);
    heap().mutate(|mc, _| {
        let mut all: Vec<_> = (0..objects as u64)
            .map(|number| Gc::new(mc, Chain { next: None, words: [number] }))
            .collect();
        Random::new().shuffle(&mut all);
        let sum = || {
            time(|| {
                black_box(all.iter().map(|chain| chain.words[0]).sum::<u64>());
            })
        };
        out.value("deref-shuffled", out.repeat(objects, sum));
    });
}

fn trees(out: &Out) {
    const DEPTH: u32 = 16;
    let mut heap = heap();
    let turn = || {
        time(|| {
            step(&mut heap, 1, |mc| {
                black_box(tree(mc, DEPTH));
            })
        })
    };
    out.value("trees", out.repeat((2 << DEPTH) - 1, turn));
}

fn gcbench(out: &Out) {
    const NODES: usize = 1 << 15;
    const DEPTHS: [u32; 5] = [4, 6, 8, 10, 12];
    let mut heap = heap_with(1 << 14);
    let ns = out.repeat(NODES * DEPTHS.len(), || {
        time(|| {
            for depth in DEPTHS {
                for _ in 0..NODES / (2 << depth) {
                    step(&mut heap, 1, |mc| {
                        black_box(family(mc, depth));
                    });
                }
            }
        })
    });
    out.value("gcbench", ns);
}

fn doubly_linked(out: &Out) {
    const LENGTH: usize = 100;
    const LISTS: usize = 200;
    let mut heap = heap();
    let list = |mc: &Mutation<'_>| {
        let mut last = knot::<2>(mc, [None, None]);
        for _ in 1..LENGTH {
            let next = knot(mc, [None, Some(last)]);
            tie(mc, last, 0, next);
            last = next;
        }
        black_box(last);
    };
    let turn = || time(|| (0..LISTS).for_each(|_| step(&mut heap, 1, list)));
    out.value("lists", out.repeat(LENGTH * LISTS, turn));
}

fn random_graph(out: &Out) {
    const KNOTS: usize = 64 * GROUP;
    const STEPS: usize = 20_000;
    let mut random = Random::new();
    let mut heap = heap();
    heap.mutate_root(|mc, held| held.knots = (0..KNOTS).map(|_| knot(mc, [None, None])).collect());
    let ns = out.repeat(STEPS, || {
        time(|| {
            for _ in 0..STEPS / STEP {
                heap.mutate_root(|mc, held| {
                    (0..STEP).for_each(|step| change(mc, &mut held.knots, step, &mut random));
                });
                heap.collect_debt();
            }
        })
    });
    heap.mutate(|_, held| {
        black_box(held.knots.iter().map(|knot| knot.number).sum::<u64>());
    });
    out.value("random", ns);
}

fn change<'gc>(
    mc: &Mutation<'gc>,
    knots: &mut [KnotRef<'gc, 2>],
    step: usize,
    random: &mut Random,
) {
    let place = random.below(knots.len());
    if step.is_multiple_of(2) {
        knots[place] = knot(mc, [None, None]);
    } else {
        let other = place / GROUP * GROUP + random.below(GROUP);
        tie(mc, knots[place], step / 2 % 2, knots[other]);
    }
}
