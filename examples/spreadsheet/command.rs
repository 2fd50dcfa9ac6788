//! The commands: a line is read, carried out, and answered.

use std::fmt::Write;

use gc_core::Heap;

use crate::figures::{counted, grouped};
use crate::place::{Area, Place, column_name};
use crate::recalculate::Outcome;
use crate::sheet::Sheet;

pub(crate) const COMMANDS: &str = "\
  A1 CONTENT          enters a number, a text, or a formula: =SUM(B1:B9)*2
  A1                  tells what is there, what it refers to, and who refers to it
  fill A1:B9 CONTENT  enters it into all of them; references without $ move along
  clear A1:B9         makes them blank
  show [A1:B9]        shows the values
  undo [N], redo [N]  go through the versions
  forget              lets go of all versions but the present one
  stats               tells what the heap holds
  collect             sweeps the heap
  new                 lets go of the sheet, and begins another one
  quit                ends";

/// How many cells a line names.
const MOST_LISTED: usize = 8;

/// How many cells a table has at most.
const MOST_SHOWN: usize = 10_000;

/// A sheet that is talked to.
pub(crate) struct Session {
    pub(crate) sheet: Sheet,
    heap: Heap,
}

/// What came of a command.
#[derive(Debug, PartialEq)]
pub(crate) enum Answer {
    /// Lines, or nothing.
    Text(String),
    End,
}

impl Session {
    pub(crate) fn new() -> Self {
        let heap = Heap::new();
        Self { sheet: Sheet::new(&heap), heap }
    }

    #[cfg(test)]
    pub(crate) fn heap(&self) -> &Heap {
        &self.heap
    }

    /// Carries out a line. Blank lines, and those that begin with `#`, do nothing.
    pub(crate) fn answer(&mut self, line: &str) -> Result<Answer, String> {
        let line = line.trim();
        if line.contains(|c: char| c.is_control() && c != '\t') {
            return Err("there are control characters in this line".to_owned());
        }
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = rest.trim_start();
        let text = match word {
            _ if word.is_empty() || word.starts_with('#') => String::new(),
            "fill" => {
                let (area, typed) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
                let (area, typed) = (area.parse()?, typed.trim_start());
                if typed.is_empty() {
                    return Err("there is nothing to fill with".to_owned());
                }
                told(&self.sheet.fill(area, typed, line)?)
            }
            "clear" => told(&self.sheet.clear(rest.parse()?, line)?),
            "show" => self.show(rest)?,
            "undo" => self.travel("undone", rest, Sheet::undo)?,
            "redo" => self.travel("redone", rest, Sheet::redo)?,
            "forget" | "stats" | "collect" | "new" | "help" | "quit" if !rest.is_empty() => {
                return Err(format!("`{word}` stands alone"));
            }
            "forget" => self.forget(),
            "stats" => self.stats(),
            "collect" => self.collect(),
            "new" => {
                self.sheet = Sheet::new(&self.heap);
                String::new()
            }
            "help" => format!("{COMMANDS}\n"),
            "quit" => return Ok(Answer::End),
            _ => {
                let place: Place = word
                    .parse()
                    .map_err(|error| format!("{error}; and no command (`help` lists them)"))?;
                if rest.is_empty() {
                    self.describe(place)
                } else {
                    told(&self.sheet.fill(Area::between(place, place), rest, line)?)
                }
            }
        };
        Ok(Answer::Text(text))
    }

    /// Lets go of everything, and tells how many objects are still alive.
    pub(crate) fn end(self) -> usize {
        let Self { sheet, heap } = self;
        drop(sheet);
        heap.collect();
        heap.live_count()
    }

    fn describe(&self, place: Place) -> String {
        let Some(cell) = self.sheet.cell(place) else {
            return format!("{place} is blank\n");
        };
        let mut text = match cell.entry() {
            None => format!("{place} is blank"),
            Some(entry) => {
                let (entry, value) = (entry.to_string(), cell.value().to_string());
                let from = if entry == value { String::new() } else { format!("   {entry}") };
                format!("{place} = {value}{from}")
            }
        };
        for (what, cells) in [("refers to", cell.precedents()), ("used by", cell.dependents())] {
            if !cells.is_empty() {
                let names: Vec<_> =
                    cells.iter().take(MOST_LISTED).map(|cell| cell.place.to_string()).collect();
                let more = if cells.len() > MOST_LISTED {
                    format!(" and {} more", grouped(cells.len() - MOST_LISTED))
                } else {
                    String::new()
                };
                write!(text, "\n  {what} {}{more}", names.join(", ")).expect("a string takes all");
            }
        }
        text + "\n"
    }

