//! The works: what is measured, and how one process measures it.

mod bytes;
pub(crate) mod churn;
mod collect;
mod count;
mod graphs;
pub(crate) mod random;
mod single;
pub(crate) mod weak;

use std::time::{Duration, Instant};

use crate::contestants::{Graph, Reclaims};
use crate::memory;

/// Runs the work of this name for a contestant; false if there is none.
pub(crate) fn run<G: Graph>(work: &str, out: &mut Out) -> bool {
    match work {
        "leaf-16" => single::leaf::<G, 2>(out),
        "leaf-64" => single::leaf::<G, 8>(out),
        "leaf-256" => single::leaf::<G, 32>(out),
        "node" => single::node::<G>(out),
        "kept" => single::kept::<G>(out),
        "clone" => single::clone_one::<G>(out),
        "clone-shuffled" => single::clone_shuffled::<G>(out, "clone-shuffled", 100_000),
        "clone-shuffled-million" => {
            single::clone_shuffled::<G>(out, "clone-shuffled-million", out.large(1_000_000));
        }
        "deref-list" => single::deref_list::<G>(out),
        "deref-shuffled" => single::deref_shuffled::<G>(out),
        "trees" => graphs::trees::<G>(out),
        "gcbench" => graphs::gcbench::<G>(out),
        "lists" => graphs::doubly_linked::<G>(out),
        "dom" => graphs::dom::<G>(out),
        "cycles" => churn::pairs::<G>(out),
        "random" => churn::random_graph::<G>(out),
        "beside" => churn::beside_live::<G>(out, ["beside", "longest", "p99"], 1_000_000),
        "beside-more" => {
            let rows = ["beside-more", "more-longest", "more-p99"];
            churn::beside_live::<G>(out, rows, 10_000_000);
        }
        "linked" => churn::linked_to_live::<G>(out),
        "peak" => churn::peak::<G>(out),
        "ring-100" => collect::ring_of::<G>(out, work, 100, 200),
        "ring-1000" => collect::ring_of::<G>(out, work, 1000, 100),
        "ring-small" => collect::ring_of::<G>(out, work, collect::SMALL, 20),
        "ring-100000" => collect::ring_of::<G>(out, work, 100_000, 8),
        "ring-beside-10000" => collect::ring_beside_live::<G>(out, work, 10_000, 10),
        "ring-beside-100000" => collect::ring_beside_live::<G>(out, work, 100_000, 10),
        "ring-small-beside" => {
            collect::ring_beside_live::<G>(out, work, out.large(1_000_000), 4);
        }
        "ring" => collect::ring::<G>(out),
        "ring-shuffled" => collect::shuffled_ring::<G>(out),
        "full" => collect::full::<G>(out),
        "long-list" => collect::long_list::<G>(out),
        "bytes-8" => bytes::per_object::<G, 0>(out),
        "bytes-16" => bytes::per_object::<G, 1>(out),
        "bytes-64" => bytes::per_object::<G, 7>(out),
        "count" => count::repeat::<G>(out),
        _ => return false,
    }
    true
}

/// What a child process tells its parent, line by line, so that what was measured before a crash
/// is known.
pub(crate) struct Out {
    /// A run for a glance: a tenth of the objects, less time.
    pub(crate) quick: bool,
    /// Further words of the command line.
    pub(crate) arguments: Vec<String>,
}

impl Out {
    pub(crate) fn value(&self, row: &str, value: f64) {
        println!("{row} {value}");
    }

    /// A word on how a value came about, shown beside it.
    pub(crate) fn note(&self, row: &str, note: &str) {
        println!("note {row} {note}");
    }

    /// A number of objects for works that are about a large heap.
    pub(crate) fn large(&self, objects: usize) -> usize {
        if self.quick { objects / 10 } else { objects }
    }

    /// Repeats `turn`, which says how long its `operations` took, and gives the mean time of one.
    ///
    /// The mean, since many a contestant does its collecting in one turn out of many.
    pub(crate) fn repeat(&self, operations: usize, mut turn: impl FnMut() -> Duration) -> f64 {
        let enough = Duration::from_millis(if self.quick { 20 } else { 60 });
        turn();
        let start = Instant::now();
        let (mut turns, mut sum) = (0, Duration::ZERO);
        while turns < 2 || start.elapsed() < enough {
            turns += 1;
            sum += turn();
            if start.elapsed() > 10 * enough {
                break;
            }
        }
        nanoseconds(sum) / (turns * operations) as f64
    }
}

pub(crate) fn time(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

pub(crate) fn nanoseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e9
}

/// Calls for a collection now and then, where a contestant leaves that to the program.
pub(crate) struct ByHand {
    objects: usize,
}

impl ByHand {
    const EVERY: usize = 10_000;

    pub(crate) fn new() -> Self {
        Self { objects: 0 }
    }

    pub(crate) fn made<G: Graph>(&mut self, objects: usize) {
        if G::RECLAIMS == Reclaims::CyclesByHand {
            self.objects += objects;
            if self.objects >= Self::EVERY {
                self.objects = 0;
                G::collect();
            }
        }
    }

    pub(crate) fn note<G: Graph>(out: &Out, row: &str) {
        if G::RECLAIMS == Reclaims::CyclesByHand {
            out.note(row, "by hand");
        }
    }
}

/// Tells from the memory of the process whether garbage comes back.
pub(crate) struct LeakWatch {
    before: Option<usize>,
}

impl LeakWatch {
    /// To be called when the contestant has had a first turn, and so what it allocates once for all.
    pub(crate) fn start() -> Self {
        Self { before: memory::resident() }
    }

    /// To be called when this many objects, all of them garbage by now, have been made.
    pub(crate) fn check<G: Graph>(self, out: &Out, row: &str, objects: usize) {
        if G::RECLAIMS == Reclaims::ByCount || self.has_grown(objects) {
            out.note(row, "leaks");
        }
    }

    /// Whether memory has grown with the garbage, more than a collector allows itself that waits
    /// until there is as much garbage as there are live objects.
    fn has_grown(&self, objects: usize) -> bool {
        /// Half of what the smallest objects take.
        const BYTES: usize = 16;
        /// Fewer say nothing.
        const ENOUGH: usize = 200_000;
        let grown = |before: usize| {
            let growth = memory::resident().unwrap_or(0).saturating_sub(before);
            growth > objects * BYTES && growth > before
        };
        objects >= ENOUGH && self.before.is_some_and(grown)
    }
}
