//! Computes what a change concerns, each cell once and after those that it refers to; finds the formulas
//! that lead back to themselves. Work lists throughout: a column of 99 999 sums is no deeper than one.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use gc_core::Gc;

use crate::cell::Cell;
use crate::place::Place;

/// A cell that is still to be computed, and how many of those that it refers to are, too.
struct Waiting {
    cell: Gc<Cell>,
    precedents: usize,
}

type Waits = BTreeMap<Place, Waiting>;

/// What came of a change.
pub(crate) struct Outcome {
    /// How many cells were computed.
    pub(crate) computed: usize,
    /// A way around for each knot of cells that depend on themselves: each refers to the next, and the last
    /// is the first.
    pub(crate) cycles: Vec<Vec<Place>>,
}

/// Computes the cells that have changed, and all that depend on them.
pub(crate) fn recalculate(changed: Vec<Gc<Cell>>) -> Outcome {
    let mut waits = concerned(changed);
    let computed = waits.len();
    let is_ready = |waiting: &&Waiting| waiting.precedents == 0;
    let ready: Vec<_> =
        waits.values().filter(is_ready).map(|waiting| waiting.cell.clone()).collect();
    compute(&mut waits, ready);

    // Who waits now is in a knot, or refers to one.
    let knots = knots(&waits);
    let cycles = knots.iter().map(shortest_cycle).collect();
    let mut ready = Vec::new();
    for cell in knots.iter().flat_map(BTreeMap::values) {
        cell.refuse();
        waits.remove(&cell.place);
    }
    for cell in knots.iter().flat_map(BTreeMap::values) {
        ready.extend(released(&mut waits, cell));
    }
    compute(&mut waits, ready);
    assert!(waits.is_empty(), "who is in no knot can be computed");
    Outcome { computed, cycles }
}

/// The changed cells and all that depend on them, with whom they wait for.
fn concerned(mut todo: Vec<Gc<Cell>>) -> Waits {
    let mut waits = Waits::new();
    while let Some(cell) = todo.pop() {
        waits.entry(cell.place).or_insert_with(|| {
            todo.extend(cell.dependents());
            Waiting { cell, precedents: 0 }
        });
    }
    let cells: Vec<Gc<Cell>> = waits.values().map(|waiting| waiting.cell.clone()).collect();
    for dependent in cells.iter().flat_map(|cell| cell.dependents()) {
        let waiting = waits.get_mut(&dependent.place).expect("who depends on them is concerned");
        waiting.precedents += 1;
    }
    waits
}

/// Computes those that wait for nobody, and whoever waited for them alone.
fn compute(waits: &mut Waits, mut ready: Vec<Gc<Cell>>) {
    while let Some(cell) = ready.pop() {
        cell.compute();
        waits.remove(&cell.place);
        ready.extend(released(waits, &cell));
    }
}

/// Those that wait for nobody any more, now that this cell has its value.
fn released(waits: &mut Waits, cell: &Gc<Cell>) -> Vec<Gc<Cell>> {
    let mut released = cell.dependents();
    released.retain(|dependent| {
        waits.get_mut(&dependent.place).is_some_and(|waiting| {
            waiting.precedents -= 1;
            waiting.precedents == 0
        })
    });
    released
}

/// Cells that all lead to each other.
type Knot = BTreeMap<Place, Gc<Cell>>;

/// The strong components with a cycle among those that wait: Kosaraju's way, which wants the edges in
/// both directions.
fn knots(waits: &Waits) -> Vec<Knot> {
    let mut todo = by_end(waits);
    let mut assigned = BTreeSet::new();
    let mut knots = Vec::new();
    while let Some(cell) = todo.pop() {
        let mut knot = Knot::new();
        let mut reached = vec![cell];
        while let Some(cell) = reached.pop() {
            if waits.contains_key(&cell.place) && assigned.insert(cell.place) {
                reached.extend(cell.precedents());
                knot.insert(cell.place, cell);
            }
        }
        let leads_to_itself = |cell: &Gc<Cell>| {
            cell.precedents().iter().any(|precedent| knot.contains_key(&precedent.place))
        };
        if knot.values().any(leads_to_itself) {
            knots.push(knot);
        }
    }
    knots.sort_by_key(|knot| knot.keys().next().copied());
    knots
}

/// Those that wait, in the order in which a search along the dependents is done with them.
fn by_end(waits: &Waits) -> Vec<Gc<Cell>> {
    enum Step {
        Begin(Gc<Cell>),
        End(Gc<Cell>),
    }
    let mut seen = BTreeSet::new();
    let mut ended = Vec::new();
    let mut steps: Vec<Step> =
        waits.values().map(|waiting| Step::Begin(waiting.cell.clone())).collect();
    while let Some(step) = steps.pop() {
        match step {
            Step::Begin(cell) if waits.contains_key(&cell.place) && seen.insert(cell.place) => {
                let dependents = cell.dependents();
                steps.push(Step::End(cell));
                steps.extend(dependents.into_iter().map(Step::Begin));
            }
            Step::Begin(_) => {}
            Step::End(cell) => ended.push(cell),
        }
    }
    ended
}

/// A shortest way from the first cell of a knot along what it refers to, back to itself.
fn shortest_cycle(knot: &Knot) -> Vec<Place> {
    let (&start, first) = knot.first_key_value().expect("a knot has cells");
    let mut came_from: BTreeMap<Place, Place> = BTreeMap::new();
    let mut todo = VecDeque::from([first.clone()]);
    while let Some(cell) = todo.pop_front() {
        for precedent in cell.precedents() {
            if knot.contains_key(&precedent.place) && !came_from.contains_key(&precedent.place) {
                came_from.insert(precedent.place, cell.place);
                todo.push_back(precedent);
            }
        }
        if came_from.contains_key(&start) {
            break;
        }
    }
    let mut cycle = vec![start];
    loop {
        let place = came_from[cycle.last().expect("never empty")];
        cycle.push(place);
        if place == start {
            cycle.reverse();
            return cycle;
        }
    }
}
