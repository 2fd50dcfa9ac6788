//! The table, as Markdown.

use std::fmt::Write;

use super::verdict::{Verdict, judge};
use crate::args::Plan;
use crate::callgrind;
use crate::contestants::{self, Contestant};
use crate::driver::{Cell, Measured};
use crate::profile;
use crate::rows::{ROWS, Row, Target};

pub(crate) fn markdown(plan: &Plan, measured: &Measured) -> String {
    let contestants: Vec<&Contestant> = contestants::ALL
        .iter()
        .filter(|contestant| plan.wants_contestant(contestant.name))
        .collect();
    let mut text = String::from("| work |");
    contestants.iter().for_each(|contestant| add(&mut text, contestant.name));
    text.push_str(" must | aim | ours spends its instructions on |\n| --- |");
    text.push_str(&" --- |".repeat(contestants.len() + 3));
    text.push('\n');
    for row in rows(plan) {
        text.push('|');
        add(&mut text, &format!("{}, {}", row.title, row.unit.sign()));
        for contestant in &contestants {
            add(&mut text, &field(measured.cell(row.name, contestant.name)));
        }
        let target = |of: fn(&crate::rows::Targets) -> Target| {
            row.targets
                .as_ref()
                .map_or_else(String::new, |targets| words(&judge(of(targets), row, measured)))
        };
        add(&mut text, &target(|targets| targets.must));
        add(&mut text, &target(|targets| targets.aim));
        add(&mut text, &measured.profiles.get(row.work).map_or_else(String::new, profile::words));
        text.push('\n');
    }
    text.push_str(&footer(plan, measured));
    text
}

/// The rows that were asked for and are not only counted.
pub(crate) fn rows(plan: &Plan) -> impl Iterator<Item = &'static Row> {
    ROWS.iter().filter(|row| plan.wants_row(row) && (plan.count || row.work != callgrind::WORK))
}

fn add(line: &mut String, field: &str) {
    let _ = write!(line, " {field} |");
}

/// A value, its ratio to `Rc` in brackets, and notes.
fn field(cell: Option<&Cell>) -> String {
    let Some(cell) = cell else { return "–".into() };
    let mut parts = Vec::new();
    if let Some(value) = cell.value() {
        parts.push(number(value));
    }
    if let Some(ratio) = cell.ratio() {
        parts.push(format!("({})", number(ratio)));
    }
    if !cell.notes.is_empty() {
        parts.push(format!("*{}*", cell.notes.join(", ")));
    }
    if parts.is_empty() { "–".into() } else { parts.join(" ") }
}

fn words(verdict: &Verdict) -> String {
    let mut words = verdict.asked.clone();
    if let Some(limit) = verdict.limit.filter(|_| verdict.relative) {
        let _ = write!(words, " = {}", number(limit));
    }
    words
        + match verdict.met {
            Some(true) => ": met",
            Some(false) => ": **not met**",
            None => ": not measured",
        }
}

/// Three digits that count.
pub(crate) fn number(value: f64) -> String {
    match value.abs() {
        0.0 => "0".into(),
        large if large >= 100.0 => format!("{value:.0}"),
        large if large >= 10.0 => format!("{value:.1}"),
        large if large >= 0.1 => format!("{value:.2}"),
        large if large >= 0.001 => format!("{value:.4}"),
        _ => format!("{value:.1e}"),
    }
}

fn footer(plan: &Plan, measured: &Measured) -> String {
    let mut text = format!(
        "\nMedians of several rounds; in brackets the ratio to `Rc` on the system's allocator in the \
         same round. A run of {} s{}. Less is better everywhere.\n\n\
         *by hand*: has no collection of its own; the program calls for one every 10 000 objects. \
         *leaks*: the memory of the process grew with the garbage. A pause is the longest of steps of \
         100 cycles each. `Rc` has weak handles to parents; all other edges are strong. The last \
         column (with `--count`) is of a small run; the process's beginning and end are left out.\n",
        measured.took.as_secs(),
        if plan.quick { ", a small one: a tenth of the objects in large works" } else { "" },
    );
    if let Some(why) = &measured.uncounted {
        let _ = write!(text, "\nInstructions: {why}.\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_three_digits_that_count() {
        let shown = [0.0, 1234.4, 12.34, 1.234, 0.0123, 0.000_012_3].map(number);
        assert_eq!(shown, ["0", "1234", "12.3", "1.23", "0.0123", "1.2e-5"]);
    }

    #[test]
    fn a_field_shows_value_ratio_and_notes_or_a_dash() {
        let notes = vec!["leaks".to_owned()];
        let cell = Cell { values: vec![12.0], ratios: vec![0.5], notes };
        assert_eq!(field(Some(&cell)), "12.0 (0.50) *leaks*");
        assert_eq!((field(Some(&Cell::default())), field(None)), ("–".into(), "–".into()));
    }

    #[test]
    fn a_table_has_a_line_for_each_wanted_row() {
        let rows = vec!["node".to_owned(), "trees".to_owned()];
        let plan = Plan { rows, contestants: vec!["gc".into()], ..Plan::default() };
        let text = markdown(&plan, &Measured::default());
        let lines: Vec<&str> = text.lines().take_while(|line| line.starts_with('|')).collect();
        assert_eq!(
            lines[0],
            "| work | Rc | gc-core | gc | must | aim | ours spends its instructions on |"
        );
        assert_eq!(lines.len(), 4);
        assert!(
            lines[2].starts_with("| new + drop, node that may cycle, ns | – | – | – | 0.60 × Rc")
        );
    }
}
