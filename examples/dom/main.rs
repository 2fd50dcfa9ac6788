//! A document whose nodes all hold each other, from birth to death.
//!
//! ```text
//! cargo run --release --example dom -- [FILE.html] [--select SELECTOR | --compare]
//! ```
//!
//! A page is parsed into nodes that know their parent, both neighbours, and their first and last
//! child, by strong handles throughout: a graph full of cycles, which `Rc` would leak. Then the
//! document is counted, searched, listened to, changed, and taken apart: a leaf, some subtrees, and
//! the rest. What no cycle holds dies at once, by count; the sweep takes what is left, listeners that
//! hold their own nodes among it, and the heap ends empty. `--compare` does such work over `Rc` as well.
//!
//! [`tell`] is the story. In `tree` are `node`, the data; `change` and `events`, what is done with it;
//! `sink`, which makes it of a page; `select`, which searches it. `over_gc` and `over_rc` name the
//! pointers for it. `report` counts the living and the dead, `job` is what `compare` measures,
//! `progress` draws a bar, `args` reads the command line.

#![forbid(unsafe_code)]

mod over_gc;
mod over_rc;
mod compare;
mod report;
mod progress;
mod args;
#[path = "../figures.rs"]
mod figures;

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::cell::Cell;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::rc::Rc;
use std::time::Instant;
use std::{env, fs};

use gc_core::{Gc, Heap, gc_fn};

use args::{Args, Request};
use figures::{counted, grouped};
use over_gc::tree::change::{self, new_element, new_text};
use over_gc::tree::events::{self, Event, Listener};
use over_gc::tree::node::{self, Data, Node, Walk};
use over_gc::tree::select::Selector;
use over_gc::tree::sink::{self, Document};
use report::{Census, let_go};

/// The page that comes with the example.
const HANDBOOK: &[u8] = include_bytes!("../pages/handbook.html");

/// How many matches are shown, and how much of the text of each.
const SHOWN: usize = 12;
const EXCERPT: usize = 60;

/// What a wrong command line and an unreadable file end with.
const WRONG_INPUT: u8 = 2;

