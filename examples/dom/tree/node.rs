//! The data: a node, its links, and the ways to relink, to walk and to read it.
//!
//! Over `Gc` each link is a strong handle, upwards and sideways too, so a node and any neighbour of it
//! form a cycle. Over `Rc` those against the order of the page are `Weak`, and upgraded at each step.
//!
//! What always holds: links agree. If `a.next` is `b` then `b.previous` is `a`, both have the same
//! parent, and the parent's `first` and `last` are the ends of the chain. The links are private to
//! this file, and a node enters or leaves a chain only by [`append`], [`insert_before`] and
//! [`Node::detach`].

use std::cell::RefCell;
use std::fmt;

use html5ever::tendril::StrTendril;
use html5ever::{Attribute, QualName};

use super::super::pointer::{Back, Gc, Slot, Trace};
use super::events::Listeners;

/// One node of a document.
#[derive(Trace)]
pub(crate) struct Node {
    pub(crate) data: Data,
    pub(crate) listeners: Listeners,
    parent: Back<Node>,
    previous: Back<Node>,
    next: Slot<Node>,
    first: Slot<Node>,
    last: Back<Node>,
}

/// What a node is, with what only this kind has. The parser's own types own no handle and have no
/// `Trace`, hence `skip`.
#[derive(Trace)]
pub(crate) enum Data {
    /// The root of a document.
    Document,
    /// The root of what a `<template>` keeps apart from the document.
    Fragment,
    /// `<!DOCTYPE name>`.
    Doctype(#[trace(skip)] StrTendril),
    Element(Element),
    Text(#[trace(skip)] RefCell<StrTendril>),
    Comment(#[trace(skip)] StrTendril),
    /// `<?target data>`.
    Instruction(#[trace(skip)] StrTendril),
}

/// What a node has if it is an element.
#[derive(Trace)]
pub(crate) struct Element {
    #[trace(skip)]
    pub(crate) name: QualName,
    #[trace(skip)]
    pub(crate) attributes: RefCell<Vec<Attribute>>,
    /// The [`Data::Fragment`] of a `<template>`.
    pub(crate) template: Slot<Node>,
    /// Whether the parser goes on with HTML inside this element of MathML.
    pub(crate) is_integration_point: bool,
}

impl Element {
    /// The value of the attribute with this name, in which ASCII case does not matter.
    pub(crate) fn attribute(&self, name: &str) -> Option<StrTendril> {
        let attributes = self.attributes.borrow();
        let found = attributes.iter().find(|a| (*a.name.local).eq_ignore_ascii_case(name))?;
        Some(found.value.clone())
    }
}

impl Node {
    /// A node without neighbours.
    pub(crate) fn new(data: Data) -> Self {
        Self {
            data,
            listeners: Listeners::default(),
            parent: Back::empty(),
            previous: Back::empty(),
            next: Slot::empty(),
            first: Slot::empty(),
            last: Back::empty(),
        }
    }

    pub(crate) fn element(&self) -> Option<&Element> {
        match &self.data {
            Data::Element(element) => Some(element),
            _ => None,
        }
    }

    pub(crate) fn parent(&self) -> Option<Gc<Node>> {
        self.parent.get()
    }

    pub(crate) fn previous(&self) -> Option<Gc<Node>> {
        self.previous.get()
    }

    pub(crate) fn last(&self) -> Option<Gc<Node>> {
        self.last.get()
    }

    /// How many handles the node itself holds.
    pub(crate) fn edges(&self) -> usize {
        let back = [&self.parent, &self.previous, &self.last].map(Back::is_none);
        let forth = [&self.next, &self.first].map(Slot::is_none);
        let template = self.element().map(|element| element.template.is_none());
        back.into_iter().chain(forth).chain(template).filter(|is_none| !is_none).count()
    }

    /// Takes the node, with all that is below it, out of its chain: its neighbours close ranks, and
    /// no link leads from the rest of the document to it or back.
    pub(crate) fn detach(&self) {
        let parent = self.parent.take();
        let previous = self.previous.take();
        let next = self.next.take();
        match (&previous, &parent) {
            (Some(previous), _) => previous.next.set(next.clone()),
            (None, Some(parent)) => parent.first.set(next.clone()),
            (None, None) => {}
        }
        match (&next, &parent) {
            (Some(next), _) => next.previous.set(previous),
            (None, Some(parent)) => parent.last.set(previous),
            (None, None) => {}
        }
    }
}

/// Makes `child` the last child of `parent`, taking it from where it was.
pub(crate) fn append(parent: &Gc<Node>, child: &Gc<Node>) {
    child.detach();
    let previous = parent.last.replace(Some(child.clone()));
    match &previous {
        Some(previous) => previous.next.set(Some(child.clone())),
        None => parent.first.set(Some(child.clone())),
    }
    child.parent.set(Some(parent.clone()));
    child.previous.set(previous);
}

/// Puts `child` before `sibling`, under the same parent, taking it from where it was.
pub(crate) fn insert_before(sibling: &Gc<Node>, child: &Gc<Node>) {
    child.detach();
    let parent = sibling.parent.get();
    let previous = sibling.previous.replace(Some(child.clone()));
    match (&previous, &parent) {
        (Some(previous), _) => previous.next.set(Some(child.clone())),
        (None, Some(parent)) => parent.first.set(Some(child.clone())),
        (None, None) => {}
    }
    child.parent.set(parent);
    child.previous.set(previous);
    child.next.set(Some(sibling.clone()));
}

/// Moves all children of `from` to the end of those of `to`.
pub(crate) fn move_children(from: &Gc<Node>, to: &Gc<Node>) {
    while let Some(child) = from.first.get() {
        append(to, &child);
    }
}

/// A node met on a walk, and how many levels it lies below the start.
pub(crate) struct Visit {
    pub(crate) node: Gc<Node>,
    pub(crate) depth: usize,
}

/// A node and all that is below it, in the order of the page.
///
/// The links are enough to find the way, so however deep the page, a walk keeps two handles.
pub(crate) struct Walk {
    root: Gc<Node>,
    upcoming: Option<Visit>,
}

impl Walk {
    pub(crate) fn of(root: &Gc<Node>) -> Self {
        Self::from_depth(root.clone(), 0)
    }

    fn from_depth(root: Gc<Node>, depth: usize) -> Self {
        Self { upcoming: Some(Visit { node: root.clone(), depth }), root }
    }

    /// What follows `visit`: its first child, or else the next sibling of the nearest node, it or
    /// above it, that has one.
    fn after(&self, visit: &Visit) -> Option<Visit> {
        if let Some(node) = visit.node.first.get() {
            return Some(Visit { node, depth: visit.depth + 1 });
        }
        let mut done = visit.node.clone();
        let mut depth = visit.depth;
        while !Gc::ptr_eq(&done, &self.root) {
            if let Some(node) = done.next.get() {
                return Some(Visit { node, depth });
            }
            done = done.parent.get()?;
            depth -= 1;
        }
        None
    }
}

impl Iterator for Walk {
    type Item = Visit;

    fn next(&mut self) -> Option<Visit> {
        let visit = self.upcoming.take()?;
        self.upcoming = self.after(&visit);
        Some(visit)
    }
}

/// Like [`Walk::of`], but goes into templates too, whose fragments are below no node.
pub(crate) fn walk_everything(root: &Gc<Node>) -> impl Iterator<Item = Visit> + use<> {
    let mut walks = vec![Walk::of(root)];
    std::iter::from_fn(move || {
        loop {
            let Some(visit) = walks.last_mut()?.next() else {
                walks.pop();
                continue;
            };
            if let Some(fragment) = visit.node.element().and_then(|e| e.template.get()) {
                walks.push(Walk::from_depth(fragment, visit.depth + 1));
            }
            return Some(visit);
        }
    })
}

/// The start of the text at and below a node, on one line, fit for a terminal.
pub(crate) fn excerpt(node: &Gc<Node>, limit: usize) -> String {
    let mut line = Excerpt::new(limit);
    for Visit { node, .. } in Walk::of(node) {
        if let Data::Text(text) = &node.data {
            line.push(&text.borrow());
        }
        if line.is_full() {
            break;
        }
    }
    line.finish()
}

/// Gathers text until a limit: runs of space become one, control characters go.
struct Excerpt {
    line: String,
    room: usize,
    gap: bool,
}

impl Excerpt {
    fn new(limit: usize) -> Self {
        Self { line: String::new(), room: limit, gap: false }
    }

    fn is_full(&self) -> bool {
        self.room == 0
    }

    fn push(&mut self, text: &str) {
        for c in text.chars() {
            if c.is_whitespace() {
                self.gap = !self.line.is_empty();
            } else if !c.is_control() {
                for c in self.gap.then_some(' ').into_iter().chain([c]) {
                    if self.room == 0 {
                        return;
                    }
                    self.line.push(c);
                    self.room -= 1;
                }
                self.gap = false;
            }
        }
    }

    fn finish(mut self) -> String {
        if self.is_full() {
            self.line.push('…');
        }
        self.line
    }
}

/// A node in a few characters: `<a href="#top">`, `"text"`, `<!-- comment -->`.
impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let short = |text: &str| {
            let mut line = Excerpt::new(40);
            line.push(text);
            line.finish()
        };
        match &self.data {
            Data::Document => write!(f, "the document"),
            Data::Fragment => write!(f, "a fragment"),
            Data::Doctype(name) => write!(f, "<!DOCTYPE {}>", short(name)),
            Data::Text(text) => write!(f, "\"{}\"", short(&text.borrow())),
            Data::Comment(text) => write!(f, "<!-- {} -->", short(text)),
            Data::Instruction(text) => write!(f, "<?{}>", short(text)),
            Data::Element(element) => {
                write!(f, "<{}", short(&element.name.local))?;
                let attributes = element.attributes.borrow();
                for attribute in attributes.iter().take(3) {
                    write!(f, " {}", short(&attribute.name.local))?;
                    if !attribute.value.is_empty() {
                        write!(f, "=\"{}\"", short(&attribute.value))?;
                    }
                }
                write!(f, "{}>", if attributes.len() > 3 { " …" } else { "" })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::pointer::Heap;
    use super::*;

    fn comment(heap: &Heap, text: &str) -> Gc<Node> {
        Gc::new_in(heap, Node::new(Data::Comment(text.into())))
    }

    /// The tree as `a(b(c)d)`, read forwards by the walk and checked backwards by the links.
    fn shape(root: &Gc<Node>) -> String {
        let mut shape = String::new();
        let mut level = 0_usize;
        for Visit { node, depth } in Walk::of(root) {
            if depth > level {
                shape.push('(');
            }
            shape.extend(std::iter::repeat_n(')', level.saturating_sub(depth)));
            level = depth;
            if let Data::Comment(text) = &node.data {
                shape.push_str(text);
            }
            check_links(&node);
        }
        shape.extend(std::iter::repeat_n(')', level));
        shape
    }

    fn check_links(node: &Gc<Node>) {
        let same = |a: Option<Gc<Node>>| a.is_some_and(|a| Gc::ptr_eq(&a, node));
        if let Some(next) = node.next.get() {
            assert!(same(next.previous.get()));
        }
        if let Some(previous) = node.previous.get() {
            assert!(same(previous.next.get()));
        }
        if let Some(parent) = node.parent.get() {
            assert_eq!(node.previous.is_none(), same(parent.first.get()));
            assert_eq!(node.next.is_none(), same(parent.last.get()));
        }
    }

    #[test]
    fn relinking_keeps_the_links_in_agreement() {
        let heap = Heap::new();
        let [a, b, c, d] = ["a", "b", "c", "d"].map(|text| comment(&heap, text));
        append(&a, &b);
        append(&a, &d);
        insert_before(&d, &c);
        assert_eq!(shape(&a), "a(bcd)");
        insert_before(&b, &d);
        assert_eq!(shape(&a), "a(dbc)");
        append(&b, &d);
        assert_eq!(shape(&a), "a(b(d)c)");
        append(&b, &c);
        move_children(&b, &a);
        assert_eq!(shape(&a), "a(bdc)");
        d.detach();
        assert_eq!((shape(&a), shape(&d)), ("a(bc)".into(), "d".into()));
        assert_eq!((a.edges(), b.edges(), c.edges(), d.edges()), (2, 2, 2, 0));
    }

    #[test]
    fn walk_stays_below_its_root() {
        let heap = Heap::new();
        let [a, b, c, d] = ["a", "b", "c", "d"].map(|text| comment(&heap, text));
        append(&a, &b);
        append(&b, &c);
        append(&a, &d);
        assert_eq!(shape(&b), "b(c)");
        assert_eq!(shape(&c), "c");
    }

    #[test]
    fn excerpt_is_one_short_line_without_control_characters() {
        let heap = Heap::new();
        let root = Gc::new_in(&heap, Node::new(Data::Fragment));
        for text in [" one\n\ttwo", " \u{1b}[31mthree", "four "] {
            let text = Data::Text(RefCell::new(text.into()));
            append(&root, &Gc::new_in(&heap, Node::new(text)));
        }
        assert_eq!(excerpt(&root, 80), "one two [31mthreefour");
        assert_eq!(excerpt(&root, 5), "one t…");
    }
}
