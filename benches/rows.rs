//! The rows of the table, and what is aimed at.

/// One row: a value that a work measures.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    /// The work that measures it, perhaps with others.
    pub(crate) work: &'static str,
    pub(crate) title: &'static str,
    pub(crate) unit: Unit,
    /// Whether the work takes long, so that fewer rounds must do.
    pub(crate) large: bool,
    pub(crate) targets: Option<Targets>,
    /// The series that it is a point of, and where.
    pub(crate) point: Option<(Series, f64)>,
}

/// A value against the size of something, drawn as a line.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Series {
    /// What a collection takes for an object of garbage, against how much garbage there is.
    Garbage,
    /// The same, against how many objects live.
    Live,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Nanoseconds,
    Milliseconds,
    Bytes,
    Mebibytes,
    Instructions,
}

impl Unit {
    pub(crate) fn sign(self) -> &'static str {
        match self {
            Self::Nanoseconds => "ns",
            Self::Milliseconds => "ms",
            Self::Bytes => "bytes",
            Self::Mebibytes => "MiB",
            Self::Instructions => "instructions",
        }
    }
}

/// What ours has to reach on the system's allocator, and what we should like it to.
pub(crate) struct Targets {
    pub(crate) must: Target,
    pub(crate) aim: Target,
}

#[derive(Clone, Copy)]
pub(crate) enum Target {
    /// So many times what `Rc` takes for the row of this name.
    Rc(f64, &'static str),
    /// So many times what this contestant takes.
    Peer(f64, &'static str),
    /// So many times what the best contestant takes that counts handles and finds cycles.
    BestCounting(f64),
    /// So many times what ours takes for another row.
    Ours(f64, &'static str),
    /// So much, give or take two in a hundred.
    About(f64),
    /// So much at most.
    Most(f64),
}

use Target::{About, BestCounting, Most, Ours, Peer, Rc};
use Unit::{Bytes, Instructions, Mebibytes, Milliseconds, Nanoseconds};

pub(crate) fn find(name: &str) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.name == name)
}

const fn row(name: &'static str, work: &'static str, title: &'static str, unit: Unit) -> Row {
    Row { name, work, title, unit, large: false, targets: None, point: None }
}

/// A row whose work has the same name.
const fn ns(name: &'static str, title: &'static str) -> Row {
    row(name, name, title, Nanoseconds)
}

impl Row {
    const fn large(mut self) -> Self {
        self.large = true;
        self
    }

    const fn targets(mut self, must: Target, aim: Target) -> Self {
        self.targets = Some(Targets { must, aim });
        self
    }

    const fn point(mut self, series: Series, at: f64) -> Self {
        self.point = Some((series, at));
        self
    }

