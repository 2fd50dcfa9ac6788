//! The builder: takes the parser's orders and makes a document of them.
//!
//! html5ever reads the page, decides how to repair what is wrong in it, and tells a [`TreeSink`]
//! which node to make and where to put it. It never reads the tree; the handles that it holds are
//! gone when [`parse`] returns.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{ByteTendril, StrTendril, TendrilSink};
use html5ever::{Attribute, ParseOpts, QualName, parse_document};

use super::super::pointer::{Gc, Heap, Slot};
use super::node::{self, Data, Element, Node};

/// How many bytes the parser gets at a time.
const CHUNK: usize = 64 * 1024;

/// A page, parsed.
pub(crate) struct Document {
    pub(crate) root: Gc<Node>,
    pub(crate) repairs: Repairs,
}

/// What was wrong in a page, and made right by the parser.
#[derive(Default)]
pub(crate) struct Repairs {
    pub(crate) count: usize,
    /// The first one: its line and the parser's words.
    pub(crate) first: Option<(u64, Cow<'static, str>)>,
}

/// Parses a page into nodes of `heap`. What is no UTF-8 is read as U+FFFD. `progress` is told the
/// length of each chunk when it is done.
pub(crate) fn parse(heap: &Heap, page: &[u8], mut progress: impl FnMut(usize)) -> Document {
    let mut options = ParseOpts::default();
    // No script runs here, so what `<noscript>` holds is part of the page.
    options.tree_builder.scripting_enabled = false;

    let mut parser = parse_document(Sink::new(heap), options).from_utf8();
    for chunk in page.chunks(CHUNK) {
        parser.process(ByteTendril::from_slice(chunk));
        progress(chunk.len());
    }
    parser.finish()
}

/// Carries out the parser's orders in one heap.
struct Sink<'h> {
    heap: &'h Heap,
    root: Gc<Node>,
    line: Cell<u64>,
    repairs: RefCell<Repairs>,
}

impl<'h> Sink<'h> {
    fn new(heap: &'h Heap) -> Self {
        Self {
            heap,
            root: Gc::new_in(heap, Node::new(Data::Document)),
            line: Cell::new(1),
            repairs: RefCell::default(),
        }
    }

    fn make(&self, data: Data) -> Gc<Node> {
        Gc::new_in(self.heap, Node::new(data))
    }

    /// The node to put in after `previous`, or none if it was text and that node took it in: a
    /// page has no two texts side by side.
    fn unless_merged(
        &self,
        previous: Option<Gc<Node>>,
        new: NodeOrText<Gc<Node>>,
    ) -> Option<Gc<Node>> {
        let text = match new {
            NodeOrText::AppendNode(node) => return Some(node),
            NodeOrText::AppendText(text) => text,
        };
        if let Some(Data::Text(before)) = previous.as_ref().map(|node| &node.data) {
            before.borrow_mut().push_tendril(&text);
            return None;
        }
        Some(self.make(Data::Text(RefCell::new(text))))
    }
}

/// The element of a handle. The parser asks this of nothing else.
fn element(node: &Gc<Node>) -> &Element {
    node.element().expect("the parser asked of a node what only an element has")
}

impl TreeSink for Sink<'_> {
    type Handle = Gc<Node>;
    type Output = Document;
    type ElemName<'a>
        = &'a QualName
    where
        Self: 'a;

    fn finish(self) -> Document {
        Document { root: self.root, repairs: self.repairs.into_inner() }
    }

    fn parse_error(&self, message: Cow<'static, str>) {
        let mut repairs = self.repairs.borrow_mut();
        repairs.count += 1;
        repairs.first.get_or_insert((self.line.get(), message));
    }

    fn set_current_line(&self, line: u64) {
        self.line.set(line);
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn get_document(&self) -> Gc<Node> {
        self.root.clone()
    }

    fn same_node(&self, a: &Gc<Node>, b: &Gc<Node>) -> bool {
        Gc::ptr_eq(a, b)
    }

    fn elem_name<'a>(&'a self, node: &'a Gc<Node>) -> &'a QualName {
        &element(node).name
    }

    fn get_template_contents(&self, node: &Gc<Node>) -> Gc<Node> {
        element(node).template.get().expect("the parser asked a plain element for a fragment")
    }

    fn is_mathml_annotation_xml_integration_point(&self, node: &Gc<Node>) -> bool {
        element(node).is_integration_point
    }

    fn create_element(
        &self,
        name: QualName,
        attributes: Vec<Attribute>,
        flags: ElementFlags,
    ) -> Gc<Node> {
        self.make(Data::Element(Element {
            name,
            attributes: RefCell::new(attributes),
            template: Slot::new(flags.template.then(|| self.make(Data::Fragment))),
            is_integration_point: flags.mathml_annotation_xml_integration_point,
        }))
    }

    fn create_comment(&self, text: StrTendril) -> Gc<Node> {
        self.make(Data::Comment(text))
    }

    fn create_pi(&self, mut target: StrTendril, data: StrTendril) -> Gc<Node> {
        target.push_char(' ');
        target.push_tendril(&data);
        self.make(Data::Instruction(target))
    }

    fn append_doctype_to_document(&self, name: StrTendril, _: StrTendril, _: StrTendril) {
        node::append(&self.root, &self.make(Data::Doctype(name)));
    }

    fn append(&self, parent: &Gc<Node>, child: NodeOrText<Gc<Node>>) {
        if let Some(child) = self.unless_merged(parent.last(), child) {
            node::append(parent, &child);
        }
    }

    fn append_before_sibling(&self, sibling: &Gc<Node>, new: NodeOrText<Gc<Node>>) {
        if let Some(new) = self.unless_merged(sibling.previous(), new) {
            node::insert_before(sibling, &new);
        }
    }

    fn append_based_on_parent_node(
        &self,
        table: &Gc<Node>,
        previous: &Gc<Node>,
        child: NodeOrText<Gc<Node>>,
    ) {
        if table.parent().is_some() {
            self.append_before_sibling(table, child);
        } else {
            self.append(previous, child);
        }
    }

    fn add_attrs_if_missing(&self, node: &Gc<Node>, attributes: Vec<Attribute>) {
        let mut present = element(node).attributes.borrow_mut();
        for attribute in attributes {
            if present.iter().all(|a| a.name != attribute.name) {
                present.push(attribute);
            }
        }
    }

    fn remove_from_parent(&self, node: &Gc<Node>) {
        node.detach();
    }

    fn reparent_children(&self, from: &Gc<Node>, to: &Gc<Node>) {
        node::move_children(from, to);
    }
}

