//! Whether ours met a target.

use crate::contestants::{COUNTING, OURS, RC};
use crate::driver::Measured;
use crate::rows::{Row, Target};

/// A target in numbers, and what came of it.
pub(crate) struct Verdict {
    /// What was asked, in words.
    pub(crate) asked: String,
    /// The same in the unit of the row, if what it refers to was measured.
    pub(crate) limit: Option<f64>,
    /// Whether the limit is not among those words.
    pub(crate) relative: bool,
    pub(crate) met: Option<bool>,
}

pub(crate) fn judge(target: Target, row: &Row, measured: &Measured) -> Verdict {
    let times = |factor: f64| {
        if factor < 0.2 { format!("1/{:.0} of", 1.0 / factor) } else { format!("{factor:.2} ×") }
    };
    let (asked, limit) = match target {
        Target::Rc(factor, of) => {
            let limit = measured.value(of, RC).map(|rc| factor * rc);
            let what = if of == row.name { String::new() } else { format!(" ({of})") };
            (format!("{} Rc{what}", times(factor)), limit)
        }
        Target::Peer(factor, peer) => {
            let limit = measured.value(row.name, peer).map(|value| factor * value);
            (format!("{} {peer}", times(factor)), limit)
        }
        Target::BestCounting(factor) => {
            let values = COUNTING.iter().filter_map(|peer| measured.value(row.name, peer));
            let limit = values.reduce(f64::min).map(|best| factor * best);
            (format!("{} best counting", times(factor)), limit)
        }
        Target::Ours(factor, of) => {
            let limit = measured.value(of, OURS).map(|value| factor * value);
            (format!("{} {of}", times(factor)), limit)
        }
        Target::About(bytes) => (format!("{bytes} ± 2 %"), Some(1.02 * bytes)),
        Target::Most(count) => (format!("{count}"), Some(count)),
    };
    let met = limit.zip(measured.value(row.name, OURS)).map(|(limit, ours)| {
        // Paired ratios are steadier than ratios of medians.
        let paired = measured.cell(row.name, OURS).and_then(|cell| cell.ratio());
        match (target, paired) {
            (Target::Rc(factor, of), Some(ratio)) if of == row.name => ratio <= factor,
            _ => ours <= limit,
        }
    });
    let relative = !matches!(target, Target::About(_) | Target::Most(_));
    Verdict { asked, limit, relative, met }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::driver::Cell;
    use crate::rows::find;

    fn measured(cells: &[(&'static str, &'static str, f64)]) -> Measured {
        let mut measured = Measured::default();
        for &(row, contestant, value) in cells {
            let cell = Cell { values: vec![value], ..Cell::default() };
            measured.cells.insert((row, contestant), cell);
        }
        measured
    }

    #[test]
    fn a_target_is_met_at_its_limit_and_not_above() {
        let row = find("node").expect("is a row");
        let of = |ours| {
            judge(
                Target::Rc(0.5, "node"),
                row,
                &measured(&[("node", RC, 10.0), ("node", OURS, ours)]),
            )
        };
        assert_eq!((of(5.0).limit, of(5.0).met, of(5.1).met), (Some(5.0), Some(true), Some(false)));
    }

    #[test]
    fn what_was_not_measured_is_neither_met_nor_missed() {
        let row = find("ring").expect("is a row");
        let verdict = judge(Target::BestCounting(0.5), row, &measured(&[("ring", OURS, 1.0)]));
        assert_eq!((verdict.limit, verdict.met), (None, None));
    }

    #[test]
    fn about_so_many_bytes_are_two_in_a_hundred_more_at_most() {
        let row = find("bytes-8").expect("is a row");
        let of = |ours| judge(Target::About(24.0), row, &measured(&[("bytes-8", OURS, ours)])).met;
        assert_eq!((of(24.4), of(24.5)), (Some(true), Some(false)));
    }
}
