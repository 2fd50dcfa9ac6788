//! Binary decision diagrams, and with them the queens of a chess board:
//! `cargo run --release --example bdd -- 8`.
//!
//! A diagram is a function of yes-or-no variables: a node asks one, and leads to a smaller diagram for
//! either answer. Equal diagrams are one object, so that two functions are equal if their handles are;
//! that is what the [`Interner`] is for. It keeps nothing: when a function is dropped, the nodes that no
//! other function shares are freed at once, and leave the table.

#![forbid(unsafe_code)]

use std::cell::Cell;
use std::fmt::{self, Write};
use std::hash::{Hash, Hasher};

use gc_core::{Gc, Interner, ObjectId, Trace, WeakValueMap};

/// A function of the variables.
#[derive(Trace, Clone)]
enum Bdd {
    Never,
    Always,
    Asks(Gc<Node>),
}

/// Asks a variable. Both answers lead to functions of later variables, and not to the same one.
#[derive(Trace, Clone)]
struct Node {
    variable: usize,
    no: Bdd,
    yes: Bdd,
}

use Bdd::{Always, Asks, Never};

impl Bdd {
    /// What tells it from other functions.
    fn id(&self) -> Option<ObjectId> {
        match self {
            Asks(node) => Some(Gc::id(node)),
            Never | Always => None,
        }
    }

    /// The first variable that it asks.
    fn variable(&self) -> usize {
        match self {
            Asks(node) => node.variable,
            Never | Always => usize::MAX,
        }
    }

    /// What it is for either value of a variable before all of its own, or its first one.
    fn answers(&self, variable: usize) -> (Bdd, Bdd) {
        match self {
            Asks(node) if node.variable == variable => (node.no.clone(), node.yes.clone()),
            _ => (self.clone(), self.clone()),
        }
    }
}

/// By identity: equal diagrams are one object already.
impl PartialEq for Bdd {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Asks(one), Asks(other)) => Gc::ptr_eq(one, other),
            (Never, Never) | (Always, Always) => true,
            _ => false,
        }
    }
}

impl Eq for Bdd {}

impl Hash for Bdd {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Never => 0.hash(state),
            Always => 1.hash(state),
            Asks(node) => Gc::as_ptr(node).hash(state),
        }
    }
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.variable == other.variable && self.no == other.no && self.yes == other.yes
    }
}

impl Eq for Node {}

impl Hash for Node {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.variable, &self.no, &self.yes).hash(state);
    }
}

/// The functions that there are.
#[derive(Default)]
struct Diagrams {
    nodes: Interner<Node>,
    /// What "and" gave for two functions, as long as somebody holds the result.
    conjunctions: WeakValueMap<(ObjectId, ObjectId), Node>,
    disjunctions: WeakValueMap<(ObjectId, ObjectId), Node>,
    /// How often a node was asked for, and how often there was none yet.
    asked: Cell<usize>,
    made: Cell<usize>,
}

impl Diagrams {
    fn node(&self, variable: usize, no: Bdd, yes: Bdd) -> Bdd {
        if no == yes {
            return no;
        }
        self.asked.set(self.asked.get() + 1);
        let node = Node { variable, no, yes };
        Asks(self.nodes.intern_with(&node, |node| {
            self.made.set(self.made.get() + 1);
            Gc::new(node.clone())
        }))
    }

    fn is(&self, variable: usize) -> Bdd {
        self.node(variable, Never, Always)
    }

    fn is_not(&self, variable: usize) -> Bdd {
        self.node(variable, Always, Never)
    }

    fn and(&self, one: &Bdd, other: &Bdd) -> Bdd {
        match (one, other) {
            (Never, _) | (_, Never) => Never,
            (Always, rest) | (rest, Always) => rest.clone(),
            _ => self.both(one, other, &self.conjunctions, Self::and),
        }
    }

    fn or(&self, one: &Bdd, other: &Bdd) -> Bdd {
        match (one, other) {
            (Always, _) | (_, Always) => Always,
            (Never, rest) | (rest, Never) => rest.clone(),
            _ => self.both(one, other, &self.disjunctions, Self::or),
        }
    }

    /// `operation` on both, answer by answer.
    fn both(
        &self,
        one: &Bdd,
        other: &Bdd,
        known: &WeakValueMap<(ObjectId, ObjectId), Node>,
        operation: fn(&Self, &Bdd, &Bdd) -> Bdd,
    ) -> Bdd {
        let (Some(first), Some(second)) = (one.id(), other.id()) else {
            unreachable!("the constants are dealt with")
        };
        let key = (first.min(second), first.max(second));
        if first == second {
            return one.clone();
        }
        if let Some(node) = known.get(&key) {
            return Asks(node);
        }
        let variable = one.variable().min(other.variable());
        let ((one_no, one_yes), (other_no, other_yes)) =
            (one.answers(variable), other.answers(variable));
        let no = operation(self, &one_no, &other_no);
        let yes = operation(self, &one_yes, &other_yes);
        let result = self.node(variable, no, yes);
        if let Asks(node) = &result {
            known.insert(key, node);
        }
        result
    }

