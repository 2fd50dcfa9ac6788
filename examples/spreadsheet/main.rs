//! A spreadsheet, whose cells know whom they refer to and who refers to them, and whose history shares what
//! its versions have in common.
//!
//! ```text
//! cargo run --release --example spreadsheet -- [FILE]
//! ```
//!
//! `FILE` is a script of commands, one a line. Without it the sheet is a table in the terminal, or takes
//! commands from whatever standard input is. `help` lists them.
//!
//! The handles between cells go both ways and are strong, and so are those between a version and the ones
//! before and after it. What nobody needs any more dies by count where it can: a blank cell with the last
//! formula that referred to it. A branch of the history, and the whole sheet, hold themselves; the sweep
//! takes them, and at the end the heap is empty, which is asserted.
//!
//! `place` says where, `entry` reads what is typed, `code` computes it to a `value`. `cell` is the graph,
//! `recalculate` goes through it and finds cycles, `map` is what versions share, `sheet` has both. `command`
//! talks, `table` draws.

#![forbid(unsafe_code)]

mod table;
mod command;
mod sheet;
mod recalculate;
mod cell;
mod code;
mod entry;
mod value;
mod map;
mod place;
#[path = "../figures.rs"]
mod figures;

#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::{env, fs};

use lexopt::prelude::*;

use command::{Answer, COMMANDS, Session};

const USAGE: &str = "usage: spreadsheet [FILE]";

/// What a wrong command line and an unreadable file end with.
const WRONG_INPUT: u8 = 2;

fn main() -> ExitCode {
    let file = match read_arguments(env::args_os().skip(1)) {
        Ok(Request::Help) => {
            println!("A spreadsheet.\n\n{USAGE}\n\n  FILE   commands, one a line:\n\n{COMMANDS}");
            return ExitCode::SUCCESS;
        }
        Ok(Request::Run(file)) => file,
        Err(error) => {
            eprintln!("spreadsheet: {error}\n{USAGE}");
            return ExitCode::from(WRONG_INPUT);
        }
    };
    let mut session = Session::new();
    let (mut out, mut errors) = (io::stdout().lock(), io::stderr().lock());
    let done = match file {
        Some(path) => {
            let name = path.display().to_string();
            match fs::read(&path) {
                Ok(text) => run(&mut session, &name, &*text, &mut out, &mut errors),
                Err(error) => {
                    eprintln!("spreadsheet: cannot read {name}: {error}");
                    return ExitCode::from(WRONG_INPUT);
                }
            }
        }
        None if io::stdin().is_terminal() && io::stdout().is_terminal() => {
            table::show(&mut session).map(|()| true)
        }
        None => {
            let input = BufReader::new(io::stdin());
            run(&mut session, "standard input", input, &mut out, &mut errors)
        }
    };
    assert_eq!(session.end(), 0, "something outlived the sheet");
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        // Whoever reads the other end of the pipe has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("spreadsheet: {error}");
            ExitCode::FAILURE
        }
    }
}

enum Request {
    Help,
    Run(Option<PathBuf>),
}

fn read_arguments(arguments: impl IntoIterator<Item = OsString>) -> Result<Request, lexopt::Error> {
    let mut file = None;
    let mut parser = lexopt::Parser::from_args(arguments);
    while let Some(argument) = parser.next()? {
        match argument {
            Long("help") | Short('h') => return Ok(Request::Help),
            Value(path) if file.is_none() => file = Some(path.into()),
            Value(_) => return Err("only one file can be read".into()),
            other => return Err(other.unexpected()),
        }
    }
    Ok(Request::Run(file))
}

/// Carries out the lines one by one. A wrong one is told with its number, and the others go on. Gives
/// whether all were right.
fn run(
    session: &mut Session,
    name: &str,
    lines: impl BufRead,
    out: &mut impl Write,
    errors: &mut impl Write,
) -> io::Result<bool> {
    let mut is_right = true;
    for (n, line) in lines.split(b'\n').enumerate() {
        let answer = match String::from_utf8(line?) {
            Ok(line) => session.answer(&line),
            Err(_) => Err("this is no UTF-8".to_owned()),
        };
        match answer {
            Ok(Answer::Text(text)) => out.write_all(text.as_bytes())?,
            Ok(Answer::End) => break,
            Err(error) => {
                is_right = false;
                writeln!(errors, "spreadsheet: {name}:{}: {error}", n + 1)?;
            }
        }
        // Somebody may wait for the answer.
        out.flush()?;
    }
    Ok(is_right)
}

#[cfg(test)]
mod arguments {
    use super::*;

    fn asked(arguments: &[&str]) -> Result<Option<PathBuf>, String> {
        match read_arguments(arguments.iter().map(OsString::from)) {
            Ok(Request::Run(file)) => Ok(file),
            Ok(Request::Help) => Err("help".to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }

    #[test]
    fn one_file_is_read_or_none() {
        assert_eq!(asked(&[]), Ok(None));
        assert_eq!(asked(&["a.txt"]), Ok(Some("a.txt".into())));
        assert_eq!(asked(&["--help"]), Err("help".into()));
        assert_eq!(asked(&["a", "b"]), Err("only one file can be read".into()));
        assert!(asked(&["--what"]).is_err_and(|error| error.contains("--what")));
    }
}
