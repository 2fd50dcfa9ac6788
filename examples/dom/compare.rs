//! The same document over `Gc` and over `Rc`: lines, time, memory, leaks. Each run is a process of its own,
//! so that each peak of memory is that run's.

use std::fmt::Write;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

use crate::figures::grouped;
use crate::{over_gc, over_rc};

/// How often each is run, the two in turns. The one in the middle counts.
const ROUNDS: usize = 5;

/// How much is parsed in a run, in bytes. A smaller page is parsed more than once.
const ENOUGH: usize = 4 << 20;

/// What a run does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Job {
    /// All copies of the page are there at once.
    Together,
    /// One is dropped before the next is made; listeners hold their elements.
    InTurn,
}

impl Job {
    pub(crate) const ALL: [(&str, Job); 2] =
        [("together", Job::Together), ("in-turn", Job::InTurn)];

    fn name(self) -> &'static str {
        let name = Self::ALL.into_iter().find(|&(_, job)| job == self);
        name.expect("all are there").0
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Pointer {
    Gc,
    Rc,
}

impl Pointer {
    pub(crate) const ALL: [(&str, Pointer); 2] = [("gc", Pointer::Gc), ("rc", Pointer::Rc)];
}

/// What a run took and came to, by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Figures(Vec<(String, u64)>);

impl Figures {
    pub(crate) fn set(&mut self, name: &str, figure: u64) {
        self.0.push((name.to_owned(), figure));
    }

    pub(crate) fn get(&self, name: &str) -> Option<u64> {
        self.0.iter().find(|(known, _)| known == name).map(|&(_, figure)| figure)
    }

    fn to_lines(&self) -> String {
        self.0.iter().map(|(name, figure)| format!("{name}: {figure}\n")).collect()
    }

