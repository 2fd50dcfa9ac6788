//! The command line: which page, and what to look for in it.

use std::ffi::OsString;
use std::path::PathBuf;

use lexopt::prelude::*;

use crate::select::Selector;

pub(crate) const USAGE: &str = "usage: dom [FILE.html] [--select SELECTOR]";

pub(crate) const HELP: &str = "\
Builds a document whose nodes all hold each other, asks it a question, and takes it apart.

usage: dom [FILE.html] [--select SELECTOR]

  FILE.html            the page to parse; without it, a handbook that comes with the example
  --select SELECTOR    what to look for; without it, `body h2`
  --help               show this text

A selector is made of tag, *, #id, .class, [attribute] and [attribute=value], written together
where one element is to match all of them; `a b` means b somewhere below a, `a > b` directly below.";

/// What the command line asks for.
#[derive(Debug, PartialEq)]
pub(crate) enum Request {
    Help,
    Page(Args),
}

/// The page, and what to look for in it.
#[derive(Debug, PartialEq)]
pub(crate) struct Args {
    /// None: the page that comes with the example.
    pub(crate) file: Option<PathBuf>,
    pub(crate) selector: Selector,
    /// The selector as it was typed.
    pub(crate) typed: String,
}

/// Reads the arguments, without the program's name.
pub(crate) fn read(
    arguments: impl IntoIterator<Item = OsString>,
) -> Result<Request, lexopt::Error> {
    let mut file = None;
    let mut typed = None;
    let mut parser = lexopt::Parser::from_args(arguments);
    while let Some(argument) = parser.next()? {
        match argument {
            Long("help") | Short('h') => return Ok(Request::Help),
            Long("select") if typed.is_none() => typed = Some(parser.value()?.string()?),
            Value(path) if file.is_none() => file = Some(PathBuf::from(path)),
            Value(_) => return Err("only one file can be read".into()),
            Long("select") => return Err("only one selector can be given".into()),
            other => return Err(other.unexpected()),
        }
    }
    let typed = typed.unwrap_or_else(|| "body h2".to_owned());
    match typed.parse() {
        Ok(selector) => Ok(Request::Page(Args { file, selector, typed })),
        Err(error) => Err(format!("`{typed}` is no selector: {error}").into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(arguments: &[&str]) -> Result<Request, String> {
        read(arguments.iter().map(OsString::from)).map_err(|error| error.to_string())
    }

    fn page(file: Option<&str>, typed: &str) -> Result<Request, String> {
        let selector = typed.parse().expect("a selector");
        Ok(Request::Page(Args { file: file.map(PathBuf::from), selector, typed: typed.into() }))
    }

    #[test]
    fn file_and_selector_have_defaults_and_come_in_any_order() {
        assert_eq!(asked(&[]), page(None, "body h2"));
        assert_eq!(asked(&["a.html"]), page(Some("a.html"), "body h2"));
        assert_eq!(asked(&["--select", "p > a", "a.html"]), page(Some("a.html"), "p > a"));
        assert_eq!(asked(&["a.html", "--select=p"]), page(Some("a.html"), "p"));
        assert_eq!(asked(&["--", "--select"]), page(Some("--select"), "body h2"));
        assert_eq!(asked(&["--help", "--what"]), Ok(Request::Help));
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        assert_eq!(asked(&["a", "b"]), Err("only one file can be read".into()));
        assert_eq!(
            asked(&["--select=a", "--select=b"]),
            Err("only one selector can be given".into())
        );
        assert!(asked(&["--select"]).is_err_and(|error| error.contains("missing argument")));
        assert!(asked(&["--what"]).is_err_and(|error| error.contains("--what")));
        assert_eq!(
            asked(&["--select", "p >"]),
            Err("`p >` is no selector: wanted a tag, `*`, `#id`, `.class` or `[attribute]` at character 4".into())
        );
    }
}
