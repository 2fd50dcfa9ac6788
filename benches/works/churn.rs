//! Cyclic garbage as it comes, collected as each contestant does it by itself.

use std::hint::black_box;
use std::time::{Duration, Instant};

use super::graphs::family;
use super::random::Random;
use super::{ByHand, LeakWatch, Out, nanoseconds, time};
use crate::contestants::Graph;
use crate::memory;

fn pair<G: Graph>(number: u64) {
    let first = G::knot::<1>([None], number);
    let second = G::knot([Some(first.clone())], number);
    G::tie(&first, 0, Some(second));
    black_box(first);
}

fn triangle<G: Graph>(number: u64) {
    let first = G::knot::<1>([None], number);
    let second = G::knot([Some(first.clone())], number);
    let third = G::knot([Some(second)], number);
    G::tie(&first, 0, Some(third));
    black_box(first);
}

pub(crate) fn pairs<G: Graph>(out: &Out) {
    const PAIRS: usize = 20_000;
    let mut by_hand = ByHand::new();
    let mut turns = 0;
    let mut watch = None;
    let ns = out.repeat(PAIRS, || {
        if turns == 1 {
            watch = Some(LeakWatch::start());
        }
        turns += 1;
        time(|| {
            for i in 0..PAIRS {
                pair::<G>(i as u64);
                by_hand.made::<G>(2);
            }
        })
    });
    out.value("cycles", ns);
    ByHand::note::<G>(out, "cycles");
    if let Some(watch) = watch {
        watch.check::<G>(out, "cycles", 2 * PAIRS * (turns - 1));
    }
}

/// Neighbours in the random graph.
pub(crate) const GROUP: usize = 16;

/// Knots that are replaced, and tied to others of their group, by chance: one as often as the other.
/// A new knot has no edges, so that what is reachable does not grow with time.
pub(crate) struct RandomGraph<G: Graph> {
    random: Random,
    knots: Vec<G::Knot<2>>,
    step: usize,
}

impl<G: Graph> RandomGraph<G> {
    const KNOTS: usize = 64 * GROUP;

    pub(crate) fn new() -> Self {
        let knots = (0..Self::KNOTS).map(|i| G::knot([None, None], i as u64)).collect();
        Self { random: Random::new(), knots, step: 0 }
    }

    /// One change. Every other one makes a knot.
    pub(crate) fn change(&mut self, by_hand: &mut ByHand) {
        let place = self.random.below(Self::KNOTS);
        if self.step.is_multiple_of(2) {
            self.knots[place] = G::knot([None, None], 1);
            by_hand.made::<G>(1);
        } else {
            let other = place / GROUP * GROUP + self.random.below(GROUP);
            G::tie(&self.knots[place], self.step / 2 % 2, Some(self.knots[other].clone()));
        }
        self.step += 1;
    }
}

pub(crate) fn random_graph<G: Graph>(out: &Out) {
    const STEPS: usize = 20_000;
    let mut graph = RandomGraph::<G>::new();
    let mut by_hand = ByHand::new();
    let mut turns = 0;
    let mut watch = None;
    let ns = out.repeat(STEPS, || {
        if turns == 1 {
            watch = Some(LeakWatch::start());
        }
        turns += 1;
        time(|| (0..STEPS).for_each(|_| graph.change(&mut by_hand)))
    });
    black_box(graph.knots.iter().map(G::knot_number).sum::<u64>());
    out.value("random", ns);
    ByHand::note::<G>(out, "random");
    if let Some(watch) = watch {
        watch.check::<G>(out, "random", STEPS / 2 * (turns - 1));
    }
}

/// Steps of a hundred cycles each; a pause is felt as a step that takes long.
pub(crate) struct Steps {
    taken: Vec<Duration>,
}

impl Steps {
    pub(crate) const CYCLES: usize = 100;

    pub(crate) fn take(out: &Out, mut step: impl FnMut()) -> Self {
        let (steps, limit) =
            if out.quick { (600, Duration::from_secs(1)) } else { (3000, Duration::from_secs(2)) };
        let mut taken = Vec::with_capacity(steps);
        let start = Instant::now();
        while taken.len() < steps && start.elapsed() < limit {
            taken.push(time(&mut step));
        }
        Self { taken }
    }

    fn objects(&self) -> usize {
        3 * Self::CYCLES * self.taken.len()
    }

    pub(crate) fn tell(mut self, out: &Out, [cycle, longest, p99]: [&str; 3]) {
        let sum: Duration = self.taken.iter().sum();
        out.value(cycle, nanoseconds(sum) / (self.taken.len() * Self::CYCLES) as f64);
        self.taken.sort_unstable();
        let milliseconds = |taken: Duration| nanoseconds(taken) / 1e6;
        out.value(longest, milliseconds(self.taken[self.taken.len() - 1]));
        out.value(p99, milliseconds(self.taken[self.taken.len() * 99 / 100]));
    }
}

/// The depth of a tree of about this many nodes.
pub(crate) fn depth_for(nodes: usize) -> u32 {
    nodes.ilog2()
}

pub(crate) fn beside_live<G: Graph>(out: &Out, rows: [&str; 3], objects: usize) {
    let live = family::<G>(depth_for(out.large(objects)));
    G::collect();
    let mut by_hand = ByHand::new();
    let watch = LeakWatch::start();
    let steps = Steps::take(out, || {
        for i in 0..Steps::CYCLES {
            triangle::<G>(i as u64);
        }
        by_hand.made::<G>(3 * Steps::CYCLES);
    });
    watch.check::<G>(out, rows[0], steps.objects());
    ByHand::note::<G>(out, rows[0]);
    steps.tell(out, rows);
    black_box(G::kin_number(&live));
}

/// The same, but each cycle has an edge to the live objects, so that who judges a cycle by what it
/// leads to meets all of them.
pub(crate) fn linked_to_live<G: Graph>(out: &Out) {
    let live = family::<G>(depth_for(out.large(1_000_000)));
    G::collect();
    let mut by_hand = ByHand::new();
    let watch = LeakWatch::start();
    let steps = Steps::take(out, || {
        for i in 0..Steps::CYCLES {
            let [first, second, third] = [(); 3].map(|()| G::kin::<2>(i as u64));
            G::set_child(&third, 1, Some(live.clone()));
            G::set_child(&third, 0, Some(first.clone()));
            G::set_child(&second, 0, Some(third));
            G::set_child(&first, 0, Some(second));
            black_box(first);
        }
        by_hand.made::<G>(3 * Steps::CYCLES);
    });
    watch.check::<G>(out, "linked", steps.objects());
    steps.tell(out, ["linked", "linked-longest", "linked-p99"]);
    ByHand::note::<G>(out, "linked");
}

/// How much memory garbage takes until it is collected.
pub(crate) fn peak<G: Graph>(out: &Out) {
    let Some(before) = memory::resident() else { return };
    let mut by_hand = ByHand::new();
    let pairs = out.large(1_000_000);
    let watch = LeakWatch::start();
    for i in 0..pairs {
        pair::<G>(i as u64);
        by_hand.made::<G>(2);
    }
    watch.check::<G>(out, "peak", 2 * pairs);
    if let Some(peak) = memory::peak() {
        out.value("peak", peak.saturating_sub(before) as f64 / f64::from(1 << 20));
    }
}
