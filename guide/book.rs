//! The book hangs together: its summary and its links.

use std::fs;
use std::path::{Path, PathBuf};

use super::CHAPTERS;

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn read(name: &str) -> String {
    let path = source().join(name).with_extension("md");
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The name under which a heading can be linked to, as mdbook makes it.
fn anchor(line: &str) -> Option<String> {
    let heading = line.strip_prefix('#')?.trim_start_matches('#').trim();
    let kept = heading.chars().filter_map(|letter| match letter {
        ' ' => Some('-'),
        '-' | '_' => Some(letter),
        other => other.is_alphanumeric().then(|| other.to_ascii_lowercase()),
    });
    Some(kept.collect())
}

#[test]
fn summary_lists_the_chapters_that_are_tested() {
    let summary = read("SUMMARY");
    let listed: Vec<_> =
        summary.lines().filter_map(|line| line.split_once("](")?.1.strip_suffix(".md)")).collect();
    assert_eq!(listed, CHAPTERS);
}

#[test]
fn every_file_is_a_chapter() {
    let files = fs::read_dir(source()).expect("the folder is there");
    for file in files {
        let path = file.expect("readable").path();
        let name = path.file_stem().expect("files have names").to_string_lossy();
        assert!(name == "SUMMARY" || CHAPTERS.contains(&&*name), "{name} is in no list");
    }
}

#[test]
fn links_between_chapters_lead_to_headings() {
    for chapter in CHAPTERS {
        let text = read(chapter);
        let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        for link in links.filter(|link| !link.starts_with("https://")) {
            let (file, place) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { chapter } else { file.trim_end_matches(".md") };
            assert!(CHAPTERS.contains(&target), "{chapter} links to {link}");
            let found = place.is_empty()
                || read(target).lines().filter_map(anchor).any(|heading| heading == place);
            assert!(found, "{chapter} links to {link}");
        }
    }
}
