//! A work in a process of its own: the process itself, and its parent's view of it.

use std::io::Read;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crate::allocator;
use crate::args::WORK;
use crate::contestants::{self, Allocator, Contestant, Runner};
use crate::works::Out;

/// The last line of a work that came to its end.
const END: &str = "end";
/// The last line of a contestant that has no such work.
const CANNOT: &str = "cannot";

/// Runs a work here.
pub(crate) fn run(contestant: &str, work: &str, mut out: Out) -> Result<(), String> {
    let found = contestants::find(contestant).ok_or(format!("no contestant {contestant}"))?;
    let Runner::Here(run) = found.runner else {
        return Err(format!("{contestant} runs in an interpreter"));
    };
    println!("{}", if run(work, &mut out) { END } else { CANNOT });
    leave()
}

/// Ends this process at once: what a thread's end would free or collect is not measured.
#[allow(unsafe_code)] // declares a function of the C library
fn leave() -> ! {
    // SAFETY: the signature is POSIX's; it can be called at any time.
    unsafe extern "C" {
        safe fn _exit(status: i32) -> !;
    }
    _exit(0)
}

/// What a work came to.
pub(crate) struct Outcome {
    /// By row, in the unit of the row.
    pub(crate) values: Vec<(String, f64)>,
    /// By row, words on how the value came about.
    pub(crate) notes: Vec<(String, String)>,
    pub(crate) ending: Ending,
}

#[derive(Clone, PartialEq)]
pub(crate) enum Ending {
    Ended,
    /// The contestant, or this machine, has no such work.
    Cannot,
    /// It did not get that far; the words tell why.
    Failed(String),
}

pub(crate) fn command(contestant: &Contestant, work: &str, quick: bool) -> Option<Command> {
    let size = if quick { "quick" } else { "full" };
    let mut command = match contestant.runner {
        Runner::Here(_) => {
            let mut command = Command::new(std::env::current_exe().ok()?);
            command.args([WORK, contestant.name, work, size]);
            command
        }
        Runner::Script(interpreter, script) => {
            let mut command = Command::new(interpreter);
            command.args(["-c", script, work, size]);
            command
        }
    };
    let variable = allocator::VARIABLE.to_str().expect("is ASCII");
    match contestant.allocator {
        Allocator::System => command.env_remove(variable),
        Allocator::Mimalloc => command.env(variable, "1"),
    };
    Some(command)
}

/// Runs a work in a child process and waits for it, though not for ever.
pub(crate) fn ask(contestant: &Contestant, work: &str, quick: bool) -> Outcome {
    let limit = Duration::from_secs(if quick { 4 } else { 10 });
    let nothing = |ending| Outcome { values: Vec::new(), notes: Vec::new(), ending };
    let Some(mut command) = command(contestant, work, quick) else {
        return nothing(Ending::Failed("this program cannot find itself".into()));
    };
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let Ok(mut child) = command.spawn() else {
        return nothing(match contestant.runner {
            Runner::Here(_) => Ending::Failed("could not be started".into()),
            Runner::Script(..) => Ending::Cannot,
        });
    };
    let (said, mut complained) = (child.stdout.take(), child.stderr.take());
    let (sender, receiver) = mpsc::channel();
    let reader = thread::spawn(move || read_lines(said.expect("is piped"), &sender));

    let mut lines = Vec::new();
    let start = Instant::now();
    let in_time = loop {
        match receiver.recv_timeout(limit.saturating_sub(start.elapsed())) {
            Ok(line) => lines.push(line),
            Err(mpsc::RecvTimeoutError::Disconnected) => break true,
            Err(mpsc::RecvTimeoutError::Timeout) => break false,
        }
    };
    if !in_time {
        let _ = child.kill();
    }
    let mut complaint = String::new();
    let _ = complained.as_mut().map(|pipe| pipe.read_to_string(&mut complaint));
    let status = child.wait();
    let _ = reader.join();

    let mut outcome = nothing(Ending::Ended);
    for line in &lines {
        outcome.read(line);
    }
    let last = lines.last().map(String::as_str);
    outcome.ending = if last == Some(END) {
        Ending::Ended
    } else if last == Some(CANNOT) {
        Ending::Cannot
    } else if !in_time {
        Ending::Failed(format!("over {} s", limit.as_secs()))
    } else if complaint.contains("overflowed its stack") {
        Ending::Failed("stack overflow".into())
    } else if complaint.contains("panicked") {
        Ending::Failed("panics".into())
    } else {
        Ending::Failed(status.map_or("lost".into(), |status| status.to_string()))
    };
    outcome
}

fn read_lines(mut pipe: impl Read, sender: &mpsc::Sender<String>) {
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(&mut pipe));
    while let Some(Ok(line)) = lines.next() {
        if sender.send(line).is_err() {
            return;
        }
    }
}

impl Outcome {
    /// `ROW VALUE`, or `note ROW WORDS`.
    fn read(&mut self, line: &str) {
        let mut words = line.splitn(3, ' ');
        match (words.next(), words.next(), words.next()) {
            (Some("note"), Some(row), Some(note)) => self.notes.push((row.into(), note.into())),
            (Some(row), Some(value), None) => {
                if let Ok(value) = value.parse() {
                    self.values.push((row.into(), value));
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_tells_values_and_notes_line_by_line_and_other_lines_are_left_out() {
        let mut outcome = Outcome { values: Vec::new(), notes: Vec::new(), ending: Ending::Ended };
        for line in ["node 5.5", "note node by hand", "a line of someone's", "node", "node much"] {
            outcome.read(line);
        }
        assert_eq!(outcome.values, [("node".to_owned(), 5.5)]);
        assert_eq!(outcome.notes, [("node".to_owned(), "by hand".to_owned())]);
    }
}