#[cfg(test)]
mod tests {
    use super::super::node::{Visit, Walk, walk_everything};
    use super::*;

    /// The page as an outline: `html(head body(p("text")))`.
    fn outline(page: &[u8]) -> String {
        let heap = Heap::new();
        let mut outline = String::new();
        let mut level = 1_usize;
        for Visit { node, depth } in Walk::of(&parse(&heap, page, |_| ()).root).skip(1) {
            outline.extend(std::iter::repeat_n(')', level.saturating_sub(depth)));
            if depth > level {
                outline.push('(');
            } else if !outline.is_empty() {
                outline.push(' ');
            }
            level = depth;
            match &node.data {
                Data::Element(element) => outline.push_str(&element.name.local),
                _ => outline.push_str(&node.to_string()),
            }
        }
        outline.extend(std::iter::repeat_n(')', level - 1));
        outline
    }

    #[test]
    fn missing_tags_are_added() {
        assert_eq!(outline(b""), "html(head body)");
        assert_eq!(
            outline(b"<!doctype html><p>a<p>b<li>c"),
            r#"<!DOCTYPE html> html(head body(p("a") p("b") li("c")))"#
        );
    }

    #[test]
    fn overlapping_tags_are_nested() {
        assert_eq!(
            outline(b"<p><b>a<i>b</b>c</i>d"),
            r#"html(head body(p(b("a" i("b")) i("c") "d")))"#
        );
        assert_eq!(outline(b"<b>a<div>b</b>c</div>"), r#"html(head body(b("a") div(b("b") "c")))"#);
    }

    #[test]
    fn what_may_not_stand_in_a_table_is_moved_before_it_and_its_text_merged() {
        assert_eq!(
            outline(b"a<table>b<tr><td>c</td>d</tr></table>e"),
            r#"html(head body("abd" table(tbody(tr(td("c")))) "e"))"#
        );
    }

    #[test]
    fn bytes_that_are_no_utf8_become_replacement_characters() {
        assert_eq!(outline(b"a\xff\xc3"), "html(head body(\"a\u{fffd}\u{fffd}\"))");
    }

    #[test]
    fn repairs_are_counted_and_the_first_has_its_line() {
        let heap = Heap::new();
        let repairs = parse(&heap, b"<!doctype html>\n<p>a\n</b>b</i>", |_| ()).repairs;
        assert_eq!((repairs.count, repairs.first.map(|(line, _)| line)), (2, Some(3)));
    }

    #[test]
    fn chunks_add_up_to_the_page() {
        let heap = Heap::new();
        let page = "<p>é".repeat(CHUNK / 2);
        let mut fed = 0;
        let root = parse(&heap, page.as_bytes(), |bytes| fed += bytes).root;
        assert_eq!(fed, page.len());
        assert_eq!(Walk::of(&root).count(), 4 + CHUNK / 2 * 2);
    }

    #[test]
    fn templates_are_walked_only_when_asked_for() {
        let heap = Heap::new();
        let root = parse(&heap, b"<template><p>a</template>", |_| ()).root;
        assert_eq!(Walk::of(&root).count(), 5);
        assert_eq!(walk_everything(&root).count(), 8);
    }

    #[test]
    fn depth_costs_no_stack() {
        let small_stack = std::thread::Builder::new().stack_size(256 * 1024);
        let parsed = small_stack.spawn(|| {
            let heap = Heap::new();
            let page = "<x>".repeat(100_000);
            let document = parse(&heap, page.as_bytes(), |_| ());
            let deepest = walk_everything(&document.root).map(|visit| visit.depth).max();
            drop(document);
            heap.collect();
            (deepest, heap.live_count())
        });
        let parsed = parsed.expect("a thread").join().expect("no overflow");
        assert_eq!(parsed, (Some(100_002), 0));
    }
}
