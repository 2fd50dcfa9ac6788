//! The README quotes figures that stand elsewhere. Here they are compared, so that it cannot go stale.

use std::fs;
use std::path::Path;

fn path(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name)
}

fn read(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The cells of a row of a table.
fn cells(line: &str) -> Option<Vec<&str>> {
    let row = line.strip_prefix("| ")?.strip_suffix('|')?;
    Some(row.split('|').map(str::trim).collect())
}

/// What the README shows of a cell of the results: `9.35 (0.88) *leaks*` is `0.88 *leaks*`.
fn ratio(cell: &str) -> String {
    match cell.split_once('(').and_then(|(_, rest)| rest.split_once(')')) {
        Some((ratio, note)) => format!("{ratio}{note}"),
        None => cell.to_owned(),
    }
}

/// The README, with its table of figures as the last run of the benches has them.
fn readme_with_figures_of(results: &str) -> String {
    let rows: Vec<_> = results.lines().filter_map(cells).collect();
    let readme = read("README.md");
    let lines: Vec<_> = readme.lines().collect();
    let head = lines
        .iter()
        .position(|line| line.starts_with("| work | gc-core |"))
        .expect("the README has a table of figures");
    let columns: Vec<_> = cells(lines[head])
        .expect("a row")
        .into_iter()
        .map(|name| rows[0].iter().position(|column| *column == name).expect("a contestant"))
        .collect();
    let mut table = true;
    let lines = lines.iter().enumerate().map(|(number, line)| {
        table &= number < head + 2 || line.starts_with('|');
        if number < head + 2 || !table {
            return format!("{line}\n");
        }
        let work = cells(line).expect("a row")[0];
        let row = rows
            .iter()
            .find(|row| row[0].rsplit_once(", ").is_some_and(|(name, _unit)| name == work))
            .unwrap_or_else(|| panic!("the results have no row {work}"));
        let figures: Vec<_> = columns[1..].iter().map(|&column| ratio(row[column])).collect();
        format!("| {work} | {} |\n", figures.join(" | "))
    });
    lines.collect()
}

/// `BLESS=1 cargo test -p guide` writes the figures of the last run into the README.
#[test]
fn figures_are_those_of_the_last_run() {
    let expected = readme_with_figures_of(&read("benches/RESULTS.md"));
    if std::env::var_os("BLESS").is_some() {
        fs::write(path("README.md"), &expected).expect("the README can be written");
    }
    assert!(read("README.md") == expected, "BLESS=1 cargo test -p guide mends the figures");
}

#[test]
fn minimum_rust_version_is_that_of_the_workspace() {
    let manifest = read("Cargo.toml");
    let version = manifest
        .lines()
        .find_map(|line| line.strip_prefix("rust-version = \"")?.strip_suffix('"'))
        .expect("the workspace has one");
    assert!(read("README.md").contains(&format!("\nRust {version}.\n")), "it is {version}");
}