    /// In how many ways the variables up to `end` make the function true.
    fn ways(&self, function: &Bdd, end: usize) -> u64 {
        let counted = gc_core::WeakKeyMap::new();
        Self::ways_from(function, 0, end, &counted)
    }

    fn ways_from(
        function: &Bdd,
        from: usize,
        end: usize,
        counted: &gc_core::WeakKeyMap<Node, u64>,
    ) -> u64 {
        let node = match function {
            Never => return 0,
            Always => return 1 << (end - from),
            Asks(node) => node,
        };
        let known = counted.get(node).map(|ways| *ways);
        let ways = known.unwrap_or_else(|| {
            let next = node.variable + 1;
            let ways = Self::ways_from(&node.no, next, end, counted)
                + Self::ways_from(&node.yes, next, end, counted);
            counted.insert(node, ways);
            ways
        });
        ways << (node.variable - from)
    }

    fn tell(&self, out: &mut impl Write, when: &str) -> fmt::Result {
        let (asked, made, alive) = (self.asked.get(), self.made.get(), self.nodes.len());
        writeln!(
            out,
            "{when}: {made} nodes made, {} shared, {} freed, {alive} alive",
            asked - made,
            made - alive
        )
    }
}

/// No two queens of an `n` by `n` board attack each other, and each row has one.
fn queens(diagrams: &Diagrams, n: usize) -> Bdd {
    let field = |row: usize, column: usize| row * n + column;
    let mut all = Always;
    for row in (0..n).rev() {
        let fields = (0..n).rev().map(|column| diagrams.is(field(row, column)));
        let some = fields.fold(Never, |some, field| diagrams.or(&field, &some));
        all = diagrams.and(&some, &all);
    }
    for row in 0..n {
        for column in 0..n {
            let mut alone = Always;
            for other in (0..n * n).rev() {
                let (down, across) = ((other / n).abs_diff(row), (other % n).abs_diff(column));
                let attacked = down == 0 || across == 0 || down == across;
                if attacked && other != field(row, column) {
                    alone = diagrams.and(&diagrams.is_not(other), &alone);
                }
            }
            let rule = diagrams.or(&diagrams.is_not(field(row, column)), &alone);
            all = diagrams.and(&rule, &all);
        }
    }
    all
}

/// The story, for a board of this size.
fn story(out: &mut impl Write, n: usize) -> fmt::Result {
    let diagrams = Diagrams::default();
    let solutions = queens(&diagrams, n);
    let ways = diagrams.ways(&solutions, n * n);
    writeln!(out, "{n} queens on a board of {n} by {n}: {ways} solutions")?;
    diagrams.tell(out, "With the rules together")?;

    let corner = diagrams.and(&solutions, &diagrams.is(0));
    let ways = diagrams.ways(&corner, n * n);
    writeln!(out, "With a queen in the first corner: {ways} solutions")?;
    diagrams.tell(out, "With both functions")?;
    let again = diagrams.and(&diagrams.is(0), &solutions);
    writeln!(out, "Asked once more, that is the same object: {}", again == corner)?;

    drop(solutions);
    diagrams.tell(out, "The first function is dropped")?;
    drop((corner, again));
    diagrams.tell(out, "The other one, too")
}

fn main() {
    let n = match std::env::args().nth(1).map(|n| n.parse()) {
        None => 8,
        Some(Ok(n @ 1..=8)) => n,
        Some(_) => {
            eprintln!("usage: bdd [queens, 1 to 8]");
            std::process::exit(2);
        }
    };
    let mut text = String::new();
    story(&mut text, n).expect("a string takes all");
    print!("{text}");
}

#[test]
fn four_queens_have_two_solutions_and_all_nodes_are_freed() {
    let mut text = String::new();
    story(&mut text, 4).expect("a string takes all");
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[0], "4 queens on a board of 4 by 4: 2 solutions");
    assert_eq!(lines[2], "With a queen in the first corner: 0 solutions");
    assert_eq!(lines[4], "Asked once more, that is the same object: true");
    assert!(lines[1].ends_with(" 29 alive"), "{}", lines[1]);
    assert!(lines[6].ends_with(" 0 alive"), "{}", lines[6]);
    assert_eq!(gc_core::Heap::current().live_count(), 0);
}

#[test]
fn five_and_six_queens_have_ten_and_four_solutions() {
    for (n, ways) in [(1, 1), (2, 0), (3, 0), (5, 10), (6, 4)] {
        let diagrams = Diagrams::default();
        let solutions = queens(&diagrams, n);
        assert_eq!(diagrams.ways(&solutions, n * n), ways);
    }
}
