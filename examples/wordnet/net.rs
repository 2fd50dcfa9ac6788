//! The graph: sets of synonyms, their words, and how they hold each other.
//!
//! ```text
//!   Synset ◄──► Sense ◄──► Word        each arrow is a strong handle
//!     ▲ │         ▲ │
//!     └─┘         └─┘                  pointers: is a, is part of, is the opposite of …
//! ```

use std::cell::{OnceCell, RefCell};

use gc_core::{Gc, Heap, Trace, WeakValueMap};

/// All of it. The synsets are held; a word is held by its senses alone, and found through an index that
/// holds nothing.
#[derive(Trace)]
pub(crate) struct Net {
    pub(crate) synsets: Vec<Gc<Synset>>,
    index: WeakValueMap<Box<str>, Word>,
}

/// What one or more words mean.
#[derive(Trace)]
pub(crate) struct Synset {
    pub(crate) gloss: Box<str>,
    pub(crate) senses: OnceCell<Box<[Gc<Sense>]>>,
    pub(crate) pointers: RefCell<Vec<Pointer<Synset>>>,
}

/// A word in one of its meanings.
#[derive(Trace)]
pub(crate) struct Sense {
    pub(crate) word: Gc<Word>,
    pub(crate) synset: Gc<Synset>,
    /// Those that hold for this word of the synset alone.
    pub(crate) pointers: RefCell<Vec<Pointer<Sense>>>,
}

/// A word, whatever it means.
#[derive(Trace)]
pub(crate) struct Word {
    /// As it is written, without underscores.
    pub(crate) text: Box<str>,
    pub(crate) senses: RefCell<Vec<Gc<Sense>>>,
}

/// What leads from one to another.
#[derive(Trace)]
pub(crate) struct Pointer<T: Trace> {
    pub(crate) relation: Relation,
    pub(crate) to: Gc<T>,
}

/// The kinds of pointers that questions are about.
#[derive(Trace, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Relation {
    /// A dog is an animal; this dog is an instance of dog.
    Hypernym,
    /// Hot, cold.
    Antonym,
    Other,
}

impl Net {
    pub(crate) fn new() -> Self {
        Self { synsets: Vec::new(), index: WeakValueMap::new() }
    }

    /// The word of this spelling, in which case and spaces do not matter.
    pub(crate) fn word(&self, spelling: &str) -> Option<Gc<Word>> {
        self.index.get(&*key(spelling))
    }

    /// The word of this spelling, a new one if there is none.
    pub(crate) fn word_or_new(&self, heap: &Heap, spelling: &str) -> Gc<Word> {
        self.index.get_or_insert_with(key(spelling).into(), || {
            let text = spelling.replace('_', " ").into();
            Gc::new_in(heap, Word { text, senses: RefCell::default() })
        })
    }

    /// How many words the index finds.
    pub(crate) fn word_count(&self) -> usize {
        self.index.len()
    }

    pub(crate) fn figures(&self) -> Figures {
        let mut figures =
            Figures { synsets: self.synsets.len(), words: self.word_count(), ..Figures::default() };
        for synset in &self.synsets {
            let senses = synset.senses();
            figures.senses += senses.len();
            figures.pointers += synset.pointers.borrow().len();
            figures.pointers += senses.iter().map(|s| s.pointers.borrow().len()).sum::<usize>();
        }
        // The root's to synsets; between synset and sense, and sense and word, both ways; pointers.
        figures.handles = figures.synsets + 4 * figures.senses + figures.pointers;
        figures
    }
}

/// How much there is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Figures {
    pub(crate) synsets: usize,
    pub(crate) senses: usize,
    pub(crate) words: usize,
    pub(crate) pointers: usize,
    pub(crate) handles: usize,
}

impl Figures {
    /// Synsets, senses, words, and the net itself.
    pub(crate) fn objects(&self) -> usize {
        self.synsets + self.senses + self.words + 1
    }
}

fn key(spelling: &str) -> String {
    spelling.to_lowercase().replace(' ', "_")
}

impl Synset {
    pub(crate) fn senses(&self) -> &[Gc<Sense>] {
        self.senses.get().map_or(&[], |senses| senses)
    }

    /// What it is a kind of.
    pub(crate) fn hypernyms(&self) -> Vec<Gc<Synset>> {
        let pointers = self.pointers.borrow();
        let upwards = pointers.iter().filter(|pointer| pointer.relation == Relation::Hypernym);
        upwards.map(|pointer| pointer.to.clone()).collect()
    }

    /// Its words, in a line.
    pub(crate) fn words(&self) -> String {
        let words: Vec<_> = self.senses().iter().map(|sense| &*sense.word.text).collect();
        words.join(", ")
    }
}
