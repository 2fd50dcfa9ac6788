//! gc-arena's nodes, and the graphs that are made of them in one closure.

use gc_arena::barrier::unlock;
use gc_arena::lock::Lock;
use gc_arena::{Collect, Gc, Mutation};

use crate::works::random::Random;

#[derive(Collect)]
#[collect(no_drop)]
pub(super) struct Words<const W: usize> {
    pub(super) words: [u64; W],
}

#[derive(Collect)]
#[collect(no_drop)]
pub(super) struct Chain<'gc, const W: usize> {
    pub(super) next: Option<Gc<'gc, Chain<'gc, W>>>,
    pub(super) words: [u64; W],
}

#[derive(Collect)]
#[collect(no_drop)]
pub(super) struct Tree<'gc> {
    pub(super) left: Option<Gc<'gc, Tree<'gc>>>,
    pub(super) right: Option<Gc<'gc, Tree<'gc>>>,
}

pub(super) type KnotRef<'gc, const E: usize> = Gc<'gc, Knot<'gc, E>>;
pub(super) type KinRef<'gc> = Gc<'gc, Kin<'gc>>;

#[derive(Collect)]
#[collect(no_drop)]
pub(super) struct Knot<'gc, const E: usize> {
    edges: Lock<[Option<KnotRef<'gc, E>>; E]>,
    pub(super) number: u64,
}

/// Two children and the parent.
#[derive(Collect)]
#[collect(no_drop)]
pub(super) struct Kin<'gc> {
    edges: Lock<[Option<KinRef<'gc>>; 3]>,
    pub(super) number: u64,
}

/// The edge of a `Kin` to its parent.
const PARENT: usize = 2;

pub(super) fn chain<'gc>(mc: &Mutation<'gc>, length: usize) -> Gc<'gc, Chain<'gc, 1>> {
    let mut first = Gc::new(mc, Chain { next: None, words: [0] });
    for number in 1..length as u64 {
        first = Gc::new(mc, Chain { next: Some(first), words: [number] });
    }
    first
}

pub(super) fn tree<'gc>(mc: &Mutation<'gc>, depth: u32) -> Gc<'gc, Tree<'gc>> {
    let branch = || (depth > 0).then(|| tree(mc, depth - 1));
    let (left, right) = (branch(), branch());
    Gc::new(mc, Tree { left, right })
}

pub(super) fn knot<'gc, const E: usize>(
    mc: &Mutation<'gc>,
    edges: [Option<KnotRef<'gc, E>>; E],
) -> KnotRef<'gc, E> {
    Gc::new(mc, Knot { edges: Lock::new(edges), number: 1 })
}

pub(super) fn tie<'gc, const E: usize>(
    mc: &Mutation<'gc>,
    from: KnotRef<'gc, E>,
    edge: usize,
    to: KnotRef<'gc, E>,
) {
    let mut edges = from.edges.get();
    edges[edge] = Some(to);
    unlock!(Gc::write(mc, from), Knot, edges).set(edges);
}

/// Knots that hold the next each, and the last the first.
pub(super) fn ring<'gc>(mc: &Mutation<'gc>, objects: usize) -> KnotRef<'gc, 1> {
    let first = knot(mc, [None]);
    let last = (1..objects).fold(first, |last, _| knot(mc, [Some(last)]));
    tie(mc, first, 0, last);
    first
}

pub(super) fn shuffled_ring<'gc>(mc: &Mutation<'gc>, objects: usize) -> KnotRef<'gc, 1> {
    let mut knots: Vec<_> = (0..objects).map(|_| knot(mc, [None])).collect();
    Random::new().shuffle(&mut knots);
    knots.windows(2).for_each(|pair| tie(mc, pair[0], 0, pair[1]));
    tie(mc, knots[objects - 1], 0, knots[0]);
    knots[0]
}

pub(super) fn kin<'gc>(mc: &Mutation<'gc>) -> KinRef<'gc> {
    Gc::new(mc, Kin { edges: Lock::new([None; 3]), number: 1 })
}

pub(super) fn link<'gc>(mc: &Mutation<'gc>, from: KinRef<'gc>, edge: usize, to: KinRef<'gc>) {
    let mut edges = from.edges.get();
    edges[edge] = Some(to);
    unlock!(Gc::write(mc, from), Kin, edges).set(edges);
}

pub(super) fn family<'gc>(mc: &Mutation<'gc>, depth: u32) -> KinRef<'gc> {
    let root = kin(mc);
    if depth > 0 {
        for edge in 0..2 {
            let child = family(mc, depth - 1);
            link(mc, child, PARENT, root);
            link(mc, root, edge, child);
        }
    }
    root
}
