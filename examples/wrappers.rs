//! Wrapper objects for the nodes of a document: `cargo run --release --example wrappers`.
//!
//! A script sees a document through wrappers. A node knows nothing of them; the engine keeps the wrapper
//! of each node that a script has touched in a map beside the document, so that a script which comes
//! back finds the same wrapper, with what it hung on it. A wrapper holds its node, as it must. If the
//! map held the wrapper for itself, no node that was ever wrapped could go. A [`WeakKeyMap`] holds it
//! together with the node: when a script and the document have let go of a node, it goes, and its
//! wrapper with it, whatever they lead to.

#![forbid(unsafe_code)]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::{self, Write};

use gc_core::{Gc, Slot, Trace, WeakKeyMap};

/// A node of the document. It knows its parent and its children, and no script.
#[derive(Trace)]
struct Node {
    tag: &'static str,
    parent: Slot<Node>,
    children: RefCell<Vec<Gc<Node>>>,
}

impl Node {
    fn new(tag: &'static str) -> Gc<Node> {
        Gc::new(Node { tag, parent: Slot::empty(), children: RefCell::default() })
    }

    fn append(parent: &Gc<Node>, tag: &'static str) -> Gc<Node> {
        let child = Node::new(tag);
        child.parent.set(Some(parent.clone()));
        parent.children.borrow_mut().push(child.clone());
        child
    }

    /// Takes a node out of its parent, with all that is below it.
    fn remove(node: &Gc<Node>) {
        if let Some(parent) = node.parent.take() {
            parent.children.borrow_mut().retain(|child| !Gc::ptr_eq(child, node));
        }
    }
}

/// What a script has of a node: the node, and properties of the script's own.
#[derive(Trace)]
struct Wrapper {
    node: Gc<Node>,
    properties: RefCell<BTreeMap<&'static str, Gc<Wrapper>>>,
}

/// The engine's side: the wrapper of each node that has one.
#[derive(Trace, Default)]
struct Engine {
    wrappers: WeakKeyMap<Node, Gc<Wrapper>>,
}

impl Engine {
    /// The wrapper of this node, the same one each time.
    fn wrap(&self, node: &Gc<Node>) -> Gc<Wrapper> {
        let make = || Gc::new(Wrapper { node: node.clone(), properties: RefCell::default() });
        self.wrappers.get_or_insert_with(node, make).clone()
    }

    fn tell(&self, out: &mut impl Write, when: &str) -> fmt::Result {
        let mut tags: Vec<_> = self.wrappers.keys().map(|node| node.tag).collect();
        tags.sort_unstable();
        writeln!(out, "{when}: {} wrappers {tags:?}", self.wrappers.len())
    }
}

/// The story.
fn story(out: &mut impl Write) -> fmt::Result {
    let engine = Engine::default();
    let page = Node::new("page");
    let menu = Node::append(&page, "menu");
    let (first, second) = (Node::append(&menu, "first"), Node::append(&menu, "second"));
    let footer = Node::append(&page, "footer");

    writeln!(out, "A script touches four of five nodes, and hangs properties on their wrappers.")?;
    for node in [&menu, &first, &second, &footer] {
        engine.wrap(node);
    }
    // The script's own graph goes to and fro over the document's: in rings, and out of the menu.
    let link = |from: &Gc<Node>, name, to: &Gc<Node>| {
        engine.wrap(from).properties.borrow_mut().insert(name, engine.wrap(to));
    };
    link(&first, "next", &second);
    link(&second, "next", &first);
    link(&second, "up", &menu);
    link(&first, "hint", &footer);
    engine.tell(out, "All are in the document")?;

    drop((first, second));
    gc_core::collect();
    let found = menu.children.borrow()[0].clone();
    let next = engine.wrap(&found).properties.borrow()["next"].node.tag;
    writeln!(out, "It comes back to the first entry: what it hung there leads to the {next} one.")?;
    drop(found);

    Node::remove(&menu);
    gc_core::collect();
    engine.tell(out, "The menu is out of the document, and the script has it still")?;
    drop(menu);
    let swept = gc_core::collect().collected;
    engine.tell(out, "The script lets go of it")?;
    writeln!(out, "Swept: {swept} objects, three nodes and their wrappers.")?;

    drop((page, footer));
    gc_core::collect();
    engine.tell(out, "The page is closed")
}

fn main() {
    let mut text = String::new();
    story(&mut text).expect("a string takes all");
    print!("{text}");
}

#[test]
fn wrappers_go_with_their_nodes() {
    let mut text = String::new();
    story(&mut text).expect("a string takes all");
    let expected = r#"
A script touches four of five nodes, and hangs properties on their wrappers.
All are in the document: 4 wrappers ["first", "footer", "menu", "second"]
It comes back to the first entry: what it hung there leads to the second one.
The menu is out of the document, and the script has it still: 4 wrappers ["first", "footer", "menu", "second"]
The script lets go of it: 1 wrappers ["footer"]
Swept: 6 objects, three nodes and their wrappers.
The page is closed: 0 wrappers []
"#;
    assert_eq!(text, expected.trim_start());
    assert_eq!(gc_core::Heap::current().live_count(), 0);
}
