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
