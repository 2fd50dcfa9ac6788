//! A Scheme in the spirit of R7RS-small, whose closures, pairs and continuations are objects of a `Gc` heap.
//!
//! ```text
//! cargo run --release --example scheme -- [FILE.scm [ARGUMENT …]]
//! ```
//!
//! Without a file it is a prompt. Cycles are everywhere in such a program: a procedure that refers to itself
//! is one. What no cycle holds is freed at once, by count; the heap's sweeps find the rest, and a program
//! runs for ever in the memory that it needs. `--compare FILE.scm` runs the same interpreter over `Rc` as
//! well, and tells what that leaks and what either costs.
//!
//! What is there: proper tail calls, continuations that can be entered again and again, `dynamic-wind`,
//! exceptions, hygienic `syntax-rules`, records, promises, parameters; weak pairs, guardians, `(gc)` and
//! `(gc-stats)`. Integers have 64 bits, and one that does not fit is an error; there are no fractions. The
//! standard procedures can be redefined, with effect on what is compiled from then on. Left out: libraries,
//! ports, bytevectors.
//!
//! The files: `over_gc` and `over_rc` name the pointers for the `interpreter`, `scheme` is what is asked of
//! one, `args` reads the command line, `prompt` talks, `compare` measures.

#![forbid(unsafe_code)]

mod args;
mod compare;
mod prompt;
mod scheme;
mod over_gc;
mod over_rc;

#[cfg(test)]
mod tests;

use std::fs;
use std::io::{self, BufWriter};
use std::process::ExitCode;
use std::thread;
use std::time::Instant;

use args::{Pointer, Program, Request};
use scheme::Stop;

/// What a wrong command line and an unreadable file end with.
const WRONG_INPUT: u8 = 2;

/// The expander follows the nesting of a program's text. It has its limit, but on a small stack that would
/// be too high.
const STACK: usize = 256 << 20;

/// `Rc` drops a list by recursion: a million pairs would overflow the stack that is enough for `Gc`.
const STACK_OVER_RC: usize = 4 << 30;

fn main() -> ExitCode {
    let request = match args::read(std::env::args_os().skip(1)) {
        Ok(request) => request,
        Err(error) => {
            eprintln!("scheme: {error}\n{}", args::USAGE);
            return ExitCode::from(WRONG_INPUT);
        }
    };
    let code = match request {
        Request::Help => {
            println!("{}", args::HELP);
            0
        }
        Request::Prompt(over) => on_a_stack(over, move || prompt::talk(over)),
        Request::Run(program) => on_a_stack(program.over, move || run(&program)),
        Request::Compare(program) => match compare::compare(&program) {
            Ok(table) => {
                print!("{table}");
                0
            }
            Err(error) => {
                eprintln!("scheme: {error}");
                1
            }
        },
    };
    ExitCode::from(code)
}

/// Does what there is to do on a thread whose stack is large enough.
fn on_a_stack(over: Pointer, work: impl FnOnce() -> u8 + Send + 'static) -> u8 {
    let stack = match over {
        Pointer::Gc => STACK,
        Pointer::Rc => STACK_OVER_RC,
    };
    let thread =
        thread::Builder::new().stack_size(stack).spawn(work).expect("a thread can be made");
    // It has told of its panic.
    thread.join().unwrap_or(101)
}

/// Runs a program from its file, and gives the exit code.
fn run(program: &Program) -> u8 {
    let name = program.file.display().to_string();
    let text = match fs::read_to_string(&program.file) {
        Ok(text) => text,
        Err(error) => {
            eprintln!("scheme: cannot read {name}: {error}");
            return WRONG_INPUT;
        }
    };
    let all = [program.file.as_os_str()].into_iter().chain(program.arguments.iter().map(|a| &**a));
    let arguments = all.map(|argument| argument.to_string_lossy().into_owned()).collect();
    let start = Instant::now();
    let output = Box::new(BufWriter::new(io::stdout()));
    let mut interpreter = scheme::over(program.over, output, arguments);
    let end = interpreter.run(&name, &text);
    let objects_left = interpreter.end();
    if program.has_figures {
        compare::tell(start.elapsed(), objects_left);
    }
    match end {
        Ok(()) => 0,
        Err(Stop::Exit(code)) => code,
        Err(Stop::Error(words) | Stop::Incomplete(words)) => {
            eprintln!("scheme: {words}");
            1
        }
    }
}
