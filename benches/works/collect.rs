//! Whole collections that the program calls for.

use std::hint::black_box;
use std::time::{Duration, Instant};

use super::churn::depth_for;
use super::graphs::family;
use super::random::Random;
use super::{LeakWatch, Out, nanoseconds, time};
use crate::contestants::{Graph, Reclaims};

/// A ring in the order in which it was made; the handle to its first.
fn make_ring<G: Graph>(objects: usize) -> G::Knot<1> {
    let first = G::knot([None], 0);
    let mut last = first.clone();
    for number in 1..objects as u64 {
        last = G::knot([Some(last)], number);
    }
    G::tie(&first, 0, Some(last));
    first
}

/// A ring whose neighbours lie anywhere in memory.
fn make_shuffled_ring<G: Graph>(objects: usize) -> G::Knot<1> {
    let mut knots: Vec<_> = (0..objects as u64).map(|i| G::knot([None], i)).collect();
    Random::new().shuffle(&mut knots);
    for pair in knots.windows(2) {
        G::tie(&pair[0], 0, Some(pair[1].clone()));
    }
    G::tie(&knots[objects - 1], 0, Some(knots[0].clone()));
    knots.swap_remove(0)
}

/// Drops rings and collects; tells the time for each object.
fn rings<G: Graph>(
    out: &Out,
    row: &str,
    objects: usize,
    turns: usize,
    make: impl Fn(usize) -> G::Knot<1>,
) {
    if G::RECLAIMS == Reclaims::ByCount {
        return;
    }
    /// Who takes longer does not get all turns.
    const LONG: Duration = Duration::from_secs(3);
    let start = Instant::now();
    let mut watch = None;
    let mut taken = Vec::with_capacity(turns);
    while taken.len() < turns && start.elapsed() < LONG {
        let ring = make(objects);
        assert!(G::tied(&ring, 0).is_some());
        // A first collection takes what making the ring has left behind, as an earlier one would
        // have in a program; it judges the ring and finds it alive.
        G::collect();
        let took = time(|| {
            drop(black_box(ring));
            G::collect();
        });
        // By then what an allocator keeps for later is there.
        if taken.len() == turns / 2 - 1 {
            watch = Some(LeakWatch::start());
        }
        taken.push(nanoseconds(took));
    }
    out.value(row, taken.iter().sum::<f64>() / (taken.len() * objects) as f64);
    if let Some(watch) = watch.filter(|_| taken.len() == turns) {
        watch.check::<G>(out, row, (turns - turns / 2) * objects);
    }
}

pub(crate) fn ring<G: Graph>(out: &Out) {
    rings::<G>(out, "ring", out.large(1_000_000), 4, make_ring::<G>);
}

pub(crate) fn shuffled_ring<G: Graph>(out: &Out) {
    rings::<G>(out, "ring-shuffled", out.large(1_000_000), 4, make_shuffled_ring::<G>);
}

/// Objects of a small ring.
pub(crate) const SMALL: usize = 10_000;

pub(crate) fn ring_of<G: Graph>(out: &Out, row: &str, objects: usize, turns: usize) {
    rings::<G>(out, row, objects, turns, make_ring::<G>);
}

pub(crate) fn ring_beside_live<G: Graph>(out: &Out, row: &str, live: usize, turns: usize) {
    if G::RECLAIMS == Reclaims::ByCount {
        return;
    }
    let live = family::<G>(depth_for(live));
    G::collect();
    rings::<G>(out, row, SMALL, turns, make_ring::<G>);
    black_box(G::kin_number(&live));
}

/// Takes a handle to each of the first `most` nodes and drops it again.
fn suspect<G: Graph>(node: &G::Kin<2>, most: &mut usize) {
    for edge in 0..2 {
        if *most == 0 {
            return;
        }
        if let Some(child) = G::child(node, edge) {
            *most -= 1;
            suspect::<G>(&child, most);
        }
    }
}

pub(crate) fn full<G: Graph>(out: &Out) {
    if G::RECLAIMS == Reclaims::ByCount {
        return;
    }
    const TURNS: usize = 3;
    let objects = out.large(1_000_000);
    let live = family::<G>(depth_for(objects));
    G::collect();
    G::collect();
    for (row, suspects) in
        [("full-none", 0), ("full-one", 1), ("full-1000", 1000), ("full-all", usize::MAX)]
    {
        let mut sum = 0.0;
        for _ in 0..TURNS {
            suspect::<G>(&live, &mut suspects.clone());
            sum += nanoseconds(time(G::collect));
        }
        out.value(row, sum / 1e6 / TURNS as f64);
    }
    black_box(G::kin_number(&live));
}

pub(crate) fn long_list<G: Graph>(out: &Out) {
    let objects = out.large(1_000_000);
    let mut sum = 0.0;
    const TURNS: usize = 2;
    for _ in 0..TURNS {
        let took = time(|| {
            let mut first = G::chain::<1>(None, [0]);
            for number in 1..objects as u64 {
                first = G::chain(Some(first), [number]);
            }
            drop(black_box(first));
            if G::RECLAIMS == Reclaims::Tracing {
                G::collect();
            }
        });
        sum += nanoseconds(took);
    }
    out.value("long-list", sum / (TURNS * objects) as f64);
}