    fn from_lines(lines: &str) -> Option<Self> {
        let read = |line: &str| {
            let (name, figure) = line.split_once(": ")?;
            Some((name.to_owned(), figure.parse().ok()?))
        };
        lines.lines().map(read).collect::<Option<Vec<_>>>().map(Self)
    }
}

/// How many copies of a page are enough to be measured.
fn copies(page: &[u8]) -> usize {
    (ENOUGH / page.len().max(1)).clamp(1, 1000)
}

fn run(over: Pointer, job: Job, page: &[u8], copies: usize) -> Figures {
    match over {
        Pointer::Gc => over_gc::job::run(job, page, copies),
        Pointer::Rc => over_rc::job::run(job, page, copies),
    }
}

/// What one of the processes does: its job, and tells the figures.
pub(crate) fn measure(over: Pointer, job: Job, page: &[u8]) -> String {
    let mut figures = run(over, job, page, copies(page));
    if let Some(peak) = peak_kib() {
        figures.set("peak, KiB", peak);
    }
    figures.to_lines()
}

/// The most memory that this process has had at once, where the system tells.
fn peak_kib() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

/// Runs both jobs over both pointers, and tells how they compare.
pub(crate) fn compare(name: &str, page: &[u8], file: Option<&Path>) -> Result<String, String> {
    let mut told = head(name, page);
    for (_, job) in Job::ALL {
        let mut rounds = Vec::new();
        for _ in 0..ROUNDS {
            let [gc, rc] = Pointer::ALL.map(|(pointer, _)| run_apart(pointer, job, file));
            rounds.push([gc?, rc?]);
        }
        told += &table(job, &rounds)?;
    }
    Ok(told)
}

fn run_apart(pointer: &str, job: Job, file: Option<&Path>) -> Result<Figures, String> {
    let own = env::current_exe().map_err(|error| error.to_string())?;
    let mut command = Command::new(own);
    command.args(["--over", pointer, "--job", job.name()]).arg("--").args(file);
    let output = command.output().map_err(|error| error.to_string())?;
    let figures = Figures::from_lines(&String::from_utf8_lossy(&output.stdout));
    match figures {
        Some(figures) if output.status.success() => Ok(figures),
        _ => {
            let words = String::from_utf8_lossy(&output.stderr);
            Err(format!("over {pointer}: {}, {}", output.status, words.trim_end()))
        }
    }
}

fn head(name: &str, page: &[u8]) -> String {
    let (gc, rc) = (lines_for_gc(), lines_for_rc());
    let copies = grouped(copies(page));
    let mut head =
        format!("{name}, {copies} times in each run, of {ROUNDS} the one in the middle\n\n");
    writeln!(head, "{:<24}{:>12}{:>12}{:>10}", "", "Gc", "Rc", "Gc / Rc").expect("a string");
    writeln!(head, "{:<24}{gc:>12}{rc:>12}", "lines for the pointer").expect("a string");
    head
}

fn table(job: Job, rounds: &[[Figures; 2]]) -> Result<String, String> {
    let mut table = String::from(match job {
        Job::Together => "\nall at once\n",
        Job::InTurn => "\none after the other, with listeners that hold their elements\n",
    });
    let [first, other] = rounds.first().ok_or("there was no round")?;
    for (name, _) in &first.0 {
        if other.get(name).is_none() {
            return Err(format!("over rc nothing is told of `{name}`"));
        }
        let figure = |figures: &Figures| figures.get(name).unwrap_or(0) as f64;
        let [gc, rc] = [0, 1].map(|n| median(rounds.iter().map(|round| figure(&round[n]))));
        let (unit, scale) = match name.split_once(", ") {
            Some((_, "us")) => ("ms", 1000.0),
            Some((_, "KiB")) => ("MiB", 1024.0),
            _ => {
                // What was done is the same for both; what is left may not be.
                if name != "nodes left" && gc != rc {
                    return Err(format!("{name}: {gc} over gc, {rc} over rc"));
                }
                let (gc, rc) = (grouped(gc as usize), grouped(rc as usize));
                writeln!(table, "  {name:<22}{gc:>12}{rc:>12}").expect("a string");
                continue;
            }
        };
        let name = format!("{}, {unit}", name.split(", ").next().unwrap_or(name));
        let ratio = median(rounds.iter().map(|[gc, rc]| figure(gc) / figure(rc).max(1.0)));
        let (gc, rc) = (gc / scale, rc / scale);
        writeln!(table, "  {name:<22}{gc:>12.1}{rc:>12.1}{ratio:>10.2}").expect("a string");
    }
    Ok(table)
}

/// The one in the middle.
fn median(numbers: impl Iterator<Item = f64>) -> f64 {
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

/// The document's own source, which is the same for both.
const SHARED: [&str; 6] = [
    include_str!("tree/node.rs"),
    include_str!("tree/change.rs"),
    include_str!("tree/events.rs"),
    include_str!("tree/sink.rs"),
    include_str!("tree/select.rs"),
    include_str!("job.rs"),
];

/// What `Gc` needs: each line of the document that speaks of tracing.
fn lines_for_gc() -> usize {
    let shared = SHARED.into_iter().flat_map(code_lines);
    shared.filter(|line| line.contains("Trace") || line.contains("#[trace")).count()
}

/// What `Rc` needs: weak links, and drops without recursion.
fn lines_for_rc() -> usize {
    code_lines(include_str!("over_rc/links.rs")).count()
}

/// The lines that are no comments, not blank, and no tests.
fn code_lines(source: &str) -> impl Iterator<Item = &str> {
    let lines = source.lines().map(str::trim).take_while(|line| *line != "#[cfg(test)]");
    lines.filter(|line| !line.is_empty() && !line.starts_with("//"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &[u8] = b"<p>a<p>b <a href=x>c</a><ul><li>d";

    #[test]
    fn both_pointers_do_the_same_and_only_listeners_over_rc_leak() {
        let [gc, rc] = [Pointer::Gc, Pointer::Rc].map(|over| run(over, Job::Together, PAGE, 3));
        assert_eq!((gc.get("nodes left"), rc.get("nodes left")), (Some(0), Some(0)));
        // html, head, body, p, p, a, ul, li: all but two are below body, two are paragraphs, one a link.
        assert_eq!((gc.get("changed"), gc.get("found")), (Some(9), rc.get("found")));
        let [gc, rc] = [Pointer::Gc, Pointer::Rc].map(|over| run(over, Job::InTurn, PAGE, 3));
        assert_eq!((gc.get("heard"), gc.get("nodes left")), (rc.get("heard"), Some(0)));
        // All eight elements and four texts of each page: all but the document.
        assert_eq!(rc.get("nodes left"), Some(3 * 12));
    }

    #[test]
    fn figures_are_read_as_they_are_told() {
        let mut figures = Figures::default();
        figures.set("build, us", 1500);
        figures.set("nodes left", 0);
        assert_eq!(Figures::from_lines(&figures.to_lines()), Some(figures));
        assert_eq!(Figures::from_lines("dom: cannot"), None);
    }

    #[test]
    fn the_table_tells_medians_and_their_ratios() {
        let round = |gc: u64, rc: u64| {
            [gc, rc].map(|us| {
                let mut figures = Figures::default();
                figures.set("build, us", us);
                figures.set("peak, KiB", 2048);
                figures.set("nodes left", us);
                figures
            })
        };
        let rounds = [round(1000, 2000), round(9000, 3000), round(3000, 1000)];
        let told = table(Job::Together, &rounds).expect("a table");
        let lines: Vec<&str> = told.lines().collect();
        assert_eq!(lines[2], "  build, ms                      3.0         2.0      3.00");
        assert_eq!(lines[3], "  peak, MiB                      2.0         2.0      1.00");
        assert_eq!(lines[4], "  nodes left                   3 000       2 000");
        let mut different = round(1, 1);
        different[0].set("found", 5);
        different[1].set("found", 6);
        assert_eq!(table(Job::Together, &[different]), Err("found: 5 over gc, 6 over rc".into()));
    }

    #[test]
    fn code_lines_are_no_comments_and_no_tests() {
        let source = "//! A file.\n\n/// A function.\nfn f() {}\n#[cfg(test)]\nmod tests {}\n";
        assert_eq!(code_lines(source).collect::<Vec<_>>(), ["fn f() {}"]);
        assert!(lines_for_gc() > 10 && lines_for_rc() > 40);
    }
}
