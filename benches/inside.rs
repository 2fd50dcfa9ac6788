//! What looking inside a heap costs, in full judgements of the same heap.

use std::hint::black_box;
use std::io;

use gc_core::{Gc, Heap, Slot, Trace};

use crate::report::number;
use crate::works::random::Random;
use crate::works::{nanoseconds, time};

const ROUNDS: usize = 3;

#[derive(Trace)]
struct Node {
    edges: [Slot<Node>; 3],
}

/// Prints a table: each question to a snapshot, as a ratio to a judgement of all objects in the same round.
pub(crate) fn run(quick: bool) {
    let objects = if quick { 100_000 } else { 1_000_000 };
    let heap = Heap::new();
    let nodes = random_graph(&heap, objects);
    // The others are reached from here: paths and dominators have something to find.
    let (root, target) = (nodes[0].clone(), Gc::downgrade(&nodes[objects - 1]));
    drop(nodes);
    heap.collect();
    let live = heap.stats().live_objects;
    let mut ratios: Vec<(&str, Vec<f64>)> = Vec::new();
    for _ in 0..ROUNDS {
        all_become_suspects(&heap);
        let full = nanoseconds(time(|| _ = heap.collect()));
        for (number, (name, took)) in ask(&heap, &target).into_iter().enumerate() {
            if ratios.len() == number {
                ratios.push((name, Vec::new()));
            }
            ratios[number].1.push(took / full);
        }
    }
    println!(
        "{live} objects, {} edges each, at random; in full judgements of them",
        root.edges.len()
    );
    println!("| what | median | least | most |\n| --- | --- | --- | --- |");
    for (name, mut measured) in ratios {
        measured.sort_by(f64::total_cmp);
        let [least, median, most] = [0, ROUNDS / 2, ROUNDS - 1].map(|at| number(measured[at]));
        println!("| {name} | {median} | {least} | {most} |");
    }
}

fn random_graph(heap: &Heap, objects: usize) -> Vec<Gc<Node>> {
    let make = |_| Gc::new_in(heap, Node { edges: [const { Slot::empty() }; 3] });
    let nodes: Vec<_> = (0..objects).map(make).collect();
    let mut random = Random::new();
    for node in &nodes {
        for edge in &node.edges {
            edge.set(Some(nodes[random.below(objects)].clone()));
        }
    }
    nodes
}

/// A handle that goes while others stay makes its object a suspect.
fn all_become_suspects(heap: &Heap) {
    drop(heap.objects());
}

/// How many nanoseconds each answer takes.
fn ask(heap: &Heap, target: &gc_core::Weak<Node>) -> Vec<(&'static str, f64)> {
    let mut took = Vec::new();
    let mut ask = |name, question: &mut dyn FnMut()| {
        took.push((name, nanoseconds(time(question))));
    };
    let mut snapshot = None;
    ask("snapshot", &mut || snapshot = Some(heap.snapshot()));
    let snapshot = snapshot.expect("it was taken");
    let target = target.upgrade().expect("the root leads to it");
    ask("histogram", &mut || drop(black_box(snapshot.histogram())));
    ask("the first path (`why_alive`)", &mut || {
        assert!(snapshot.why_alive(&target).is_some(), "it is alive");
    });
    ask("dominators, with all retained sizes", &mut || {
        black_box(snapshot.top_retained(1));
    });
    ask("cycles", &mut || drop(black_box(snapshot.cycles())));
    ask("`.heapsnapshot`", &mut || {
        snapshot.write_heapsnapshot(io::sink()).expect("a sink takes all");
    });
    ask("lines of JSON", &mut || {
        snapshot.write_json_lines(io::sink()).expect("a sink takes all");
    });
    took
}
