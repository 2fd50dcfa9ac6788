//! What the comparison has each pointer do.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Instant;

use super::pointer::{Gc, Heap, closure};
use super::tree::change::{append, new_element, replace};
use super::tree::events::{Event, Listener, dispatch};
use super::tree::node::{Node, Walk};
use super::tree::select::Selector;
use super::tree::sink::parse;
use crate::compare::{Figures, Job};

/// Does a job with so many copies of a page. Both pointers find and change the same.
pub(crate) fn run(job: Job, page: &[u8], copies: usize) -> Figures {
    let heap = Heap::new();
    let mut figures = match job {
        Job::Together => together(&heap, page, copies),
        Job::InTurn => in_turn(&heap, page, copies),
    };
    heap.collect();
    figures.set("nodes left", heap.live_count() as u64);
    figures
}

/// All copies at once: built, searched, changed, dropped.
fn together(heap: &Heap, page: &[u8], copies: usize) -> Figures {
    let mut figures = Figures::default();
    let mut start = Instant::now();
    let mut lap = |figures: &mut Figures, what| {
        figures.set(what, start.elapsed().as_micros() as u64);
        start = Instant::now();
    };
    let roots: Vec<Gc<Node>> = (0..copies).map(|_| parse(heap, page, |_| ()).root).collect();
    lap(&mut figures, "build, us");

    let found = |selector: &str| {
        let selector: Selector = selector.parse().expect("a selector");
        roots.iter().flat_map(|root| selector.matches(Walk::of(root)).collect::<Vec<_>>()).collect()
    };
    let count = |selector: &str| {
        let found: Vec<Gc<Node>> = found(selector);
        found.len() as u64
    };
    figures.set("found", count("body *") + count("body > * [href]") + count("p"));
    lap(&mut figures, "search, us");

    // Each paragraph goes into a section of its own, which goes to the end of what the paragraph was in.
    let paragraphs: Vec<Gc<Node>> = found("p");
    for paragraph in &paragraphs {
        let section = new_element(heap, "section");
        section.element().expect("it was made as one").set_attribute("class", "moved");
        let parent = paragraph.parent().expect("a paragraph is in a document");
        replace(paragraph, &section).expect("it has a parent");
        append(&section, paragraph).expect("it is outside");
        append(&parent, &section).expect("it was there before");
    }
    let links: Vec<Gc<Node>> = found("[href]");
    links.iter().filter_map(|link| link.element()).for_each(|link| link.remove_attribute("href"));
    figures.set("changed", (paragraphs.len() + links.len()) as u64);
    drop((paragraphs, links));
    lap(&mut figures, "change, us");

    drop(roots);
    heap.collect();
    lap(&mut figures, "drop, us");
    figures
}

/// One copy after the other: built, listened to, clicked at, dropped. Each listener holds its element; links
/// keep a click to themselves, and hear only one.
fn in_turn(heap: &Heap, page: &[u8], copies: usize) -> Figures {
    let mut figures = Figures::default();
    let start = Instant::now();
    let heard = Rc::new(Cell::new(0));
    let everywhere: Selector = "*".parse().expect("a selector");
    for _ in 0..copies {
        let root = parse(heap, page, |_| ()).root;
        let elements: Vec<Gc<Node>> = everywhere.matches(Walk::of(&root)).collect();
        let is_link = |node: &Node| node.element().is_some_and(|it| it.attribute("href").is_some());
        for element in &elements {
            let listener: Listener = closure!(in heap;
            [element = element.clone(), heard = heard.clone(), is_link = is_link(element)]
            |event: &Event| {
                let is_own = Gc::ptr_eq(element, event.target());
                heard.set(heard.get() + 1 + u64::from(is_own));
                if *is_link {
                    event.stop();
                }
            });
            element.listeners.add("click", &listener);
            if is_link(element) {
                dispatch(element, "click");
                element.listeners.remove(&listener);
            }
        }
        for element in &elements {
            dispatch(element, "click");
        }
    }
    heap.collect();
    figures.set("all, us", start.elapsed().as_micros() as u64);
    figures.set("heard", heard.get());
    figures
}
