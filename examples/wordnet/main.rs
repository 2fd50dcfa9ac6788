//! WordNet, a real graph full of cycles, from birth to death.
//!
//! ```text
//! examples/wordnet/fetch target/wordnet
//! cargo run --release --example wordnet -- target/wordnet [QUESTION …]
//! ```
//!
//! The data base has 117 791 sets of synonyms, 207 272 senses of words, and 378 203 pointers among them, in both
//! directions nearly all: what is a kind of what, part of what, the opposite of what. Here synsets, senses and words
//! hold each other by strong handles, and an index finds words without holding them. Questions are answered;
//! then the one handle to the whole is dropped, and a sweep takes exactly all of it.
//!
//! `net` is the graph, `load` makes it of the files, `query` asks it.

#![forbid(unsafe_code)]

mod net;
mod load;
mod query;

#[path = "../figures.rs"]
mod figures;

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use gc_core::Heap;

use figures::{counted, grouped};
use load::LoadError;
use query::Query;

const USAGE: &str = "usage: wordnet FOLDER [QUESTION …]

  FOLDER      with data.noun, data.verb, data.adj and data.adv (examples/wordnet/fetch gets them)
  QUESTION    \"path dog\", \"synonyms dog\" or \"common dog,cat\"; without any, some of each";

const QUESTIONS: [&str; 4] = ["path dog", "synonyms fast", "common dog,cat", "common whale,teapot"];

/// What a wrong command line and unreadable files end with.
const WRONG_INPUT: u8 = 2;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((folder, typed)) =
        arguments.split_first().filter(|(folder, _)| !folder.starts_with('-'))
    else {
        eprintln!("{USAGE}");
        return ExitCode::from(WRONG_INPUT);
    };
    let defaults = QUESTIONS.map(str::to_owned);
    let typed = if typed.is_empty() { &defaults[..] } else { typed };
    let queries: Result<Vec<Query>, String> = typed.iter().map(|typed| typed.parse()).collect();
    let queries = match queries {
        Ok(queries) => queries,
        Err(error) => {
            eprintln!("wordnet: {error}\n{USAGE}");
            return ExitCode::from(WRONG_INPUT);
        }
    };
    match tell(Path::new(folder), &queries, &mut io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Trouble::Load(error)) => {
            eprintln!("wordnet: {error}");
            ExitCode::from(WRONG_INPUT)
        }
        // Whoever reads the other end of the pipe has seen enough.
        Err(Trouble::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(Trouble::Output(error)) => {
            eprintln!("wordnet: cannot write: {error}");
            ExitCode::FAILURE
        }
    }
}

enum Trouble {
    Load(LoadError),
    Output(io::Error),
}

impl From<LoadError> for Trouble {
    fn from(error: LoadError) -> Self {
        Self::Load(error)
    }
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// The graph's life. Every figure that is told is also asserted.
fn tell(folder: &Path, queries: &[Query], out: &mut impl Write) -> Result<(), Trouble> {
    let heap = Heap::new();

    let start = Instant::now();
    let net = load::load(&heap, folder)?;
    let time = start.elapsed();
    let figures = net.figures();
    assert_eq!(heap.live_count(), figures.objects(), "the walk and the heap disagree");
    writeln!(
        out,
        "{}, {}, {} and {}, loaded in {time:.0?}",
        counted(figures.synsets, "synset"),
        counted(figures.senses, "sense"),
        counted(figures.words, "word"),
        counted(figures.pointers, "pointer"),
    )?;
    writeln!(
        out,
        "  {} with {} to each other, in {} of the heap",
        counted(figures.objects(), "object"),
        counted(figures.handles, "handle"),
        counted(heap.stats().live_bytes, "byte"),
    )?;

    for query in queries {
        let start = Instant::now();
        let answer = query::answer(&net, query);
        writeln!(out, "\n{query:?} ({:.1?})", start.elapsed())?;
        write!(out, "{answer}")?;
    }

    // One sweep with all alive, so that what the last one costs is what the garbage costs.
    heap.set_auto_collect(false);
    let idle = heap.collect();
    assert_eq!(idle.collected, 0, "something was garbage while the net held it");

    let live = heap.live_count();
    let start = Instant::now();
    drop(net);
    let dropped = start.elapsed();
    let by_count = live - heap.live_count();
    let sweep = heap.collect();
    assert_eq!(by_count + sweep.collected, live, "the sweep took too few or too many");
    assert_eq!(heap.live_count(), 0, "something outlived the net");
    let each = sweep.duration.as_nanos() / sweep.collected.max(1) as u128;
    writeln!(out, "\nlet go of the net")?;
    writeln!(
        out,
        "  died by count, with the last handle {:>9}   in {dropped:.1?}",
        grouped(by_count)
    )?;
    writeln!(
        out,
        "  held each other until the sweep     {:>9}   in {:.1?}, {each} ns an object",
        grouped(sweep.collected),
        sweep.duration,
    )?;
    writeln!(out, "the heap is empty: {} objects live", heap.live_count())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A data base of a page: nouns, verbs, adjectives and an adverb, with pointers of each sort.
    fn excerpt() -> &'static Path {
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/wordnet/excerpt"))
    }

