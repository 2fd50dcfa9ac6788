//! The command line: which page, and what to look for in it, or to compare.

use std::ffi::OsString;
use std::path::PathBuf;

use lexopt::prelude::*;

use crate::compare::{Job, Pointer};
use crate::over_gc::tree::select::Selector;

pub(crate) const USAGE: &str = "usage: dom [FILE.html] [--select SELECTOR | --compare]";

pub(crate) const HELP: &str = "\
Builds a document whose nodes all hold each other, asks it a question, and takes it apart.

usage: dom [FILE.html] [--select SELECTOR | --compare]

  FILE.html            the page to parse; without it, a handbook that comes with the example
  --select SELECTOR    what to look for; without it, `body h2`
  --compare            builds, searches, changes and drops it over `Gc` and over `Rc`, and tells lines,
                       time, memory and leaks of both
  --help               show this text

A selector is made of tag, *, #id, .class, [attribute] and [attribute=value], written together
where one element is to match all of them; `a b` means b somewhere below a, `a > b` directly below.";

/// What the command line asks for.
#[derive(Debug, PartialEq)]
pub(crate) enum Request {
    Help,
    Page(Args),
    /// None, here and below: the page that comes with the example.
    Compare(Option<PathBuf>),
    /// One of the processes of a comparison.
    Measure(Pointer, Job, Option<PathBuf>),
}

/// The page, and what to look for in it.
#[derive(Debug, PartialEq)]
pub(crate) struct Args {
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
    let mut is_compared = false;
    let (mut over, mut job) = (None, None);
    let mut parser = lexopt::Parser::from_args(arguments);
    while let Some(argument) = parser.next()? {
        match argument {
            Long("help") | Short('h') => return Ok(Request::Help),
            Long("select") if typed.is_none() => typed = Some(parser.value()?.string()?),
            Long("compare") => is_compared = true,
            Long("over") => over = Some(one_of(&Pointer::ALL, &parser.value()?.string()?)?),
            Long("job") => job = Some(one_of(&Job::ALL, &parser.value()?.string()?)?),
            Value(path) if file.is_none() => file = Some(PathBuf::from(path)),
            Value(_) => return Err("only one file can be read".into()),
            Long("select") => return Err("only one selector can be given".into()),
            other => return Err(other.unexpected()),
        }
    }
    match (over, job) {
        _ if (is_compared || over.is_some() || job.is_some()) && typed.is_some() => {
            return Err("a comparison looks for what it chooses".into());
        }
        (Some(over), Some(job)) => return Ok(Request::Measure(over, job, file)),
        (None, None) if is_compared => return Ok(Request::Compare(file)),
        (None, None) => {}
        _ => return Err("a run is told its pointer and its job".into()),
    }
    let typed = typed.unwrap_or_else(|| "body h2".to_owned());
    match typed.parse() {
        Ok(selector) => Ok(Request::Page(Args { file, selector, typed })),
        Err(error) => Err(format!("`{typed}` is no selector: {error}").into()),
    }
}

/// What has this name.
fn one_of<T: Copy>(all: &[(&str, T)], name: &str) -> Result<T, lexopt::Error> {
    let found = all.iter().find(|(known, _)| *known == name);
    Ok(found.ok_or_else(|| format!("there is no `{name}`"))?.1)
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
    fn a_comparison_is_of_one_page() {
        assert_eq!(asked(&["--compare"]), Ok(Request::Compare(None)));
        assert_eq!(asked(&["a.html", "--compare"]), Ok(Request::Compare(Some("a.html".into()))));
        assert_eq!(
            asked(&["--over", "rc", "--job", "in-turn", "--", "a.html"]),
            Ok(Request::Measure(Pointer::Rc, Job::InTurn, Some("a.html".into())))
        );
        assert!(asked(&["--compare", "--select", "p"]).is_err_and(|it| it.contains("it chooses")));
        assert!(asked(&["--over", "rc"]).is_err_and(|it| it.contains("its job")));
        assert_eq!(asked(&["--over", "arc"]), Err("there is no `arc`".into()));
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
