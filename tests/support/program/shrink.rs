//! A small program in place of a large one that shows the same: by leaving out ever shorter runs of
//! steps (delta debugging), then by making what is left simpler.

use super::op::Op;
use super::{Program, run};

/// The smallest program that this comes to, with a difference of the same kind.
pub(crate) fn shrink(program: &Program, kind: &str) -> Program {
    shrink_while(program, |program| run(program).is_err_and(|found| found.kind() == kind))
}

/// The smallest program that this comes to, `fails` being true of it as of `program`.
pub(crate) fn shrink_while(program: &Program, fails: impl Fn(&Program) -> bool) -> Program {
    let mut best = program.clone();
    loop {
        let before = best.clone();
        leave_out(&mut best, &fails);
        simplify(&mut best, &fails);
        if best == before {
            return best;
        }
    }
}

fn leave_out(best: &mut Program, fails: &impl Fn(&Program) -> bool) {
    let mut run = best.ops.len().next_power_of_two() / 2;
    while run > 0 {
        let mut at = best.ops.len();
        while at > 0 {
            let from = at.saturating_sub(run);
            let mut less = best.clone();
            less.ops.drain(from..at);
            if fails(&less) {
                *best = less;
            }
            at = from.min(best.ops.len());
        }
        run /= 2;
    }
}

/// Each byte of each step becomes zero if that changes nothing, or else half.
fn simplify(best: &mut Program, fails: &impl Fn(&Program) -> bool) {
    for bits in super::Setting::BITS {
        let mut less = best.clone();
        less.setting = super::Setting::of_bits(best.setting.to_bits() & !bits);
        if fails(&less) {
            *best = less;
        }
    }
    for number in 0..best.ops.len() {
        let mut bytes = Vec::new();
        best.ops[number].write(&mut bytes);
        for at in 1..bytes.len() {
            for simpler in [0, 1, bytes[at] / 2, bytes[at].saturating_sub(1)] {
                if simpler >= bytes[at] {
                    continue;
                }
                let mut tried = bytes.clone();
                tried[at] = simpler;
                let mut less = best.clone();
                less.ops[number] = Op::read(&mut &tried[..]).expect("an operation");
                if fails(&less) {
                    *best = less;
                    bytes = tried;
                    break;
                }
            }
        }
    }
}
