//! The figures: what a document is made of, and how what was let go of has died.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use gc_core::{Gc, Heap, Weak};

use crate::figures::{counted, grouped};
use crate::over_gc::tree::node::{Data, Node, Visit, walk_everything};

/// What a document is made of.
#[derive(Default)]
pub(crate) struct Census {
    pub(crate) nodes: usize,
    /// Handles that the nodes hold: the edges of the graph.
    edges: usize,
    /// Levels below the root.
    depth: usize,
    kinds: BTreeMap<Kind, Tally>,
    tags: BTreeMap<String, usize>,
    heap_bytes: usize,
}

/// The kinds of nodes, in the order of the report.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Document,
    Doctype,
    Element,
    Text,
    Comment,
    Instruction,
    Fragment,
}

/// How many nodes of one kind there are, and how many bytes of the page they hold.
#[derive(Default)]
struct Tally {
    nodes: usize,
    bytes: usize,
}

impl Census {
    /// Counts the document below `root`, which lives in `heap`.
    pub(crate) fn of(root: &Gc<Node>, heap: &Heap) -> Self {
        let mut census = Self { heap_bytes: heap.stats().live_bytes, ..Self::default() };
        for Visit { node, depth } in walk_everything(root) {
            census.nodes += 1;
            census.edges += node.edges();
            census.depth = census.depth.max(depth);
            if let Some(element) = node.element() {
                *census.tags.entry(element.name.local.to_string()).or_default() += 1;
            }
            let (kind, bytes) = measure(&node);
            let tally = census.kinds.entry(kind).or_default();
            tally.nodes += 1;
            tally.bytes += bytes;
        }
        census
    }

    /// The most frequent tags, the most frequent first.
    fn top_tags(&self) -> Vec<(&str, usize)> {
        let mut tags: Vec<_> = self.tags.iter().map(|(tag, &count)| (&**tag, count)).collect();
        tags.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
        tags.truncate(5);
        tags
    }
}

/// A node's kind, and the bytes of the page that it holds.
fn measure(node: &Node) -> (Kind, usize) {
    match &node.data {
        Data::Document => (Kind::Document, 0),
        Data::Fragment => (Kind::Fragment, 0),
        Data::Doctype(name) => (Kind::Doctype, name.len()),
        Data::Text(text) => (Kind::Text, text.borrow().len()),
        Data::Comment(text) => (Kind::Comment, text.len()),
        Data::Instruction(text) => (Kind::Instruction, text.len()),
        Data::Element(element) => {
            let attributes = element.attributes.borrow();
            let written = attributes.iter().map(|a| a.name.local.len() + a.value.len());
            (Kind::Element, element.name.local.len() + written.sum::<usize>())
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Kind::Document => "document",
            Kind::Doctype => "doctype",
            Kind::Element => "element",
            Kind::Text => "text",
            Kind::Comment => "comment",
            Kind::Instruction => "instruction",
            Kind::Fragment => "fragment",
        })
    }
}

impl fmt::Display for Census {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (kind, tally) in &self.kinds {
            write!(f, "  {kind:<12}{:>9}", grouped(tally.nodes))?;
            if tally.bytes > 0 {
                write!(f, "{:>12} bytes", grouped(tally.bytes))?;
            }
            if *kind == Kind::Element {
                let tags = self.top_tags();
                let tags = tags.iter().map(|&(tag, count)| format!("{tag} {}", grouped(count)));
                write!(f, "   {}", tags.collect::<Vec<_>>().join(", "))?;
            }
            writeln!(f)?;
        }
        write!(
            f,
            "  {} with {} to each other, {} deep, in {} of the heap",
            counted(self.nodes, "node"),
            counted(self.edges, "handle"),
            counted(self.depth, "level"),
            counted(self.heap_bytes, "byte")
        )
    }
}

/// How the nodes have died that [`let_go`] let go of.
pub(crate) struct Loss {
    pub(crate) nodes: usize,
    /// What the listeners of these nodes held: an object for each.
    listeners: usize,
    /// Died with the last handle, at once.
    pub(crate) by_count: usize,
    /// Held only by each other, until the sweep.
    pub(crate) swept: usize,
    /// Objects that the sweep took a look at.
    candidates: usize,
    duration: Duration,
}

/// Detaches each of `roots` with all that is below it, drops the handles, and sweeps; counts on the
/// way who has died.
///
/// The caller holds no other handle to what is to go, each listener is that of one node, the heap sweeps only when told to, and holds
/// no other garbage: then each dead node is accounted for, which is asserted.
pub(crate) fn let_go(heap: &Heap, roots: Vec<Gc<Node>>) -> Loss {
    roots.iter().for_each(|root| root.detach());
    let doomed = roots.iter().flat_map(walk_everything);
    let mut listeners = 0;
    let witnesses: Vec<Weak<Node>> = doomed
        .map(|visit| {
            listeners += visit.node.listeners.len();
            Gc::downgrade(&visit.node)
        })
        .collect();
    let objects = witnesses.len() + listeners;
    let dead = || witnesses.iter().filter(|witness| witness.is_dead()).count();
    let live = heap.live_count();
    assert_eq!(dead(), 0, "who is still held by a handle has died");

    drop(roots);
    let by_count = live - heap.live_count();
    assert_eq!(dead(), by_count, "the heap and the weak handles disagree on who died by count");

    let sweep = heap.collect();
    assert_eq!(by_count + sweep.collected, objects, "the sweep took too few or too many");
    assert_eq!(dead(), witnesses.len(), "who was swept can still be reached");
    assert!(witnesses.iter().all(|witness| witness.upgrade().is_none()));
    assert_eq!(heap.live_count(), live - objects);

    Loss {
        nodes: witnesses.len(),
        listeners,
        by_count,
        swept: sweep.collected,
        candidates: sweep.candidates,
        duration: sweep.duration,
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (nodes, by_count, swept) = (self.nodes, self.by_count, self.swept);
        writeln!(f, "  died by count, with the last handle {:>9}", grouped(by_count))?;
        writeln!(
            f,
            "  held each other until the sweep     {:>9}   it judged {} in {:.1?}",
            grouped(swept),
            grouped(self.candidates),
            self.duration
        )?;
        if self.listeners > 0 {
            writeln!(f, "  of them held by listeners' closures {:>9}", grouped(self.listeners))?;
        }
        write!(f, "  weak handles that are dead          {0:>9}   of {0}", grouped(nodes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::over_gc::tree::sink::parse;

    #[test]
    fn every_kind_of_node_is_counted() {
        let heap = Heap::new();
        let page = b"<!doctype html><!--c--><?p?><p class=x>ab<template>d</template>";
        let root = parse(&heap, page, |_| ()).root;
        let census = Census::of(&root, &heap);
        let counts: Vec<_> =
            census.kinds.values().map(|tally| (tally.nodes, tally.bytes)).collect();
        // document, doctype, html+head+body+p class=x+template, ab+d, c and ?p?, fragment
        assert_eq!(counts, [(1, 0), (1, 4), (5, 4 + 4 + 4 + 7 + 8), (2, 3), (2, 4), (1, 0)]);
        assert_eq!((census.nodes, census.depth), (12, 6));
    }
}