    /// The values of an area as a table, or of all that is filled.
    fn show(&self, area: &str) -> Result<String, String> {
        let area: Area = match (area, self.sheet.extent()) {
            ("", None) => return Ok("the sheet is blank\n".to_owned()),
            ("", Some(extent)) => extent,
            (area, _) => area.parse()?,
        };
        if area.size() > MOST_SHOWN {
            return Err(format!("{} cells are too many to show", grouped(area.size())));
        }
        // The row's number, then its values: each as wide as its column.
        let mut lines: Vec<Vec<String>> = vec![vec![String::new()]];
        lines[0].extend(area.columns().map(column_name));
        for row in area.rows() {
            let mut line = vec![(row + 1).to_string()];
            line.extend(area.columns().map(|column| self.sheet.shown(Place { row, column })));
            lines.push(line);
        }
        let mut table = String::new();
        let width = |n: usize| lines.iter().map(|line| line[n].chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..lines[0].len()).map(width).collect();
        for line in &lines {
            let padded = line.iter().zip(&widths).map(|(text, &width)| format!("{text:>width$}"));
            table += padded.collect::<Vec<_>>().join("  ").trim_end();
            table.push('\n');
        }
        Ok(table)
    }

    /// Goes some steps through the versions, as far as there are any.
    fn travel(
        &mut self,
        done: &str,
        steps: &str,
        step: impl Fn(&mut Sheet) -> Option<(String, Outcome)>,
    ) -> Result<String, String> {
        let steps: usize = match steps {
            "" => 1,
            steps => steps.parse().map_err(|_| format!("`{steps}` is no number of steps"))?,
        };
        let mut text = String::new();
        for n in 0..steps {
            match step(&mut self.sheet) {
                Some((label, outcome)) => {
                    text += &format!("{done}: {label}\n{}", told(&outcome));
                }
                None if n == 0 => return Err(format!("there is nothing to be {done}")),
                None => break,
            }
        }
        Ok(text)
    }

    fn forget(&mut self) -> String {
        let forgotten = self.sheet.forget();
        format!("forgot {}\n", counted(forgotten, "version"))
    }

    fn collect(&self) -> String {
        let before = self.heap.stats();
        self.heap.collect();
        let after = self.heap.stats();
        let objects = counted(before.live_objects - after.live_objects, "object");
        format!("freed {objects} of {}\n", counted(before.live_bytes - after.live_bytes, "byte"))
    }

    fn stats(&self) -> String {
        let figures = self.sheet.figures();
        let line = |what: &str, number: usize, more: String| {
            format!("{what:<12}{:>10}   {more}", grouped(number)).trim_end().to_owned() + "\n"
        };
        let garbage = match figures.live_objects - figures.objects() {
            0 => String::new(),
            garbage => format!(", {} of them garbage until a sweep", grouped(garbage)),
        };
        let once_each = format!("{} if each version had its own", grouped(figures.unshared_nodes));
        let steps = format!("{} to undo, {} to redo", figures.undo_steps, figures.redo_steps);
        let blank = format!("and {} blank", grouped(figures.blank));
        let bytes = counted(figures.live_bytes, "byte");
        [
            line("objects", figures.live_objects, format!("{bytes}{garbage}")),
            line("  cells", figures.filled, blank),
            line("  versions", figures.versions, steps),
            line("  map nodes", figures.nodes, once_each),
            line("  entries", figures.entries, String::new()),
            line("  templates", figures.templates, String::new()),
            line("computed", figures.computed, "cells, for the last change".to_owned()),
        ]
        .concat()
    }
}

/// The cycles that a change has met, a line for each.
fn told(outcome: &Outcome) -> String {
    let mut text = String::new();
    for cycle in &outcome.cycles {
        let names: Vec<String> = cycle.iter().map(Place::to_string).collect();
        writeln!(text, "cycle: {}", names.join(" -> ")).expect("a string takes all");
    }
    text
}
