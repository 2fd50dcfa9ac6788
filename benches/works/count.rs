//! Works as bare loops, for counting instructions: `count WHAT N` does one `N` times.

use std::hint::black_box;

use super::churn::RandomGraph;
use super::graphs::{LENGTH, family, linked_both_ways};
use super::{ByHand, Out};
use crate::contestants::Graph;

/// Nodes of a tree that is made and dropped as a whole.
const TREE: u64 = 511;

fn perfect_tree<G: Graph>(depth: u32) -> G::Tree {
    let branch = || (depth > 0).then(|| perfect_tree::<G>(depth - 1));
    G::tree(branch(), branch())
}

pub(crate) fn repeat<G: Graph>(out: &Out) {
    let [what, times] = &out.arguments[..] else { panic!("count takes a work and a number") };
    let times: u64 = times.parse().expect("a number of times");
    match what.as_str() {
        "leaf" => (0..times).for_each(|i| drop(black_box(G::leaf([i; 2])))),
        // Trees of `TREE` nodes each, so many that there are about `times` nodes.
        "tree" => (0..times / TREE).for_each(|_| drop(black_box(perfect_tree::<G>(TREE.ilog2())))),
        "node" => (0..times).for_each(|_| drop(black_box(G::tree(None, None)))),
        "clone" => {
            let node = G::tree(None, None);
            (0..times).for_each(|_| drop(black_box(node.clone())));
        }
        // Lists of `LENGTH` nodes each, so many that there are about `times` nodes.
        "lists" => (0..times / LENGTH as u64).for_each(|_| linked_both_ways::<G>()),
        // Trees that know their parents, of as many nodes as the other trees.
        "family" => {
            (0..times / TREE).for_each(|_| drop(black_box(family::<G>(TREE.ilog2()))));
        }
        "random" => {
            let (mut graph, mut by_hand) = (RandomGraph::<G>::new(), ByHand::new());
            (0..times).for_each(|_| graph.change(&mut by_hand));
        }
        // The difference of these two is the collection.
        "ring-made" | "ring" => {
            let first = G::knot::<1>([None], 0);
            let mut last = first.clone();
            for number in 1..times {
                last = G::knot([Some(last)], number);
            }
            G::tie(&first, 0, Some(last));
            if what == "ring" {
                drop(first);
                G::collect();
            } else {
                black_box(first);
            }
        }
        _ => panic!("nothing to count is called {what}"),
    }
}
