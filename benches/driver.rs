//! Measures everything: work by work, rounds interleaved, each contestant in a child process.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::args::Plan;
use crate::callgrind;
use crate::child::{self, Ending};
use crate::contestants::{self, Contestant, RC};
use crate::profile::{self, Profile};
use crate::rows::{ROWS, Row};

/// One field of the table.
#[derive(Default)]
pub(crate) struct Cell {
    /// One for each round.
    pub(crate) values: Vec<f64>,
    /// The same, divided by those of `Rc` in the same round.
    pub(crate) ratios: Vec<f64>,
    /// What there is to say about them, or instead of them.
    pub(crate) notes: Vec<String>,
}

impl Cell {
    fn note(&mut self, note: &str) {
        if !self.notes.iter().any(|known| known == note) {
            self.notes.push(note.into());
        }
    }

    pub(crate) fn value(&self) -> Option<f64> {
        median(&self.values)
    }

    pub(crate) fn ratio(&self) -> Option<f64> {
        median(&self.ratios)
    }
}

/// All fields, by the name of the row and of the contestant.
#[derive(Default)]
pub(crate) struct Measured {
    pub(crate) cells: BTreeMap<(&'static str, &'static str), Cell>,
    pub(crate) took: Duration,
    /// What ours spends its instructions on, by the name of the work.
    pub(crate) profiles: BTreeMap<&'static str, Profile>,
    /// Why no instructions were counted, though they were asked for.
    pub(crate) uncounted: Option<String>,
}

impl Measured {
    pub(crate) fn cell(&self, row: &str, contestant: &str) -> Option<&Cell> {
        self.cells.iter().find(|((r, c), _)| *r == row && *c == contestant).map(|(_, cell)| cell)
    }

    pub(crate) fn value(&self, row: &str, contestant: &str) -> Option<f64> {
        self.cell(row, contestant)?.value()
    }

    fn cell_mut(&mut self, row: &Row, contestant: &Contestant) -> &mut Cell {
        self.cells.entry((row.name, contestant.name)).or_default()
    }
}

pub(crate) fn median(values: &[f64]) -> Option<f64> {
    let mut values = values.to_vec();
    values.sort_unstable_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => None,
        odd if odd % 2 == 1 => Some(values[middle]),
        _ => Some(f64::midpoint(values[middle - 1], values[middle])),
    }
}

pub(crate) fn measure(plan: &Plan) -> Measured {
    let start = Instant::now();
    let mut measured = Measured::default();
    let works = wanted_works(plan);
    let bar = progress(works.iter().map(|work| rounds(plan, work)).sum());
    for work in &works {
        bar.set_message(work.to_string());
        measure_work(plan, work, &mut measured, &bar);
    }
    if plan.count {
        bar.set_message("instructions");
        measured.uncounted = callgrind::count(plan, &mut |row, contestant, count| {
            measured.cell_mut(row, contestant).values.push(count);
        })
        .err();
        for row in ROWS.iter().filter(|row| row.work == callgrind::WORK) {
            set_ratios(row, &mut measured);
        }
    }
    if plan.count && measured.uncounted.is_none() {
        bar.set_message("profiles");
        let profile = |work| Some((work, profile::of_work(plan, work)?));
        measured.profiles = works.into_iter().filter_map(profile).collect();
    }
    bar.finish_and_clear();
    measured.took = start.elapsed();
    measured
}

/// The works that the wanted rows come from, in the order of the table.
fn wanted_works(plan: &Plan) -> Vec<&'static str> {
    let mut works: Vec<&str> = Vec::new();
    let timed = ROWS.iter().filter(|row| plan.wants_row(row) && row.work != callgrind::WORK);
    for row in timed {
        if !works.contains(&row.work) {
            works.push(row.work);
        }
    }
    works
}

/// Works on large heaps take long and vary little.
fn rounds(plan: &Plan, work: &str) -> u64 {
    let large = ROWS.iter().any(|row| row.work == work && row.large);
    match (plan.quick, large) {
        (false, false) => 7,
        (false, true) => 3,
        (true, false) => 2,
        (true, true) => 1,
    }
}

fn measure_work(plan: &Plan, work: &str, measured: &mut Measured, bar: &ProgressBar) {
    /// Who takes longer than this takes part once.
    const LONG: Duration = Duration::from_millis(1500);
    let rows: Vec<&Row> = ROWS.iter().filter(|row| row.work == work).collect();
    let mut done: Vec<&str> = Vec::new();
    for _ in 0..rounds(plan, work) {
        for contestant in &contestants::ALL {
            if !plan.wants_contestant(contestant.name) || done.contains(&contestant.name) {
                continue;
            }
            let start = Instant::now();
            let outcome = child::ask(contestant, work, plan.quick);
            if outcome.ending != Ending::Ended || start.elapsed() > LONG {
                done.push(contestant.name);
            }
            for row in &rows {
                let cell = measured.cell_mut(row, contestant);
                let of_row = |name: &String| name == row.name;
                let value = outcome.values.iter().find(|(name, _)| of_row(name));
                cell.values.extend(value.map(|(_, value)| value));
                outcome.notes.iter().filter(|(n, _)| of_row(n)).for_each(|(_, n)| cell.note(n));
                if let (None, Ending::Failed(why)) = (value, &outcome.ending) {
                    cell.note(why);
                }
            }
        }
        bar.inc(1);
    }
    for row in rows {
        set_ratios(row, measured);
    }
}

fn set_ratios(row: &Row, measured: &mut Measured) {
    let Some(rc) = measured.cell(row.name, RC).map(|cell| cell.values.clone()) else { return };
    for contestant in &contestants::ALL {
        let cell = measured.cell_mut(row, contestant);
        cell.ratios = cell.values.iter().zip(&rc).map(|(value, rc)| value / rc).collect();
    }
}

/// A bar on the terminal's error stream, or nothing where that is no terminal.
fn progress(rounds: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} {elapsed} of {duration} {msg}");
    ProgressBar::new(rounds).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contestants::OURS;
    use crate::rows;

    #[test]
    fn the_median_of_an_even_number_lies_between_the_two_in_the_middle() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[4.0, 1.0, 3.0, 2.0]), Some(2.5));
    }

    #[test]
    fn ratios_pair_the_values_of_the_same_round() {
        let row = rows::find("node").expect("is a row");
        let mut measured = Measured::default();
        for (contestant, values) in [(RC, vec![10.0, 20.0]), (OURS, vec![5.0, 5.0, 1.0])] {
            let cell = Cell { values, ..Cell::default() };
            measured.cells.insert(("node", contestant), cell);
        }
        set_ratios(row, &mut measured);
        let ours = measured.cell("node", OURS).expect("was put there");
        assert_eq!((&ours.ratios[..], ours.ratio()), (&[0.5, 0.25][..], Some(0.375)));
    }

    #[test]
    fn a_work_is_measured_once_for_all_its_rows() {
        let rows = vec!["p99".into(), "beside".into(), "count-node".into(), "node".into()];
        let plan = Plan { rows, ..Plan::default() };
        assert_eq!(wanted_works(&plan), ["node", "beside"]);
    }

    #[test]
    fn a_note_stands_once() {
        let mut cell = Cell::default();
        ["leaks", "by hand", "leaks"].iter().for_each(|note| cell.note(note));
        assert_eq!(cell.notes, ["leaks", "by hand"]);
    }
}
