//! Counts instructions with valgrind's callgrind. The counts are the same from run to run.

use std::process::Command;

use crate::args::Plan;
use crate::child;
use crate::contestants::{self, Contestant, Runner};
use crate::rows::{self, Row};

/// The work whose rows are counted.
pub(crate) const WORK: &str = "count";

/// A row whose value is the instructions of one operation: the difference of two runs.
pub(crate) struct Counted {
    pub(crate) row: &'static str,
    with: (&'static str, u64),
    without: (&'static str, u64),
    operations: u64,
}

/// The rows that are counted. Trees are of 511 nodes each.
pub(crate) static COUNTED: [Counted; 8] = [
    more("count-leaf", "leaf", 2000),
    more("count-node", "node", 2000),
    more("count-clone", "clone", 2000),
    more("count-tree", "tree", 20 * 511),
    more("count-lists", "lists", 20_000),
    more("count-family", "family", 80 * 511),
    more("count-random", "random", 40_000),
    Counted {
        row: "count-ring",
        with: ("ring", 2000),
        without: ("ring-made", 2000),
        operations: 2000,
    },
];

/// So many operations more than half as many.
const fn more(row: &'static str, what: &'static str, operations: u64) -> Counted {
    Counted { row, with: (what, 3 * operations / 2), without: (what, operations / 2), operations }
}

impl Counted {
    /// What this contestant takes. `None`: it has no such work.
    pub(crate) fn by(&self, contestant: &Contestant) -> Option<f64> {
        let of = |(what, times)| instructions(contestant, what, times);
        let (with, without) = (of(self.with)?, of(self.without)?);
        // Who has no such work ends at once, both times.
        let more = with.checked_sub(without).filter(|&more| more > self.operations)?;
        Some(more as f64 / self.operations as f64)
    }
}

/// Whether there is a valgrind to count with.
pub(crate) fn is_installed() -> bool {
    Command::new("valgrind").arg("--version").output().is_ok_and(|out| out.status.success())
}

/// Counts for each contestant and row; tells why if that is not possible.
pub(crate) fn count(
    plan: &Plan,
    tell: &mut impl FnMut(&Row, &Contestant, f64),
) -> Result<(), String> {
    if !is_installed() {
        return Err("valgrind is not installed, so no instructions were counted".into());
    }
    for contestant in &contestants::ALL {
        if !plan.wants_contestant(contestant.name) || !matches!(contestant.runner, Runner::Here(_))
        {
            continue;
        }
        for counted in &COUNTED {
            let row = rows::find(counted.row).expect("is in the table");
            if plan.wants_row(row)
                && let Some(count) = counted.by(contestant)
            {
                tell(row, contestant, count);
            }
        }
    }
    Ok(())
}

/// The same process under callgrind, which leaves its profile in this file.
pub(crate) fn under(work: &Command, profile: &str) -> Command {
    let mut command = Command::new("valgrind");
    command
        .arg("--tool=callgrind")
        .arg(format!("--callgrind-out-file={profile}"))
        .arg(work.get_program())
        .args(work.get_args())
        .envs(work.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command
}

/// All instructions of a process that does something so many times.
fn instructions(contestant: &Contestant, what: &str, times: u64) -> Option<u64> {
    let work = child::command(contestant, WORK, false)?;
    let out = under(&work, "/dev/null").args([what, &times.to_string()]).output().ok()?;
    let report = String::from_utf8_lossy(&out.stderr);
    let count = report.lines().find_map(|line| line.split_once("Collected : "))?.1;
    count.trim().parse().ok()
}
