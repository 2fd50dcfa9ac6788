//! Counts instructions with valgrind's callgrind. The counts are the same from run to run.

use std::process::Command;

use crate::args::Plan;
use crate::child;
use crate::contestants::{self, Contestant, Runner};
use crate::rows::{self, Row};

/// The work whose rows are counted.
pub(crate) const WORK: &str = "count";

/// Counts for each contestant and row; tells why if that is not possible.
pub(crate) fn count(
    plan: &Plan,
    tell: &mut impl FnMut(&Row, &Contestant, f64),
) -> Result<(), String> {
    if !Command::new("valgrind").arg("--version").output().is_ok_and(|out| out.status.success()) {
        return Err("valgrind is not installed, so no instructions were counted".into());
    }
    for contestant in &contestants::ALL {
        if !plan.wants_contestant(contestant.name) || !matches!(contestant.runner, Runner::Here(_))
        {
            continue;
        }
        for (name, [with, without]) in [
            ("count-node", [("node", 3000), ("node", 1000)]),
            ("count-clone", [("clone", 3000), ("clone", 1000)]),
            ("count-ring", [("ring", 2000), ("ring-made", 2000)]),
        ] {
            let row = rows::find(name).expect("is in the table");
            if !plan.wants_row(row) {
                continue;
            }
            let of = |(what, times)| instructions(contestant, what, times);
            if let (Some(with), Some(without)) = (of(with), of(without))
                && with > without + 2000
            {
                tell(row, contestant, (with - without) as f64 / 2000.0);
            }
        }
    }
    Ok(())
}

/// All instructions of a process that does something so many times.
fn instructions(contestant: &Contestant, what: &str, times: u64) -> Option<u64> {
    let work = child::command(contestant, WORK, false)?;
    let out = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(work.get_program())
        .args(work.get_args())
        .args([what, &times.to_string()])
        .envs(work.get_envs().filter_map(|(name, value)| Some((name, value?))))
        .output()
        .ok()?;
    let report = String::from_utf8_lossy(&out.stderr);
    let count = report.lines().find_map(|line| line.split_once("Collected : "))?.1;
    count.trim().parse().ok()
}
