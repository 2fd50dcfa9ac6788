//! The command line: what to run, and over which pointer.

use std::ffi::OsString;
use std::path::PathBuf;

use lexopt::prelude::*;

pub(crate) const USAGE: &str =
    "usage: scheme [--over gc|rc] [--figures] [--compare] [FILE.scm [ARGUMENT …]]";

pub(crate) const HELP: &str = "\
Runs a Scheme program. Without one, it is a prompt.

usage: scheme [--over gc|rc] [--figures] [--compare] [FILE.scm [ARGUMENT …]]

  FILE.scm          the program; it finds the arguments behind it in (command-line)
  --over gc|rc      the pointer that the interpreter is made of: gc (so if nothing is said), or rc,
                    which leaks what is on a cycle
  --figures         tells time, peak of memory and objects left on standard error
  --compare         runs the program over both, and tells how they compare
  --help            show this text";

/// What the command line asks for.
#[derive(Debug, PartialEq)]
pub(crate) enum Request {
    Help,
    Prompt(Pointer),
    Run(Program),
    Compare(Program),
}

#[derive(Debug, PartialEq)]
pub(crate) struct Program {
    pub(crate) file: PathBuf,
    pub(crate) arguments: Vec<OsString>,
    pub(crate) over: Pointer,
    pub(crate) has_figures: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Pointer {
    Gc,
    Rc,
}

impl Pointer {
    pub(crate) const ALL: [Pointer; 2] = [Pointer::Gc, Pointer::Rc];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Pointer::Gc => "gc",
            Pointer::Rc => "rc",
        }
    }
}

/// Reads the arguments, without the program's name.
pub(crate) fn read(
    arguments: impl IntoIterator<Item = OsString>,
) -> Result<Request, lexopt::Error> {
    let mut over = Pointer::Gc;
    let (mut has_figures, mut is_compared) = (false, false);
    let mut parser = lexopt::Parser::from_args(arguments);
    while let Some(argument) = parser.next()? {
        match argument {
            Long("help") | Short('h') => return Ok(Request::Help),
            Long("over") => {
                let name = parser.value()?.string()?;
                let known = Pointer::ALL.into_iter().find(|pointer| pointer.name() == name);
                over = known.ok_or_else(|| format!("there is no pointer `{name}`"))?;
            }
            Long("figures") => has_figures = true,
            Long("compare") => is_compared = true,
            Value(file) => {
                // What follows is the program's own.
                let arguments = parser.raw_args()?.collect();
                let program = Program { file: file.into(), arguments, over, has_figures };
                return Ok(if is_compared {
                    Request::Compare(program)
                } else {
                    Request::Run(program)
                });
            }
            other => return Err(other.unexpected()),
        }
    }
    if has_figures || is_compared {
        return Err("there is no program to take figures of".into());
    }
    Ok(Request::Prompt(over))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(arguments: &[&str]) -> Result<Request, String> {
        read(arguments.iter().map(OsString::from)).map_err(|error| error.to_string())
    }

    #[test]
    fn what_follows_the_file_is_the_programs() {
        let program = Program {
            file: "a.scm".into(),
            arguments: vec!["--over".into(), "5".into()],
            over: Pointer::Rc,
            has_figures: true,
        };
        let typed = ["--figures", "--over", "rc", "a.scm", "--over", "5"];
        assert_eq!(asked(&typed), Ok(Request::Run(program)));
        assert_eq!(asked(&[]), Ok(Request::Prompt(Pointer::Gc)));
        assert_eq!(asked(&["--help", "--what"]), Ok(Request::Help));
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        assert_eq!(asked(&["--over", "arc"]), Err("there is no pointer `arc`".into()));
        assert!(asked(&["--what"]).is_err_and(|error| error.contains("--what")));
        assert!(asked(&["--compare"]).is_err_and(|error| error.contains("no program")));
    }
}