    fn answered(typed: &str) -> String {
        let heap = Heap::new();
        let net = load::load(&heap, excerpt()).unwrap_or_else(|error| panic!("{error}"));
        query::answer(&net, &typed.parse().expect("a question"))
    }

    #[test]
    fn the_story_comes_to_its_end_and_nothing_is_left() {
        let mut out = Vec::new();
        let queries = QUESTIONS.map(|typed| typed.parse().expect("a question"));
        assert!(tell(excerpt(), &queries, &mut out).is_ok());
        let told = String::from_utf8(out).expect("text");
        assert!(
            told.starts_with("19 synsets, 26 senses, 24 words and 39 pointers, loaded in "),
            "{told}"
        );
        assert!(told.contains("  70 objects with 162 handles to each other"), "{told}");
        assert!(told.contains("the last handle         1 "), "{told}");
        assert!(told.contains("until the sweep            69 "), "{told}");
        assert!(told.ends_with("the heap is empty: 0 objects live\n"), "{told}");
    }

    #[test]
    fn a_path_leads_to_the_top_from_each_meaning() {
        assert_eq!(
            answered("path dog"),
            "  dog, domestic dog < canine < animal, beast < thing\n  \
             scoundrel, dog < person < animal, beast < thing\n"
        );
        assert_eq!(
            answered("path Domestic Dog"),
            "  dog, domestic dog < canine < animal, beast < thing\n"
        );
        assert_eq!(answered("path quickly"), "  it is a kind of nothing\n");
    }

    #[test]
    fn synonyms_come_with_their_opposites() {
        assert_eq!(
            answered("synonyms fast"),
            "  quick (not slow): moving or able to move at a high rate\n  quickly: at a high rate\n"
        );
        assert_eq!(answered("synonyms teapot"), "  there is no other word\n");
        assert_eq!(answered("synonyms unheard"), "  there is no word `unheard`\n");
    }

    #[test]
    fn what_two_words_have_in_common_is_the_nearest() {
        assert_eq!(
            answered("common dog,cat"),
            "  animal, beast: what lives and moves\n    dog, domestic dog < canine < animal, beast\n    \
             cat < feline < animal, beast\n"
        );
        assert_eq!(
            answered("common dog, teapot").lines().next(),
            Some("  thing: whatever there is")
        );
        assert_eq!(answered("common dog,quickly"), "  nothing\n");
    }

    #[test]
    fn the_index_keeps_no_word() {
        let heap = Heap::new();
        heap.set_auto_collect(false);
        let mut net = load::load(&heap, excerpt()).unwrap_or_else(|error| panic!("{error}"));
        let word = net.word("teapot").expect("it is in the excerpt");
        let weak = gc_core::Gc::downgrade(&word);
        drop(word);
        gc_core::Gc::get_mut(&mut net).expect("the only handle").synsets.clear();
        heap.collect();
        assert!(weak.is_dead());
        assert_eq!((net.word_count(), heap.live_count()), (0, 1));
    }

    #[test]
    fn what_is_wrong_with_a_file_is_told_with_its_line() {
        let folder = std::env::temp_dir().join(format!("wordnet-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let error = |noun: &str| {
            for name in ["data.verb", "data.adj", "data.adv"] {
                std::fs::write(folder.join(name), "").expect("a file");
            }
            std::fs::write(folder.join("data.noun"), noun).expect("a file");
            let told = load::load(&Heap::new(), &folder).err().expect("an error").to_string();
            told.rsplit('/').next().expect("a file's name").to_owned()
        };
        assert_eq!(error("  licence\n00000001 03 n 0x thing"), "data.noun:2: this is no synset");
        assert_eq!(
            error("00000001 03 n 01 thing 0 001 @ 00000002 n 0000 | whatever there is  "),
            "data.noun:1: a pointer leads to nothing"
        );
        assert_eq!(
            error("00000001 03 n 01 thing 0 001 ! 00000001 n 0102 | whatever there is  "),
            "data.noun:1: a pointer leads to nothing"
        );
        std::fs::remove_file(folder.join("data.noun")).expect("it was there");
        let missing = load::load(&Heap::new(), &folder).err().expect("an error");
        assert!(matches!(missing, LoadError::Unreadable(..)));
        std::fs::remove_dir_all(folder).expect("the folder goes");
    }

    #[test]
    fn what_is_no_question_is_refused() {
        assert_eq!("path".parse::<Query>(), Err("`path` is no question".into()));
        assert!("common dog".parse::<Query>().is_err_and(|error| error.contains("comma")));
    }
}
