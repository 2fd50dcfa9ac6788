//! A document, a leak and a cycle, in the order in which a program would come to have them.

use std::cell::RefCell;

use gc_core::{Gc, Heap, Slot, Snapshot, Thresholds, Trace, Weak};

use crate::document::tree::node::{Data, Node, Walk, append};
use crate::document::tree::sink::{self, Document};

/// Sections that were shown once. Nobody takes any out: the leak.
#[derive(Trace)]
pub(crate) struct History {
    visited: RefCell<Vec<Gc<Node>>>,
    settings: Slot<Settings>,
}

#[derive(Trace)]
struct Settings {
    theme: String,
}

/// Pages that are read and let go of before the one that is looked at.
const PAGES_BEFORE: usize = 30;

/// What has happened, and what is left of it.
pub(crate) struct Scene {
    pub(crate) document: Document,
    pub(crate) history: Gc<History>,
    /// The last part of a section that is in the document no more.
    pub(crate) leaked: Weak<Node>,
    /// After the document was parsed.
    pub(crate) before: Snapshot,
    /// At the end.
    pub(crate) after: Snapshot,
}

impl Scene {
    pub(crate) fn play(heap: &Heap, html: &[u8]) -> Self {
        // A program that reads many pages: collections happen by themselves.
        heap.set_thresholds(Thresholds { young: 500, ..Thresholds::default() });
        (0..PAGES_BEFORE).for_each(|_| drop(sink::parse(heap, html, |_| ())));
        let document = sink::parse(heap, html, |_| ());
        heap.collect();
        let before = heap.snapshot();

        heap.set_auto_collect(false);
        let settings = Gc::new_in(heap, Settings { theme: "dark".repeat(10) });
        assert!(!settings.theme.is_empty());
        let visited = RefCell::default();
        let history = Gc::new_in(heap, History { visited, settings: Slot::from(settings) });
        let section = largest_section(&document.root);
        history.visited.borrow_mut().push(section.clone());
        section.detach();
        // Its last child: somebody wonders why that is still there.
        let leaked = Gc::downgrade(&section.last().unwrap_or_else(|| section.clone()));
        drop(section);

        // A list with two entries, let go of as soon as it is made: each holds the other ones.
        let list = Gc::new_in(heap, Node::new(Data::Fragment));
        for _ in 0..2 {
            append(&list, &Gc::new_in(heap, Node::new(Data::Fragment)));
        }
        drop(list);
        let after = heap.snapshot();
        Self { document, history, leaked, before, after }
    }
}

/// Of the elements some levels below the root the one with most in it.
fn largest_section(root: &Gc<Node>) -> Gc<Node> {
    const DEPTH: usize = 3;
    let sections =
        Walk::of(root).filter(|visit| visit.depth == DEPTH && visit.node.element().is_some());
    let sections = sections.map(|visit| visit.node);
    sections.max_by_key(|section| Walk::of(section).count()).unwrap_or_else(|| root.clone())
}
