//! Random programs against a naive model of the heap; see `support/program.rs` for what is compared.
//! Hunted: what no list of cases has. Every program that safe code could be may come up: handles
//! moved, lent and lost, at all ages, between collections of every kind.

#[path = "support/program.rs"]
mod program;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use program::{Last, Op, Quiet, Value, World};

/// A small generator of numbers (SplitMix64), the same ones for a seed on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u32 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed >> 32) as u32
    }

    /// A step, each kind as often as its share of a thousand says.
    fn op(&mut self) -> Op {
        let share = self.next() % 1000;
        let mut n = || self.next();
        match share {
            0..220 => Op::Make { kind: n() },
            220..290 => Op::Clone { root: n() },
            290..430 => Op::Drop { root: n() },
            430..580 => Op::Link { root: n(), at: n(), target: n() },
            580..690 => Op::MoveInto { root: n(), at: n(), moved: n() },
            690..740 => Op::MoveOut { root: n(), at: n(), edge: n() },
            740..775 => Op::MoveBetween { root: n(), at: n(), edge: n(), to: n() },
            775..795 => Op::Loan { root: n(), at: n() },
            795..820 => Op::Unlink { root: n(), at: n(), edge: n() },
            820..850 => Op::Collect { generation: 0 },
            850..865 => Op::Collect { generation: 1 },
            865..873 => Op::Collect { generation: 2 },
            873..883 => Op::CollectWithin { objects: n() % 40 },
            883..890 => Op::CollectInVain { generation: n(), visits: n() },
            890..894 => Op::Freeze,
            894..902 => Op::Unfreeze,
            902..930 => Op::MakeWeak { root: n() },
            930..945 => Op::Upgrade { weak: n() },
            945..960 => Op::DropWeak { weak: n() },
            960..980 => Op::GetMut { root: n(), target: n(), generation: n() },
            980..997 => Op::TryUnwrap { root: n() },
            _ => Op::Enumerate,
        }
    }
}

const STEPS: usize = 600;

/// Without optimization a program takes about ten times as long, so there are fewer of them.
fn programs(optimized: u64, debug: u64) -> u64 {
    if cfg!(debug_assertions) { debug } else { optimized }
}

/// Runs the programs of these seeds; every fourth with automatic collection.
fn run<T: Value>(seeds: u64) {
    for seed in 0..seeds {
        let mut random = Random(seed);
        let world = World::<T>::new(seed % 4 == 3);
        for number in 0..STEPS {
            let op = random.op();
            if let Err(payload) = catch_unwind(AssertUnwindSafe(|| world.step(op))) {
                eprintln!("seed {seed}, step {number}: {op:?}");
                resume_unwind(payload);
            }
        }
        if let Err(payload) = catch_unwind(AssertUnwindSafe(|| world.end())) {
            eprintln!("seed {seed}, at the end");
            resume_unwind(payload);
        }
    }
}

/// Panics that are part of the programs would fill the output.
fn tell_only_of_what_went_wrong() {
    std::panic::set_hook(Box::new(|info| {
        let told = info.payload().downcast_ref::<&str>().copied();
        if !matches!(told, Some("a finalizer that panics" | "a visit that panics")) {
            eprintln!("{info}");
        }
    }));
}

#[test]
fn programs_without_finalizers_agree_with_the_model() {
    tell_only_of_what_went_wrong();
    run::<Quiet>(programs(10_000, 1000));
}

#[test]
fn programs_with_finalizers_of_every_kind_agree_with_the_model() {
    tell_only_of_what_went_wrong();
    run::<Last>(programs(5000, 500));
}