    /// Times what `Rc` takes for the same.
    const fn of_rc(self, must: f64, aim: f64) -> Self {
        let name = self.name;
        self.targets(Rc(must, name), Rc(aim, name))
    }
}

pub(crate) static ROWS: &[Row] = &[
    ns("leaf-16", "new + drop, leaf of 16 bytes").of_rc(0.5, 0.3),
    ns("leaf-64", "new + drop, leaf of 64 bytes"),
    ns("leaf-256", "new + drop, leaf of 256 bytes"),
    ns("node", "new + drop, node that may cycle").of_rc(0.6, 0.4),
    ns("kept", "10⁵ nodes kept, then dropped in order").of_rc(0.35, 0.2),
    row("kept-reverse", "kept", "10⁵ nodes kept, then dropped in reverse", Nanoseconds),
    row("kept-shuffled", "kept", "10⁵ nodes kept, then dropped shuffled", Nanoseconds),
    ns("clone", "clone + drop, one handle").of_rc(1.1, 1.0),
    ns("clone-shuffled", "clone + drop, 10⁵ handles shuffled").of_rc(1.1, 1.0),
    ns("clone-shuffled-million", "clone + drop, 10⁶ handles shuffled").large().of_rc(1.1, 1.0),
    ns("deref-list", "deref along a list").of_rc(1.0, 1.0),
    ns("deref-shuffled", "deref, 10⁶ handles shuffled").large().of_rc(1.0, 0.75),
    ns("trees", "binary trees of depth 16, a node").of_rc(0.65, 0.5),
    ns("gcbench", "GCBench with parent handles, a node").of_rc(1.1, 0.9),
    ns("lists", "doubly linked lists of 100, a node").of_rc(1.0, 0.8),
    ns("dom", "document with parent handles, an element"),
    ns("random", "random graph, a change").of_rc(0.95, 0.8),
    ns("cycles", "2-object cycles as they come"),
    ns("beside", "3-object cycles beside 10⁶ live").large().of_rc(0.5, 0.2),
    row("longest", "beside", "longest pause beside 10⁶ live", Milliseconds)
        .large()
        .targets(Peer(1.0, "gc-arena"), Peer(1.0 / 3.0, "gc-arena")),
    row("p99", "beside", "99 in 100 pauses there are shorter", Milliseconds).large(),
    ns("beside-more", "3-object cycles beside 10⁷ live").large(),
    row("more-longest", "beside-more", "longest pause beside 10⁷ live", Milliseconds).large(),
    row("more-p99", "beside-more", "99 in 100 pauses there are shorter", Milliseconds).large(),
    ns("linked", "3-object cycles linked to 10⁶ live").large(),
    row("linked-longest", "linked", "longest pause linked to 10⁶ live", Milliseconds).large(),
    row("linked-p99", "linked", "99 in 100 pauses there are shorter", Milliseconds).large(),
    row("peak", "peak", "most memory, 10⁶ 2-object cycles", Mebibytes).large(),
    row("full-all", "full", "collection, 10⁶ live, all suspect", Milliseconds)
        .large()
        .targets(Peer(0.8, "boa_gc"), Peer(0.4, "boa_gc")),
    row("full-1000", "full", "collection, 10⁶ live, 1 000 suspect", Milliseconds).large(),
    row("full-one", "full", "collection, 10⁶ live, 1 suspect", Milliseconds).large(),
    row("full-none", "full", "collection, 10⁶ live, none suspect", Milliseconds)
        .large()
        .targets(Ours(1.0 / 50.0, "full-all"), Ours(1.0 / 200.0, "full-all")),
    ns("ring-100", "garbage ring of 100, an object").point(Series::Garbage, 1e2),
    ns("ring-1000", "garbage ring of 1 000, an object").point(Series::Garbage, 1e3),
    ns("ring-small", "garbage ring of 10⁴, an object").point(Series::Garbage, 1e4),
    ns("ring-100000", "garbage ring of 10⁵, an object").point(Series::Garbage, 1e5),
    ns("ring-beside-10000", "garbage ring of 10⁴ beside 10⁴ live, an object")
        .point(Series::Live, 1e4),
    ns("ring-beside-100000", "garbage ring of 10⁴ beside 10⁵ live, an object")
        .point(Series::Live, 1e5),
    ns("ring-small-beside", "garbage ring of 10⁴ beside 10⁶ live, an object")
        .large()
        .point(Series::Live, 1e6),
    ns("ring", "garbage ring of 10⁶, an object")
        .large()
        .point(Series::Garbage, 1e6)
        .targets(BestCounting(0.5), Peer(1.0, "gc-arena")),
    ns("ring-shuffled", "garbage ring of 10⁶ shuffled, an object")
        .large()
        .targets(BestCounting(0.5), Peer(1.0, "gc-arena")),
    ns("long-list", "list of 10⁶ made and dropped, a node")
        .large()
        .targets(Rc(1.4, "node"), Rc(0.6, "node")),
    ns("intern", "interner, a quarter of the words at hand, a word").of_rc(1.5, 1.0),
    ns("note", "map by identity, a look-up").of_rc(1.5, 1.0),
    row("bytes-8", "bytes-8", "memory for a node of 8 bytes", Bytes)
        .large()
        .targets(About(24.0), About(16.0)),
    row("bytes-16", "bytes-16", "memory for a node of 16 bytes", Bytes)
        .large()
        .targets(About(32.0), About(24.0)),
    row("bytes-64", "bytes-64", "memory for a node of 64 bytes", Bytes)
        .large()
        .targets(About(80.0), About(72.0)),
    row("count-leaf", "count", "new + drop, leaf of 16 bytes", Instructions),
    row("count-tree", "count", "binary trees, a node", Instructions),
    row("count-node", "count", "new + drop, node", Instructions).targets(Most(60.0), Most(30.0)),
    row("count-clone", "count", "clone + drop", Instructions).targets(Most(12.0), Most(9.0)),
    row("count-lists", "count", "doubly linked lists of 100, a node", Instructions),
    row("count-family", "count", "trees with parent handles, a node", Instructions),
    row("count-random", "count", "random graph, a change", Instructions),
    row("count-ring", "count", "garbage ring, an object", Instructions)
        .targets(Most(150.0), Most(100.0)),
];
