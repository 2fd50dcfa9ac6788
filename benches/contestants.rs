//! Who takes part, and what a work may ask of them.

#[macro_use]
mod nodes;

mod bacon_rajan_cc;
mod boa_gc;
mod dumpster;
mod gc;
mod gc_arena;
mod gc_core;
mod gcmodule;
mod rc;
mod rust_cc;

use crate::works::{self, Out};

/// What a work needs of a contestant: five kinds of objects, and a collection.
///
/// Works are written once, generic over this. Every type here is a handle: cloned and dropped to
/// count, or to root and unroot. A contestant whose handles cannot outlive a closure has its own
/// versions of the works (`gc_arena.rs`).
pub(crate) trait Graph: 'static {
    const RECLAIMS: Reclaims;

    /// `W` words, and no edge.
    type Leaf<const W: usize>: Clone;
    /// An edge that stays as it was made, and `W` words.
    type Chain<const W: usize>: Clone;
    /// Two edges that stay as they were made.
    type Tree: Clone;
    /// `E` edges that may be set at any time, all of them strong, and a number.
    type Knot<const E: usize>: Clone;
    /// `E` edges to children, one back to the parent, and a number. `Rc` alone makes the one back
    /// weak; all may be set at any time.
    type Kin<const E: usize>: Clone;

    fn leaf<const W: usize>(words: [u64; W]) -> Self::Leaf<W>;
    fn leaf_words<const W: usize>(leaf: &Self::Leaf<W>) -> &[u64; W];

    fn chain<const W: usize>(next: Option<Self::Chain<W>>, words: [u64; W]) -> Self::Chain<W>;
    fn next<const W: usize>(chain: &Self::Chain<W>) -> Option<&Self::Chain<W>>;
    fn words<const W: usize>(chain: &Self::Chain<W>) -> &[u64; W];

    fn tree(left: Option<Self::Tree>, right: Option<Self::Tree>) -> Self::Tree;
    fn branches(tree: &Self::Tree) -> [Option<&Self::Tree>; 2];

    fn knot<const E: usize>(edges: [Option<Self::Knot<E>>; E], number: u64) -> Self::Knot<E>;
    fn tie<const E: usize>(from: &Self::Knot<E>, edge: usize, to: Option<Self::Knot<E>>);
    fn tied<const E: usize>(from: &Self::Knot<E>, edge: usize) -> Option<Self::Knot<E>>;
    fn knot_number<const E: usize>(knot: &Self::Knot<E>) -> u64;

    fn kin<const E: usize>(number: u64) -> Self::Kin<E>;
    fn child<const E: usize>(kin: &Self::Kin<E>, edge: usize) -> Option<Self::Kin<E>>;
    fn set_child<const E: usize>(kin: &Self::Kin<E>, edge: usize, child: Option<Self::Kin<E>>);
    fn parent<const E: usize>(kin: &Self::Kin<E>) -> Option<Self::Kin<E>>;
    fn set_parent<const E: usize>(kin: &Self::Kin<E>, parent: &Self::Kin<E>);
    fn kin_number<const E: usize>(kin: &Self::Kin<E>) -> u64;

    /// Collects all that is garbage now.
    fn collect();
}

/// When an unreachable object ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reclaims {
    /// With its last handle; a cycle never.
    ByCount,
    /// With its last handle; a cycle in a collection, which starts by itself.
    Cycles,
    /// The same, but the program has to call for collections.
    CyclesByHand,
    /// In a collection, cycle or not.
    Tracing,
}

/// A cell for an edge, whatever the contestant takes for that.
pub(crate) trait Edge<H> {
    fn holding(handle: Option<H>) -> Self;
    fn handle(&self) -> Option<H>;
    fn set(&self, handle: Option<H>);
}

impl<H: Clone> Edge<H> for std::cell::RefCell<Option<H>> {
    fn holding(handle: Option<H>) -> Self {
        Self::new(handle)
    }

    fn handle(&self) -> Option<H> {
        self.borrow().clone()
    }

    fn set(&self, handle: Option<H>) {
        // The old handle is dropped after the borrow has ended.
        drop(self.replace(handle));
    }
}

/// A cell for the edge to a parent.
pub(crate) trait Back<H> {
    fn empty() -> Self;
    fn parent(&self) -> Option<H>;
    fn point(&self, parent: &H);
}

impl<H: Clone, C: Edge<H>> Back<H> for C {
    fn empty() -> Self {
        C::holding(None)
    }

    fn parent(&self) -> Option<H> {
        self.handle()
    }

    fn point(&self, parent: &H) {
        self.set(Some(parent.clone()));
    }
}

/// One column of the table.
pub(crate) struct Contestant {
    pub(crate) name: &'static str,
    pub(crate) allocator: Allocator,
    pub(crate) runner: Runner,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Allocator {
    System,
    Mimalloc,
}

pub(crate) enum Runner {
    /// Runs a work by its name in this process; false if it has none of that name.
    Here(fn(&str, &mut Out) -> bool),
    /// A script for an interpreter of this name.
    Script(&'static str, &'static str),
}

pub(crate) const RC: &str = "Rc";
pub(crate) const OURS: &str = "gc-core";
/// Those who count handles and find cycles.
pub(crate) const COUNTING: [&str; 4] =
    ["dumpster", "jrsonnet-gcmodule", "rust-cc", "bacon_rajan_cc"];

pub(crate) static ALL: [Contestant; 12] = [
    here(RC, run_rc),
    on_mimalloc("Rc, mimalloc", run_rc),
    here(OURS, run_ours),
    on_mimalloc("gc-core, mimalloc", run_ours),
    here("dumpster", works::run::<dumpster::Contestant>),
    here("jrsonnet-gcmodule", works::run::<gcmodule::Contestant>),
    here("rust-cc", works::run::<rust_cc::Contestant>),
    here("bacon_rajan_cc", works::run::<bacon_rajan_cc::Contestant>),
    here("gc", works::run::<gc::Contestant>),
    here("boa_gc", works::run::<boa_gc::Contestant>),
    here("gc-arena", gc_arena::run),
    Contestant {
        name: "CPython",
        allocator: Allocator::System,
        runner: Runner::Script("python3", include_str!("contestants/cpython.py")),
    },
];

fn run_rc(work: &str, out: &mut Out) -> bool {
    works::weak::with_rc(work, out) || works::run::<rc::Contestant>(work, out)
}

fn run_ours(work: &str, out: &mut Out) -> bool {
    works::weak::ours(work, out) || works::run::<gc_core::Contestant>(work, out)
}

const fn here(name: &'static str, run: fn(&str, &mut Out) -> bool) -> Contestant {
    Contestant { name, allocator: Allocator::System, runner: Runner::Here(run) }
}

const fn on_mimalloc(name: &'static str, run: fn(&str, &mut Out) -> bool) -> Contestant {
    Contestant { name, allocator: Allocator::Mimalloc, runner: Runner::Here(run) }
}

pub(crate) fn find(name: &str) -> Option<&'static Contestant> {
    ALL.iter().find(|contestant| contestant.name == name)
}
