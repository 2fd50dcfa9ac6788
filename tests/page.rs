//! The page "When the derive says no" quotes what users read. Here it is compared with what the compiler
//! said in the cases of `ui` and with what the derive says in its own tests, so that it cannot go stale.

use std::path::Path;

/// The topics that are about the derive. (Soundness is not: its messages are the compiler's.)
const TOPICS: [&str; 6] = ["fields", "attributes", "shapes", "ownership", "generics", "handles"];

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What all files in the folder with this ending say, one after the other.
fn read_all(folder: &Path, ending: &str) -> String {
    let files = std::fs::read_dir(folder).expect("the folder is there");
    let files = files.map(|file| file.expect("readable").path());
    let texts = files.filter(|file| file.to_string_lossy().ends_with(ending));
    texts.map(|file| read(&file)).collect()
}

/// The first line of each error in the `.stderr` files, and each message in the derive's own tests.
fn messages() -> Vec<String> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut messages: Vec<String> = Vec::new();
    for topic in TOPICS {
        let text = read_all(&here.join("ui").join(topic), ".stderr");
        messages.extend(text.lines().filter(|line| line.starts_with("error")).map(str::to_owned));
    }
    let text = read_all(&here.join("../gc-derive/tests/refuse"), ".errors.txt");
    let texts = text.lines().filter_map(|line| line.strip_prefix("    "));
    messages.extend(texts.map(|text| format!("error: {text}")));
    messages
}

/// The lines that the page quotes.
fn quotes() -> Vec<String> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = read(&here.join("../gc-core/src/when_the_derive_says_no.md"));
    page.lines().filter(|line| line.starts_with("error")).map(str::to_owned).collect()
}

/// Whether the quote is this message, where `…` stands for any text.
fn says(quote: &str, message: &str) -> bool {
    let Some((first, rest)) = quote.split_once('…') else { return quote == message };
    let Some(mut message) = message.strip_prefix(first) else { return false };
    let parts: Vec<&str> = rest.split('…').collect();
    let (last, between) = parts.split_last().expect("a split has a part");
    for part in between {
        let Some(at) = message.find(part) else { return false };
        message = &message[at + part.len()..];
    }
    message.ends_with(last)
}

#[test]
fn every_message_is_on_the_page() {
    let quotes = quotes();
    let missing: Vec<String> = messages()
        .into_iter()
        .filter(|message| !quotes.iter().any(|quote| says(quote, message)))
        .collect();
    assert!(missing.is_empty(), "not quoted:\n{}", missing.join("\n"));
}

#[test]
fn every_quote_is_a_message() {
    let messages = messages();
    let stale: Vec<String> = quotes()
        .into_iter()
        .filter(|quote| !messages.iter().any(|message| says(quote, message)))
        .collect();
    assert!(stale.is_empty(), "nobody says:\n{}", stale.join("\n"));
}

#[test]
fn a_quote_leaves_out_what_differs() {
    assert!(says("`…` is `…`", "`a` is `b`"));
    assert!(says("plain", "plain") && !says("plain", "plainer"));
    assert!(!says("`…` is `…`; remove it", "`a` is `b`"));
    assert!(!says("`…` was `…`", "`a` is `b`"));
}