fn main() -> ExitCode {
    let request = match args::read(env::args_os().skip(1)) {
        Ok(request) => request,
        Err(error) => {
            eprintln!("dom: {error}\n{}", args::USAGE);
            return ExitCode::from(WRONG_INPUT);
        }
    };
    let file = match &request {
        Request::Help => {
            println!("{}", args::HELP);
            return ExitCode::SUCCESS;
        }
        Request::Page(args) => args.file.as_deref(),
        Request::Compare(file) | Request::Measure(_, _, file) => file.as_deref(),
    };
    let (name, page) = match read(file) {
        Ok(page) => page,
        Err(error) => {
            eprintln!("dom: {error}");
            return ExitCode::from(WRONG_INPUT);
        }
    };
    let out = &mut io::stdout().lock();
    let written = match &request {
        Request::Help => Ok(()),
        Request::Page(args) => tell(&name, &page, args, out),
        Request::Measure(over, job, _) => {
            out.write_all(compare::measure(*over, *job, &page).as_bytes())
        }
        Request::Compare(_) => match compare::compare(&name, &page, file) {
            Ok(told) => out.write_all(told.as_bytes()),
            Err(error) => {
                eprintln!("dom: {error}");
                return ExitCode::FAILURE;
            }
        },
    };
    match written {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads the other end of the pipe has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("dom: cannot write the report: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The page, and what it is called.
fn read(file: Option<&Path>) -> Result<(String, Cow<'static, [u8]>), String> {
    let Some(path) = file else {
        return Ok(("handbook.html".to_owned(), Cow::Borrowed(HANDBOOK)));
    };
    match fs::read(path) {
        Ok(page) => Ok((path.display().to_string(), Cow::Owned(page))),
        Err(error) => Err(format!("cannot read {}: {error}", path.display())),
    }
}

/// One document's life. Every figure that is told is also asserted.
fn tell(name: &str, page: &[u8], args: &Args, out: &mut impl Write) -> io::Result<()> {
    let heap = Heap::new();

    let document = build(&heap, name, page, out)?;
    let found = search(&heap, &document.root, args, out)?;

    listen(&heap, &document.root, &found, out)?;
    rearrange(&heap, &document.root, &found, out)?;

    // From here on the heap sweeps only when told to, so that each death has one known cause.
    heap.set_auto_collect(false);
    let first_text = Walk::of(&document.root).map(|visit| visit.node).find(is_text);
    lose_leaf(&heap, first_text, out)?;
    lose_subtrees(&heap, found, out)?;
    lose_the_rest(&heap, document, out)?;

    assert_eq!(heap.live_count(), 0, "something outlived the document");
    writeln!(out, "\nthe heap is empty: {} objects live", heap.live_count())
}

/// Parses the page and says what has come of it.
fn build(heap: &Heap, name: &str, page: &[u8], out: &mut impl Write) -> io::Result<Document> {
    let start = Instant::now();
    let bar = progress::bar(page.len(), "parsing");
    let document = sink::parse(heap, page, |bytes| bar.inc(bytes as u64));
    bar.finish_and_clear();
    let time = start.elapsed();

    // To repair a page the parser may throw away what it had built; that is garbage by now.
    heap.collect();
    let census = Census::of(&document.root, heap);
    assert_eq!(census.nodes, heap.live_count(), "the walk and the heap disagree");

    writeln!(out, "{name}: {}, parsed in {time:.1?}", counted(page.len(), "byte"))?;
    let repairs = &document.repairs;
    match &repairs.first {
        None => writeln!(out, "  nothing to repair")?,
        Some((line, what)) => {
            let places = counted(repairs.count, "place");
            writeln!(out, "  repaired in {places}, first on line {line}: {what}")?;
        }
    }
    writeln!(out, "\nbuilt\n{census}")?;
    Ok(document)
}

/// Answers the selector, and shows the first few of the nodes that match.
fn search(
    heap: &Heap,
    root: &Gc<Node>,
    args: &Args,
    out: &mut impl Write,
) -> io::Result<Vec<Gc<Node>>> {
    let start = Instant::now();
    let bar = progress::bar(heap.live_count(), "looking");
    let found: Vec<_> = args.selector.matches(bar.wrap_iter(Walk::of(root))).collect();
    bar.finish_and_clear();
    let time = start.elapsed();

    writeln!(out, "\nlooked for `{}`: {} found in {time:.1?}", args.typed, grouped(found.len()))?;
    for node in found.iter().take(SHOWN) {
        let text = node::excerpt(node, EXCERPT);
        writeln!(out, "{}", format!("  {node}  {text}").trim_end())?;
    }
    if found.len() > SHOWN {
        writeln!(out, "  and {} more", grouped(found.len() - SHOWN))?;
    }
    Ok(found)
}

/// Has the elements that were found listen for clicks, and the root element: each listener holds its own
/// element. Then the first is clicked at, as deep inside as can be.
fn listen(
    heap: &Heap,
    root: &Gc<Node>,
    found: &[Gc<Node>],
    out: &mut impl Write,
) -> io::Result<()> {
    let clicks = Rc::new(Cell::new(0));
    let html = Walk::of(root).map(|visit| visit.node).find(|node| node.element().is_some());
    let listening: Vec<&Gc<Node>> = html
        .iter()
        .filter(|html| !found.iter().any(|it| Gc::ptr_eq(it, html)))
        .chain(found)
        .collect();
    for node in &listening {
        let listener: Listener = gc_fn! { in heap; [node = (*node).clone(), clicks = clicks.clone()] |event: &Event| {
            assert!(Gc::ptr_eq(node, &event.current()), "a listener is called for its node");
            clicks.set(clicks.get() + 1);
        }};
        node.listeners.add("click", &listener);
    }
    writeln!(
        out,
        "\n{} wait for clicks, and hold their elements",
        counted(listening.len(), "listener")
    )?;
    let Some(target) = found.first().and_then(|first| Walk::of(first).last()) else {
        return Ok(());
    };
    let told = events::dispatch(&target.node, "click");
    assert_eq!(told, clicks.get(), "who was told has heard");
    writeln!(out, "  a click at {} is told to {}", target.node, counted(told, "listener"))
}

/// Puts the first element that was found into a new one, which takes its place.
fn rearrange(
    heap: &Heap,
    root: &Gc<Node>,
    found: &[Gc<Node>],
    out: &mut impl Write,
) -> io::Result<()> {
    let Some(first) = found.first() else { return Ok(()) };
    let frame = new_element(heap, "section");
    frame.element().expect("it was made as one").set_attribute("class", "framed");
    let moved = change::replace(first, &frame)
        .and_then(|()| change::append(&frame, &new_text(heap, "See here: ")))
        .and_then(|()| change::append(&frame, first));
    writeln!(out, "\nput {first} into a section of its own")?;
    if let Err(refused) = moved {
        return writeln!(out, "  refused: {refused}");
    }
    let selector: Selector = "section.framed > *".parse().expect("a selector");
    let framed: Vec<_> = selector.matches(Walk::of(root)).collect();
    assert!(framed.iter().any(|node| Gc::ptr_eq(node, first)), "what was moved is found there");
    writeln!(out, "  and `section.framed > *` finds {}", counted(framed.len(), "element"))
}

fn is_text(node: &Gc<Node>) -> bool {
    matches!(&node.data, Data::Text(text) if !text.borrow().trim().is_empty())
}

/// A node that nothing is linked to any more dies with its last handle, before any sweep.
fn lose_leaf(heap: &Heap, leaf: Option<Gc<Node>>, out: &mut impl Write) -> io::Result<()> {
    let Some(leaf) = leaf else {
        return writeln!(out, "\nno text in this page, so no leaf to let go of");
    };
    writeln!(out, "\nlet go of a leaf: {leaf}")?;
    let loss = let_go(heap, vec![leaf]);
    assert_eq!((loss.by_count, loss.swept), (1, 0), "a leaf in no cycle was not freed at once");
    writeln!(out, "{loss}")
}

/// A subtree's nodes hold each other: no handle from outside is left, yet no count is zero.
fn lose_subtrees(heap: &Heap, found: Vec<Gc<Node>>, out: &mut impl Write) -> io::Result<()> {
    if found.is_empty() {
        return writeln!(out, "\nnothing was found, so no subtree to let go of");
    }
    let subtrees = found.len();
    let loss = let_go(heap, found);
    let (subtrees, nodes) = (counted(subtrees, "subtree"), counted(loss.nodes, "node"));
    writeln!(out, "\nlet go of what was found: {subtrees} of {nodes}")?;
    writeln!(out, "{loss}")
}

/// The document is one big cycle: its root's handle goes, and all of it waits for the sweep.
fn lose_the_rest(heap: &Heap, document: Document, out: &mut impl Write) -> io::Result<()> {
    let loss = let_go(heap, vec![document.root]);
    writeln!(out, "\nlet go of the document: {}", counted(loss.nodes, "node"))?;
    writeln!(out, "{loss}")
}
