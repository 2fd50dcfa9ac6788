//! The programs of `tests/model.rs`, for as long as one likes:
//!
//! ```text
//! cargo run --release -p tests --bin model_long -- --plain 1000000000 --hostile 100000000 --state FILE
//! ```
//!
//! runs programs of so many steps, two at a time, and notes in the file what is done, so that it can
//! be stopped and started again. Each batch runs in a process of its own, since a heap that is broken
//! may take the process with it (and the rest of the batch). For a difference it prints seed and step, and a small program ready
//! to be pasted into `model/regressions.rs`; the exit code is 1 then.

#[path = "../support/program/mod.rs"]
mod program;

use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::process::{Command, ExitCode, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use program::random::STEPS;
use program::{Program, run, shrink};

/// Programs in a batch.
const BATCH: u64 = 2000;

const USAGE: &str = "model_long --plain STEPS --hostile STEPS --state FILE";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match words[..] {
        ["--plain", plain, "--hostile", hostile, "--state", state] => {
            let (Ok(plain), Ok(hostile)) = (plain.parse(), hostile.parse()) else {
                eprintln!("{USAGE}");
                return ExitCode::from(2);
            };
            all(plain, hostile, state)
        }
        ["--batch", kind, from] => batch(kind == "hostile", from.parse().expect("a seed")),
        ["--program", bytes] => one(&Program::of_bytes(&of_hex(bytes))),
        _ => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
    }
}

/// All batches that are not done yet, two at a time.
fn all(plain: u64, hostile: u64, state: &str) -> ExitCode {
    let done = done_before(state);
    let mut batches = Vec::new();
    for (kind, steps, each) in [("hostile", hostile, STEPS[1]), ("plain", plain, STEPS[0])] {
        let count = steps.div_ceil(each as u64 * BATCH);
        batches.extend((0..count).map(|number| (kind, number * BATCH, each)));
    }
    let (all, differences) = (batches.len(), AtomicUsize::new(done.differences));
    batches.retain(|&(kind, from, _)| !done.batches.contains(&format!("{kind} {from}")));
    println!("{} of {all} batches are done", all - batches.len());
    let file = OpenOptions::new().create(true).append(true).open(state).expect("the state file");
    let (file, next, start) = (Mutex::new(file), AtomicUsize::new(0), Instant::now());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(&(kind, from, each)) =
                    batches.get(next.fetch_add(1, Ordering::Relaxed))
                {
                    let found = batch_apart(kind, from);
                    differences.fetch_add(found.len(), Ordering::Relaxed);
                    note(&mut file.lock().expect("the state file"), kind, from, &found);
                    let (steps, seconds) = (BATCH * each as u64, start.elapsed().as_secs());
                    println!(
                        "{kind} {from}: {steps} steps, {} differences; {seconds} s",
                        found.len()
                    );
                }
            });
        }
    });
    let differences = differences.into_inner();
    println!("{plain} plain steps and {hostile} hostile ones: {differences} differences");
    if differences == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

struct Done {
    batches: HashSet<String>,
    differences: usize,
}

fn done_before(state: &str) -> Done {
    let mut text = String::new();
    if let Ok(mut file) = File::open(state) {
        file.read_to_string(&mut text).expect("the state file is text");
    }
    let mut done = Done { batches: HashSet::new(), differences: 0 };
    for line in text.lines() {
        match line.strip_prefix("done ") {
            Some(batch) => drop(done.batches.insert(batch.into())),
            None => done.differences += usize::from(line.starts_with("seed ")),
        }
    }
    done
}

fn note(file: &mut File, kind: &str, from: u64, found: &[String]) {
    let mut text = String::new();
    for difference in found {
        let _ = writeln!(text, "{difference}");
    }
    let _ = writeln!(text, "done {kind} {from}");
    file.write_all(text.as_bytes()).expect("the state file");
}

/// Runs a batch in a process of its own, and returns what it found.
fn batch_apart(kind: &str, from: u64) -> Vec<String> {
    let output =
        this_program().args(["--batch", kind, &from.to_string()]).output().expect("a process");
    let text = String::from_utf8_lossy(&output.stdout);
    let mut found: Vec<String> = text
        .split("difference: ")
        .skip(1)
        .map(|found| {
            found.lines().filter(|line| !line.starts_with("at ")).collect::<Vec<_>>().join("\n")
        })
        .collect();
    if output.status.code().is_none() {
        // The process died. The seed that it told last is the one.
        let seed = text.lines().rev().find_map(|line| line.strip_prefix("at "));
        let seed = seed.and_then(|seed| seed.parse().ok()).unwrap_or(from);
        let program = program::random::program(seed, kind == "hostile");
        let small = shrink::shrink_while(&program, dies);
        let told = String::from_utf8_lossy(&output.stderr);
        found.push(format!("seed {seed}: {}: {}\n{small}", output.status, told.trim()));
    }
    for difference in &found {
        println!("{difference}");
    }
    found
}

/// Whether the program takes its process with it.
fn dies(program: &Program) -> bool {
    let mut command = this_program();
    command
        .args(["--program", &to_hex(&program.to_bytes())])
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().expect("a process").code().is_none()
}

fn this_program() -> Command {
    Command::new(std::env::current_exe().expect("the program's own name"))
}

/// In the process of a batch: runs its programs, and tells of each before it begins.
fn batch(hostile: bool, from: u64) -> ExitCode {
    let mut code = ExitCode::SUCCESS;
    for seed in from..from + BATCH {
        println!("at {seed}");
        let program = program::random::program(seed, hostile);
        if let Err(difference) = run(&program) {
            let small = shrink::shrink(&program, &difference.kind());
            println!(
                "difference: seed {seed}, step {}: {}\n{small}",
                difference.step, difference.what
            );
            code = ExitCode::FAILURE;
        }
    }
    code
}

fn one(program: &Program) -> ExitCode {
    match run(program) {
        Ok(()) => ExitCode::SUCCESS,
        Err(difference) => {
            println!("step {}: {}", difference.step, difference.what);
            ExitCode::FAILURE
        }
    }
}

fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

fn of_hex(text: &str) -> Vec<u8> {
    let digits = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).expect("hex");
    (0..text.len() / 2).map(|at| digits(2 * at)).collect()
}
