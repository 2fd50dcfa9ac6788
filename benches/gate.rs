//! The gate: counts instructions of what is done most, and fails if a count has grown.
//!
//! `limits.txt` has the limits, a few in a hundred above what was measured when they were set; whoever makes
//! something faster lowers them. Counts depend on the compiler's version, which is fixed where the gate is run.

use crate::callgrind::{self, COUNTED};
use crate::contestants::{self, OURS};
use crate::report::number;

const LIMITS: &str = include_str!("limits.txt");

/// Prints the table of counts and limits; an error if one is passed.
pub(crate) fn run() -> Result<(), String> {
    if !callgrind::is_installed() {
        return Err("the gate counts with valgrind, which is not installed".into());
    }
    let ours = contestants::find(OURS).expect("takes part");
    let limits = read(LIMITS)?;
    println!("| instructions | counted | limit |\n| --- | --- | --- |");
    let mut passed = Vec::new();
    for counted in &COUNTED {
        let limit = limits.iter().find(|(row, _)| *row == counted.row);
        let &(row, limit) = limit.ok_or_else(|| format!("no limit for {}", counted.row))?;
        let count = counted.by(ours).ok_or_else(|| format!("{row} could not be counted"))?;
        println!("| {row} | {} | {limit} |", number(count));
        if count > limit {
            passed.push(row);
        }
    }
    if passed.is_empty() { Ok(()) } else { Err(format!("above the limit: {}", passed.join(", "))) }
}

/// A row and its limit on each line; `#` begins a comment.
fn read(text: &str) -> Result<Vec<(&str, f64)>, String> {
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or("").trim());
    lines
        .filter(|line| !line.is_empty())
        .map(|line| {
            let limit = line
                .split_once(' ')
                .and_then(|(row, limit)| limit.trim().parse().ok().map(|limit| (row, limit)));
            limit.ok_or_else(|| format!("limits.txt: `{line}` is not a row and a number"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_rows_and_numbers_and_comments_are_left_out() {
        assert_eq!(read("# all\na 1\n\nb  2.5 # why"), Ok(vec![("a", 1.0), ("b", 2.5)]));
        assert_eq!(read("a"), Err("limits.txt: `a` is not a row and a number".into()));
        assert_eq!(read("a b"), Err("limits.txt: `a b` is not a row and a number".into()));
    }

    #[test]
    fn each_counted_row_has_a_limit_and_each_limit_a_row() {
        let mut limits: Vec<_> = read(LIMITS).unwrap().into_iter().map(|(row, _)| row).collect();
        let mut rows: Vec<_> = COUNTED.iter().map(|counted| counted.row).collect();
        limits.sort_unstable();
        rows.sort_unstable();
        assert_eq!(limits, rows);
    }
}
