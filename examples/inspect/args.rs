//! The command line: what to read, and what to write.

use std::ffi::OsString;
use std::path::PathBuf;

use lexopt::prelude::*;

pub(crate) const USAGE: &str = "usage: inspect [PAGE.html] [--read FILE.html] [--tui] \
[--devtools FILE] [--json FILE] [--dot FILE]";

pub(crate) const HELP: &str = "\
Parses a page into a document, plants a leak in it, and finds it.

usage: inspect [PAGE.html] [--read FILE.html] [--tui] [--devtools FILE] [--json FILE] [--dot FILE]

  PAGE.html          the page to write: the heap drawn, types, the path to the leak, pauses
  --read FILE.html   the page to parse; without it, a handbook that comes with the examples
  --tui              browse the heap in the terminal
  --devtools FILE    write a .heapsnapshot for the Memory tab of Chrome DevTools
  --json FILE        write the heap as lines of JSON
  --dot FILE         write what is around the leak for Graphviz
  --help             show this text";

/// What the command line asks for.
#[derive(Debug, PartialEq)]
pub(crate) enum Request {
    Help,
    Look(Args),
}

/// What to read, and what to write.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Args {
    pub(crate) page: Option<PathBuf>,
    /// None: the page that comes with the examples.
    pub(crate) read: Option<PathBuf>,
    pub(crate) tui: bool,
    pub(crate) devtools: Option<PathBuf>,
    pub(crate) json: Option<PathBuf>,
    pub(crate) dot: Option<PathBuf>,
}

/// Reads the arguments, without the program's name.
pub(crate) fn read(
    arguments: impl IntoIterator<Item = OsString>,
) -> Result<Request, lexopt::Error> {
    let mut args = Args::default();
    let mut parser = lexopt::Parser::from_args(arguments);
    while let Some(argument) = parser.next()? {
        let place = match argument {
            Long("help") | Short('h') => return Ok(Request::Help),
            Long("tui") => {
                args.tui = true;
                continue;
            }
            Value(path) if args.page.is_none() => {
                args.page = Some(path.into());
                continue;
            }
            Value(_) => return Err("only one page can be written".into()),
            Long("read") => &mut args.read,
            Long("devtools") => &mut args.devtools,
            Long("json") => &mut args.json,
            Long("dot") => &mut args.dot,
            other => return Err(other.unexpected()),
        };
        *place = Some(parser.value()?.into());
    }
    Ok(Request::Look(args))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_come_in_any_order() {
        let words = ["--tui", "a.html", "--dot", "d", "--read=r.html"].map(OsString::from);
        let path = |path: &str| Some(PathBuf::from(path));
        let expected = Args {
            page: path("a.html"),
            read: path("r.html"),
            tui: true,
            dot: path("d"),
            ..Args::default()
        };
        assert_eq!(read(words).ok(), Some(Request::Look(expected)));
        assert!(read(["a", "b"].map(OsString::from)).is_err());
        assert!(read(["--what".into()]).is_err());
    }
}
