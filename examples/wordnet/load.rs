//! From the files of the data base to the graph.
//!
//! A line of `data.noun` and its kin is a synset:
//!
//! ```text
//! offset file type words word id … pointers symbol offset type source/target … | gloss
//! ```
//!
//! The offset is its name, which others use in their pointers; the counts of words and the places of source and
//! target are hexadecimal. A place of zero means the synset as a whole.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

use gc_core::{Gc, Heap};

use crate::net::{Net, Pointer, Relation, Sense, Synset};

const FILES: [(char, &str); 4] =
    [('n', "data.noun"), ('v', "data.verb"), ('a', "data.adj"), ('r', "data.adv")];

/// Why there is no graph.
#[derive(Debug)]
pub(crate) enum LoadError {
    Unreadable(PathBuf, io::Error),
    /// The line is not as it should be.
    Malformed {
        file: PathBuf,
        line: usize,
        what: &'static str,
    },
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(file, error) => write!(f, "cannot read {}: {error}", file.display()),
            Self::Malformed { file, line, what } => write!(f, "{}:{line}: {what}", file.display()),
        }
    }
}

/// The name of a synset in the files.
type Name = (char, u32);

/// A pointer as it is written, between a line and its end.
struct Written {
    from: Gc<Synset>,
    relation: Relation,
    to: Name,
    /// The places of the two words, counted from one; none for the synsets themselves.
    places: Option<(usize, usize)>,
    file: &'static str,
    line: usize,
}

/// Loads the folder's files into objects of the heap.
pub(crate) fn load(heap: &Heap, folder: &Path) -> Result<Gc<Net>, LoadError> {
    // Until all is tied there is no garbage to look for.
    let _pause = heap.pause();
    let mut net = Net::new();
    let mut by_name = HashMap::new();
    let mut written = Vec::new();
    for (kind, name) in FILES {
        let file = folder.join(name);
        let text = fs::read_to_string(&file)
            .map_err(|error| LoadError::Unreadable(file.clone(), error))?;
        for (n, line) in text.lines().enumerate() {
            // The licence, in front of all.
            if line.starts_with(' ') || line.is_empty() {
                continue;
            }
            let mut loader =
                Loader { heap, net: &net, written: &mut written, file: name, line: n + 1 };
            let (offset, synset) = loader.synset(line).ok_or_else(|| LoadError::Malformed {
                file: file.clone(),
                line: n + 1,
                what: "this is no synset",
            })?;
            by_name.insert((kind, offset), synset.clone());
            net.synsets.push(synset);
        }
    }
    // A pointer may lead to what comes later, so they are tied when all are there.
    for pointer in written {
        let (file, line) = (folder.join(pointer.file), pointer.line);
        tie(&by_name, pointer).ok_or(LoadError::Malformed {
            file,
            line,
            what: "a pointer leads to nothing",
        })?;
    }
    Ok(Gc::new_in(heap, net))
}

struct Loader<'a> {
    heap: &'a Heap,
    net: &'a Net,
    written: &'a mut Vec<Written>,
    file: &'static str,
    line: usize,
}

impl Loader<'_> {
    /// Makes the synset of a line, with its senses. Its pointers are noted.
    fn synset(&mut self, line: &str) -> Option<(u32, Gc<Synset>)> {
        let (data, gloss) = line.split_once(" | ")?;
        let mut fields = data.split(' ');
        let offset = fields.next()?.parse().ok()?;
        let (_file, _kind) = (fields.next()?, fields.next()?);
        let synset = Gc::new_in(
            self.heap,
            Synset {
                gloss: gloss.trim_end().into(),
                senses: Default::default(),
                pointers: Default::default(),
            },
        );
        let words = usize::from_str_radix(fields.next()?, 16).ok()?;
        let mut senses = Vec::with_capacity(words);
        for _ in 0..words {
            let (spelling, _id) = (fields.next()?, fields.next()?);
            senses.push(self.sense(&synset, spelling));
        }
        let is_first = synset.senses.set(senses.into()).is_ok();
        debug_assert!(is_first, "a new synset has no senses yet");
        let pointers: usize = fields.next()?.parse().ok()?;
        for _ in 0..pointers {
            let relation = match fields.next()? {
                "@" | "@i" => Relation::Hypernym,
                "!" => Relation::Antonym,
                _ => Relation::Other,
            };
            let offset = fields.next()?.parse().ok()?;
            let kind = fields.next()?.chars().next()?;
            let (from, to) = fields.next().filter(|p| p.len() == 4)?.split_at_checked(2)?;
            let from_place = usize::from_str_radix(from, 16).ok()?;
            let to_place = usize::from_str_radix(to, 16).ok()?;
            self.written.push(Written {
                from: synset.clone(),
                relation,
                to: (kind, offset),
                places: (from_place > 0).then_some((from_place, to_place)),
                file: self.file,
                line: self.line,
            });
        }
        Some((offset, synset))
    }

    fn sense(&self, synset: &Gc<Synset>, spelling: &str) -> Gc<Sense> {
        // An adjective's place in a sentence may follow in parentheses.
        let spelling = spelling.split_once('(').map_or(spelling, |(spelling, _)| spelling);
        let word = self.net.word_or_new(self.heap, spelling);
        let sense = Gc::new_in(
            self.heap,
            Sense { word: word.clone(), synset: synset.clone(), pointers: Default::default() },
        );
        word.senses.borrow_mut().push(sense.clone());
        sense
    }
}

fn tie(by_name: &HashMap<Name, Gc<Synset>>, written: Written) -> Option<()> {
    let Written { from, relation, to, places, .. } = written;
    let to = by_name.get(&to)?;
    match places {
        None => from.pointers.borrow_mut().push(Pointer { relation, to: to.clone() }),
        Some((from_place, to_place)) => {
            let from = from.senses().get(from_place - 1)?;
            let to = to.senses().get(to_place.checked_sub(1)?)?.clone();
            from.pointers.borrow_mut().push(Pointer { relation, to });
        }
    }
    Some(())
}
