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
--count         count instructions as well (by valgrind's callgrind)
--plot          draw the table as well, as an SVG
--out FOLDER    write benches.md, benches.json and benches.svg there (target/benches)
";

pub(crate) enum Order {
    Help,
    List,
    Measure(Plan),
    /// One work for one contestant, in this process.
    Work(String, String, Out),
}

/// What to measure, and what to make of it.
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
    let mut plan = Plan {
        quick: false,
        count: false,
        plot: false,
        folder: PathBuf::from("target/benches"),
        rows: Vec::new(),
        contestants: Vec::new(),
    };
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            WORK => return read_work(arguments),
            "--help" | "-h" => return Ok(Order::Help),
            "--list" => return Ok(Order::List),
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
    Ok(Order::Measure(plan))
}

/// `work CONTESTANT WORK SIZE FURTHER …`
fn read_work(mut arguments: impl Iterator<Item = String>) -> Result<Order, String> {
    let mut next = || arguments.next().ok_or("work takes a contestant, a work and a size");
    let (contestant, work, size) = (next()?, next()?, next()?);
    let out = Out { quick: size == "quick", arguments: arguments.collect() };
    Ok(Order::Work(contestant, work, out))
}
