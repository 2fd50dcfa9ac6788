//! Trees and lists, made and dropped.

use std::hint::black_box;

use super::{ByHand, LeakWatch, Out, time};
use crate::contestants::{Graph, Reclaims};

pub(crate) fn trees<G: Graph>(out: &Out) {
    const DEPTH: u32 = 16;
    fn make<G: Graph>(depth: u32) -> G::Tree {
        if depth == 0 {
            return G::tree(None, None);
        }
        G::tree(Some(make::<G>(depth - 1)), Some(make::<G>(depth - 1)))
    }
    fn count<G: Graph>(tree: &G::Tree) -> usize {
        1 + G::branches(tree).into_iter().flatten().map(count::<G>).sum::<usize>()
    }
    let nodes = (2 << DEPTH) - 1;
    assert_eq!(count::<G>(&make::<G>(DEPTH)), nodes);
    out.value("trees", out.repeat(nodes, || time(|| drop(black_box(make::<G>(DEPTH))))));
}

/// A tree whose nodes know their parents, from the root down.
pub(crate) fn family<G: Graph>(depth: u32) -> G::Kin<2> {
    let root = G::kin(u64::from(depth));
    if depth > 0 {
        for edge in 0..2 {
            let child = family::<G>(depth - 1);
            G::set_parent(&child, &root);
            G::set_child(&root, edge, Some(child));
        }
    }
    root
}

/// After Ellis, Kovac and Boehm's GCBench: trees of several depths come and go beside one that stays.
pub(crate) fn gcbench<G: Graph>(out: &Out) {
    const STAYS: u32 = 14;
    const NODES: usize = 1 << 15;
    const DEPTHS: [u32; 5] = [4, 6, 8, 10, 12];
    let stays = family::<G>(STAYS);
    let mut by_hand = ByHand::new();
    let mut turns = 0;
    let mut watch = None;
    let ns = out.repeat(NODES * DEPTHS.len(), || {
        if turns == 1 {
            watch = Some(LeakWatch::start());
        }
        turns += 1;
        time(|| {
            for depth in DEPTHS {
                let nodes = 2 << depth;
                for _ in 0..NODES / nodes {
                    drop(black_box(family::<G>(depth)));
                    by_hand.made::<G>(nodes);
                }
            }
        })
    });
    assert_eq!(G::kin_number(&stays), u64::from(STAYS));
    out.value("gcbench", ns);
    ByHand::note::<G>(out, "gcbench");
    // With `Rc` the parents are weak.
    if let Some(watch) = watch.filter(|_| G::RECLAIMS != Reclaims::ByCount) {
        watch.check::<G>(out, "gcbench", NODES * DEPTHS.len() * (turns - 1));
    }
}

/// Nodes of a list that is linked both ways.
pub(crate) const LENGTH: usize = 100;

/// A list that is linked both ways, made and dropped.
pub(crate) fn linked_both_ways<G: Graph>() {
    let first = G::kin::<1>(0);
    let mut last = first.clone();
    for number in 1..LENGTH as u64 {
        let next = G::kin(number);
        G::set_parent(&next, &last);
        G::set_child(&last, 0, Some(next.clone()));
        last = next;
    }
    drop(black_box((first, last)));
}

pub(crate) fn doubly_linked<G: Graph>(out: &Out) {
    const LISTS: usize = 200;
    let mut by_hand = ByHand::new();
    let ns = out.repeat(LENGTH * LISTS, || {
        time(|| {
            for _ in 0..LISTS {
                linked_both_ways::<G>();
                by_hand.made::<G>(LENGTH);
            }
        })
    });
    out.value("lists", ns);
    ByHand::note::<G>(out, "lists");
}

/// The edge of an element to the first of its children.
const FIRST: usize = 0;
/// The edge of an element to its next sibling.
const NEXT: usize = 1;

/// A document: elements that know their parent, first child and next sibling. It is made, its
/// sections are put in another order, it is walked, and dropped.
pub(crate) fn dom<G: Graph>(out: &Out) {
    const SECTIONS: usize = 20;
    const CHILDREN: usize = 50;
    const ELEMENTS: usize = 1 + SECTIONS * (1 + CHILDREN);
    let mut by_hand = ByHand::new();
    let ns = out.repeat(20 * ELEMENTS, || {
        time(|| {
            for _ in 0..20 {
                let document = G::kin::<2>(1);
                for _ in 0..SECTIONS {
                    let section = G::kin(1);
                    (0..CHILDREN).for_each(|_| prepend::<G>(&section, G::kin(1)));
                    prepend::<G>(&document, section);
                }
                turn_over::<G>(&document);
                assert_eq!(sum::<G>(&document), ELEMENTS as u64);
                drop(document);
                by_hand.made::<G>(ELEMENTS);
            }
        })
    });
    out.value("dom", ns);
    ByHand::note::<G>(out, "dom");
}

fn prepend<G: Graph>(parent: &G::Kin<2>, child: G::Kin<2>) {
    G::set_parent(&child, parent);
    G::set_child(&child, NEXT, G::child(parent, FIRST));
    G::set_child(parent, FIRST, Some(child));
}

fn turn_over<G: Graph>(parent: &G::Kin<2>) {
    let mut rest = G::child(parent, FIRST);
    G::set_child(parent, FIRST, None);
    while let Some(child) = rest {
        rest = G::child(&child, NEXT);
        prepend::<G>(parent, child);
    }
}

/// The sum of all numbers, by a walk that goes up by the handles to the parents.
fn sum<G: Graph>(document: &G::Kin<2>) -> u64 {
    let (mut at, mut sum) = (document.clone(), G::kin_number(document));
    loop {
        if let Some(child) = G::child(&at, FIRST) {
            at = child;
        } else {
            while G::child(&at, NEXT).is_none() {
                match G::parent(&at) {
                    Some(parent) => at = parent,
                    None => return sum,
                }
            }
            at = G::child(&at, NEXT).expect("was there a moment ago");
        }
        sum += G::kin_number(&at);
    }
}
