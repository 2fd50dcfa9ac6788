//! Random programs against a naive model of the heap; see `support/program/mod.rs` for what is compared
//! and what is hunted. Beside them: the programs of the fuzzer's corpus, and those that once showed
//! something.
//!
//! `cargo run --release -p tests --bin model_long` runs more of the same programs, for hours.

#[path = "support/program/mod.rs"]
mod program;
#[path = "model/regressions.rs"]
mod regressions;

#[cfg(feature = "checking-allocator")]
#[path = "support/checking_allocator.rs"]
mod checking_allocator;

#[cfg(feature = "checking-allocator")]
#[global_allocator]
static CHECKING: checking_allocator::Checking = checking_allocator::Checking;

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use program::random::STEPS;
use program::{Program, run, shrink::shrink};

/// Without optimization a step takes about fifteen times as long, so there are fewer of them.
fn steps(optimized: usize, debug: usize) -> usize {
    if cfg!(debug_assertions) { debug } else { optimized }
}

/// Runs programs of so many steps together, on two threads.
///
/// # Panics
/// With a small program, ready to be pasted into `model/regressions.rs`, if one does not agree with
/// the model.
fn agree(steps: usize, hostile: bool) {
    let programs = (steps / STEPS[usize::from(hostile)]) as u64;
    let next = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let seed = next.fetch_add(1, Ordering::Relaxed)
                    && seed < programs
                {
                    check(&program::random::program(seed, hostile), &format!("seed {seed}"));
                }
            });
        }
    });
}

fn check(program: &Program, name: &str) {
    let Err(difference) = run(program) else { return };
    let small = shrink(program, &difference.kind());
    let small_one = run(&small).expect_err("shrinking keeps the difference");
    panic!(
        "{name}, step {}: {}\nIn small, step {}: {}\n{small}",
        difference.step, difference.what, small_one.step, small_one.what
    );
}

#[test]
fn plain_programs_agree_with_the_model() {
    agree(steps(10_000_000, 200_000), false);
}

#[test]
fn programs_with_hooks_of_every_kind_agree_with_the_model() {
    agree(steps(1_000_000, 40_000), true);
}

#[test]
fn programs_that_once_showed_something_agree_with_the_model() {
    for (name, program) in regressions::programs() {
        check(&program, name);
    }
}

#[test]
fn programs_that_the_fuzzer_found_agree_with_the_model() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus/programs");
    let mut found = 0;
    for file in corpus.read_dir().expect("the corpus is there") {
        let path = file.expect("a file").path();
        let bytes = std::fs::read(&path).expect("a file that can be read");
        check(&Program::of_fuzzer(&bytes), &path.display().to_string());
        found += 1;
    }
    assert!(found > 100, "the corpus has {found} programs");
}

#[test]
fn bytes_and_programs_are_the_same() {
    for seed in 0..100 {
        let program = program::random::program(seed, seed % 2 == 0);
        assert!(Program::of_bytes(&program.to_bytes()) == program, "seed {seed}");
    }
}
