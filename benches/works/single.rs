//! Objects one by one: made, kept, cloned, looked at, dropped.

use std::hint::black_box;

use super::random::Random;
use super::{Out, time};
use crate::contestants::Graph;

const TURN: usize = 10_000;

pub(crate) fn leaf<G: Graph, const W: usize>(out: &Out) {
    let ns = out.repeat(TURN, || {
        time(|| {
            for i in 0..TURN as u64 {
                drop(black_box(G::leaf([i; W])));
            }
        })
    });
    let last = G::leaf([1; W]);
    assert_eq!(G::leaf_words(&last)[W - 1], 1);
    out.value(&format!("leaf-{}", 8 * W), ns);
}

pub(crate) fn node<G: Graph>(out: &Out) {
    let ns = out.repeat(TURN, || {
        time(|| {
            for _ in 0..TURN {
                drop(black_box(G::tree(None, None)));
            }
        })
    });
    out.value("node", ns);
}

/// Nodes that are all there before the first is dropped.
pub(crate) fn kept<G: Graph>(out: &Out) {
    const OBJECTS: usize = 100_000;
    let make = || (0..OBJECTS).map(|_| G::tree(None, None)).collect::<Vec<_>>();
    let ns = out.repeat(OBJECTS, || time(|| drop(black_box(make()))));
    out.value("kept", ns);
    let ns = out.repeat(OBJECTS, || {
        time(|| {
            let mut nodes = black_box(make());
            while nodes.pop().is_some() {}
        })
    });
    out.value("kept-reverse", ns);
    let mut order: Vec<usize> = (0..OBJECTS).collect();
    Random::new().shuffle(&mut order);
    let ns = out.repeat(OBJECTS, || {
        time(|| {
            let mut nodes: Vec<_> = black_box(make()).into_iter().map(Some).collect();
            for &place in &order {
                nodes[place] = None;
            }
        })
    });
    out.value("kept-shuffled", ns);
}

pub(crate) fn clone_one<G: Graph>(out: &Out) {
    let node = G::tree(None, None);
    let ns = out.repeat(TURN, || {
        time(|| {
            for _ in 0..TURN {
                drop(black_box(node.clone()));
            }
        })
    });
    out.value("clone", ns);
}

pub(crate) fn clone_shuffled<G: Graph>(out: &Out, row: &str, objects: usize) {
    let mut nodes: Vec<G::Tree> = (0..objects).map(|_| G::tree(None, None)).collect();
    Random::new().shuffle(&mut nodes);
    let ns = out.repeat(objects, || {
        time(|| {
            for node in &nodes {
                drop(black_box(node.clone()));
            }
        })
    });
    out.value(row, ns);
}

/// A function by itself: what `black_box` has seen stays in memory, and is stored there at each step.
#[inline(never)]
fn sum_along<G: Graph>(mut at: &G::Chain<1>) -> u64 {
    let mut sum = 0;
    while let Some(next) = G::next(at) {
        sum += G::words(at)[0];
        at = next;
    }
    sum
}

pub(crate) fn deref_list<G: Graph>(out: &Out) {
    let mut first = G::chain::<1>(None, [0]);
    for number in 1..TURN as u64 {
        first = G::chain(Some(first), [number]);
    }
    let ns = out.repeat(TURN, || {
        time(|| {
            black_box(sum_along::<G>(black_box(&first)));
        })
    });
    out.value("deref-list", ns);
}

pub(crate) fn deref_shuffled<G: Graph>(out: &Out) {
    let objects = out.large(1_000_000);
    let mut all: Vec<_> = (0..objects as u64).map(|i| G::chain::<1>(None, [i])).collect();
    Random::new().shuffle(&mut all);
    let ns = out.repeat(objects, || {
        time(|| {
            black_box(all.iter().map(|chain| G::words(chain)[0]).sum::<u64>());
        })
    });
    out.value("deref-shuffled", ns);
}
