//! The command line.

use std::path::PathBuf;

use crate::callgrind;
use crate::rows::{self, Row};
use crate::works::Out;

pub(crate) const HELP: &str = "\
Measures gc-core beside Rc and the other collectors in Rust.

cargo run --release -p benches -- [OPTIONS] [NAME …]

NAME            measure only this row, or this contestant; as many as wanted
--list          name the rows and the contestants
--quick         a small run: fewer objects, fewer rounds
--count         count instructions as well, and say what ours spends them on (by valgrind's
                callgrind, whose profiles are left in the folder)
--plot          draw the table as well, as an SVG
--gate          only count our instructions, and fail if one is above its limit (limits.txt)
--inside        only what looking inside a heap costs, in full judgements of the same heap
--out FOLDER    write benches.md, benches.json and benches.svg there (target/benches)
";

pub(crate) enum Order {
    Help,
    List,
    Gate,
    /// How dear questions to a heap are; a small heap if `true`.
    Inside(bool),
    Measure(Plan),
    /// One work for one contestant, in this process.
    Work(String, String, Out),
}

/// What to measure, and what to make of it.
#[derive(Default)]
pub(crate) struct Plan {
    pub(crate) quick: bool,
    pub(crate) count: bool,
    pub(crate) plot: bool,
    pub(crate) folder: PathBuf,
    /// Rows and contestants; none means all.
    pub(crate) rows: Vec<String>,
    pub(crate) contestants: Vec<String>,
}

impl Plan {
    pub(crate) fn wants_row(&self, row: &Row) -> bool {
        self.rows.is_empty() || self.rows.iter().any(|name| name == row.name)
    }

    /// Rc and ours always take part: the report is about the two.
    pub(crate) fn wants_contestant(&self, name: &str) -> bool {
        self.contestants.is_empty()
            || [crate::contestants::RC, crate::contestants::OURS].contains(&name)
            || self.contestants.iter().any(|wanted| wanted == name)
    }
}

/// The first argument of a child process.
pub(crate) const WORK: &str = "work";

pub(crate) fn read(mut arguments: impl Iterator<Item = String>) -> Result<Order, String> {
    let mut plan = Plan { folder: PathBuf::from("target/benches"), ..Plan::default() };
    let mut inside = false;
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            WORK => return read_work(arguments),
            "--help" | "-h" => return Ok(Order::Help),
            "--list" => return Ok(Order::List),
            "--gate" => return Ok(Order::Gate),
            "--inside" => inside = true,
            "--quick" => plan.quick = true,
            "--count" => plan.count = true,
            "--plot" => plan.plot = true,
            "--out" => plan.folder = arguments.next().ok_or("--out takes a folder")?.into(),
            name if let Some(row) = rows::find(name) => {
                plan.count |= row.work == callgrind::WORK;
                plan.rows.push(argument);
            }
            name if crate::contestants::find(name).is_some() => plan.contestants.push(argument),
            _ => return Err(format!("{argument} is neither option, row nor contestant (--list)")),
        }
    }
    Ok(if inside { Order::Inside(plan.quick) } else { Order::Measure(plan) })
}

/// `work CONTESTANT WORK SIZE FURTHER …`
fn read_work(mut arguments: impl Iterator<Item = String>) -> Result<Order, String> {
    let mut next = || arguments.next().ok_or("work takes a contestant, a work and a size");
    let (contestant, work, size) = (next()?, next()?, next()?);
    let out = Out { quick: size == "quick", arguments: arguments.collect() };
    Ok(Order::Work(contestant, work, out))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_words(words: &str) -> Result<Order, String> {
        read(words.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn names_are_rows_or_contestants_and_a_counted_row_asks_for_counting() {
        let Ok(Order::Measure(plan)) = read_words("--quick node gc-arena count-node") else {
            panic!("these are all names");
        };
        assert!(plan.quick && plan.count && !plan.plot);
        assert_eq!(
            (plan.rows, plan.contestants),
            (vec!["node".to_owned(), "count-node".to_owned()], vec!["gc-arena".to_owned()],)
        );
    }

    #[test]
    fn rc_and_ours_always_take_part() {
        let Ok(Order::Measure(plan)) = read_words("boa_gc --out here") else { panic!() };
        let wanted = ["Rc", "gc-core", "boa_gc", "gc"].map(|name| plan.wants_contestant(name));
        assert_eq!(wanted, [true, true, true, false]);
        assert_eq!(plan.folder, PathBuf::from("here"));
    }

    #[test]
    fn an_unknown_word_is_named() {
        let Err(mistake) = read_words("--fast") else { panic!("there is no such option") };
        assert_eq!(mistake, "--fast is neither option, row nor contestant (--list)");
        assert!(read_words("--out").is_err() && read_words("work gc-core node").is_err());
    }

    #[test]
    fn what_looking_inside_costs_can_be_asked_of_a_small_heap() {
        assert!(matches!(read_words("--inside"), Ok(Order::Inside(false))));
        assert!(matches!(read_words("--inside --quick"), Ok(Order::Inside(true))));
    }

    #[test]
    fn a_child_is_told_contestant_work_size_and_more() {
        let Ok(Order::Work(contestant, work, out)) = read_words("work gc-core count quick node 5")
        else {
            panic!("that is how a child is called");
        };
        assert_eq!((contestant.as_str(), work.as_str(), out.quick), ("gc-core", "count", true));
        assert_eq!(out.arguments, ["node", "5"]);
    }
}
