//! Why is this still alive? A document with a planted leak, and all ways to find it.
//!
//! ```text
//! cargo run --release --example inspect -- [PAGE.html] [--read FILE.html] [--tui]
//!     [--devtools FILE.heapsnapshot] [--json FILE.jsonl] [--dot FILE.dot]
//! ```
//!
//! The page of the example `dom` is parsed into nodes that all hold each other. Then a section is taken
//! out of the document, but a history that nobody remembers still holds it: a leak. And some nodes are
//! let go of as a cycle, which no collection has met yet. Printed are a histogram, what has grown, the
//! path to the leak and the report on the cycle; with a file's name as argument the same is written as
//! one page to look at, and with `--tui` it is browsed in the terminal.
//!
//! The files, each with its one job: `scene` builds the document and the leak, `page` writes the page
//! (`page.html` is its frame), `tui` is the terminal form, `args` reads the command line.

/// The document of the example `dom`, over `Gc`.
#[path = "."]
#[allow(dead_code, reason = "another example, which does more with it")]
mod document {
    /// The names under which the document knows its pointers.
    #[allow(unused_imports, reason = "not all of them are used here")]
    pub(crate) mod pointer {
        pub(crate) use gc_core::{
            Gc, GcFn as Closure, Heap, Slot, Slot as Back, Trace, gc_fn as closure,
        };
    }

    #[path = "../dom/tree/mod.rs"]
    pub(crate) mod tree;
}
mod scene;
mod page;
mod tui;
mod args;

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;
use std::{env, fs};

use gc_core::{Heap, PauseLog};

use args::{Args, Request};
use scene::Scene;

/// The page that comes with the example.
const HANDBOOK: &[u8] = include_bytes!("../pages/handbook.html");

/// What a wrong command line and an unreadable file end with.
const WRONG_INPUT: u8 = 2;

fn main() -> ExitCode {
    let args = match args::read(env::args_os().skip(1)) {
        Ok(Request::Look(args)) => args,
        Ok(Request::Help) => {
            println!("{}", args::HELP);
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("inspect: {error}\n{}", args::USAGE);
            return ExitCode::from(WRONG_INPUT);
        }
    };
    let html = match &args.read {
        None => HANDBOOK.to_vec(),
        Some(path) => match fs::read(path) {
            Ok(html) => html,
            Err(error) => {
                eprintln!("inspect: cannot read {}: {error}", path.display());
                return ExitCode::from(WRONG_INPUT);
            }
        },
    };
    match look(&html, &args, &mut io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads the other end of the pipe has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("inspect: {error}");
            ExitCode::FAILURE
        }
    }
}

fn look(html: &[u8], args: &Args, out: &mut impl Write) -> io::Result<()> {
    let heap = Heap::new();
    let pauses = PauseLog::new(&heap, 1000);
    let Scene { document, history, leaked, before, after } = Scene::play(&heap, html);

    writeln!(out, "what there is\n{}", after.histogram())?;
    writeln!(out, "what has grown since the document was parsed\n{}", after.diff(&before))?;
    let path = after.why_alive(&leaked);
    match &path {
        Some(path) => writeln!(out, "why the section that was taken out is alive\n  {path}\n")?,
        None => writeln!(out, "the section that was taken out is garbage\n")?,
    }
    let report = heap.find_unreachable();
    writeln!(out, "what a collection would find\n{report}")?;

    if let Some(file) = &args.page {
        let mut file = BufWriter::new(File::create(file)?);
        page::write(&mut file, &after, path.as_ref(), &report, &pauses.entries())?;
        file.flush()?;
    }
    let created = |path| Ok::<_, io::Error>(BufWriter::new(File::create(path)?));
    if let Some(path) = &args.devtools {
        after.write_heapsnapshot(created(path)?)?;
    }
    if let Some(path) = &args.json {
        let mut file = created(path)?;
        after.write_json_lines(&mut file)?;
        file.flush()?;
    }
    if let Some(path) = &args.dot {
        write!(created(path)?, "{}", after.dot_of(&leaked).both_ways().depth(3))?;
    }
    if args.tui {
        tui::browse(&after)?;
    }

    assert_eq!(heap.collect().collected, report.garbage().count(), "the dry run was right");
    drop((document, history));
    heap.collect();
    heap.assert_empty();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_planted_leak_is_named_by_its_fields() {
        let mut out = Vec::new();
        let Ok(Request::Look(args)) = args::read([]) else { panic!("no arguments are fine") };
        look(HANDBOOK, &args, &mut out).expect("a vector takes all");
        let text = String::from_utf8(out).expect("UTF-8");
        assert!(text.contains("\n  History.visited[0] → Node.last → Node\n"), "{text}");
        assert!(text.contains("could be Weak: "), "{text}");
        assert!(text.contains("+1 ") && text.contains("History"), "{text}");
    }
}
