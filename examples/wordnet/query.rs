//! Questions: what a word is a kind of, what else one can say, and what two words have in common.

use std::collections::{HashMap, VecDeque};
use std::fmt::Write;
use std::str::FromStr;

use gc_core::{Gc, ObjectId};

use crate::net::{Net, Relation, Synset, Word};

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Query {
    /// From a word up to what everything is.
    Path(String),
    Synonyms(String),
    /// The nearest thing that both are a kind of.
    Common(String, String),
}

impl FromStr for Query {
    type Err = String;

    /// Reads `path dog`, `synonyms dog` or `common dog,cat`.
    fn from_str(typed: &str) -> Result<Self, String> {
        match typed.split_once(' ') {
            Some(("path", word)) => Ok(Query::Path(word.into())),
            Some(("synonyms", word)) => Ok(Query::Synonyms(word.into())),
            Some(("common", words)) => match words.split_once(',') {
                Some((one, other)) => Ok(Query::Common(one.trim().into(), other.trim().into())),
                None => Err(format!("`{words}` are not two words with a comma between them")),
            },
            _ => Err(format!("`{typed}` is no question")),
        }
    }
}

/// The answer, in lines.
pub(crate) fn answer(net: &Net, query: &Query) -> String {
    let found = |word: &str| net.word(word).ok_or_else(|| format!("  there is no word `{word}`\n"));
    let told = match query {
        Query::Path(word) => found(word).map(|word| paths(&word)),
        Query::Synonyms(word) => found(word).map(|word| synonyms(&word)),
        Query::Common(one, other) => {
            found(one).and_then(|one| found(other).map(|other| common(&one, &other)))
        }
    };
    told.unwrap_or_else(|complaint| complaint)
}

/// For each meaning, the shortest way up.
fn paths(word: &Word) -> String {
    let mut told = String::new();
    for sense in word.senses.borrow().iter() {
        let start = &sense.synset;
        if start.hypernyms().is_empty() {
            continue;
        }
        let above = Above::of(start);
        let top = above.order.iter().find(|synset| synset.hypernyms().is_empty());
        // Where kinds go in a circle there is no top.
        let Some(top) = top else { continue };
        let mut way: Vec<_> = above.way_to(top).iter().map(|synset| synset.words()).collect();
        way.reverse();
        line(&mut told, &way.join(" < "));
    }
    if told.is_empty() { "  it is a kind of nothing\n".into() } else { told }
}

/// For each meaning, the other words, and the opposites.
fn synonyms(word: &Gc<Word>) -> String {
    let mut told = String::new();
    for sense in word.senses.borrow().iter() {
        let others = sense.synset.senses().iter().filter(|other| !Gc::ptr_eq(&other.word, word));
        let others: Vec<_> = others.map(|other| &*other.word.text).collect();
        let pointers = sense.pointers.borrow();
        let opposites = pointers.iter().filter(|pointer| pointer.relation == Relation::Antonym);
        let opposites: Vec<_> = opposites.map(|pointer| &*pointer.to.word.text).collect();
        let mut meaning = others.join(", ");
        if !opposites.is_empty() {
            write!(meaning, " (not {})", opposites.join(", ")).expect("a string takes all");
        }
        if !meaning.is_empty() {
            line(&mut told, &format!("{}: {}", meaning.trim_start(), sense.synset.gloss));
        }
    }
    if told.is_empty() { "  there is no other word\n".into() } else { told }
}

/// The meanings of both that are nearest to each other, by what they have in common.
fn common(one: &Word, other: &Word) -> String {
    let above = |word: &Word| -> Vec<Above> {
        word.senses.borrow().iter().map(|sense| Above::of(&sense.synset)).collect()
    };
    let (ones, others) = (above(one), above(other));
    let mut nearest: Option<(usize, &Above, &Above, &Gc<Synset>)> = None;
    for one in &ones {
        for other in &others {
            for synset in &one.order {
                let (Some(up), Some(down)) = (one.distance(synset), other.distance(synset)) else {
                    continue;
                };
                if nearest.is_none_or(|(steps, ..)| up + down < steps) {
                    nearest = Some((up + down, one, other, synset));
                }
            }
        }
    }
    let Some((_, one, other, synset)) = nearest else { return "  nothing\n".into() };
    let mut told = String::new();
    line(&mut told, &format!("{}: {}", synset.words(), synset.gloss));
    for above in [one, other] {
        let way: Vec<_> = above.way_to(synset).iter().rev().map(|synset| synset.words()).collect();
        line(&mut told, &format!("  {}", way.join(" < ")));
    }
    told
}

fn line(told: &mut String, words: &str) {
    writeln!(told, "  {words}").expect("a string takes all");
}

/// What a synset is a kind of, however indirectly, the nearest first.
struct Above {
    order: Vec<Gc<Synset>>,
    /// By identity: how far it is, and from where it was reached.
    reached: HashMap<ObjectId, (usize, Option<Gc<Synset>>)>,
}

impl Above {
    fn of(start: &Gc<Synset>) -> Self {
        let mut above = Self { order: Vec::new(), reached: HashMap::new() };
        above.reached.insert(Gc::id(start), (0, None));
        let mut waiting = VecDeque::from([start.clone()]);
        while let Some(synset) = waiting.pop_front() {
            let (distance, _) = above.reached[&Gc::id(&synset)];
            for hypernym in synset.hypernyms() {
                above.reached.entry(Gc::id(&hypernym)).or_insert_with(|| {
                    waiting.push_back(hypernym);
                    (distance + 1, Some(synset.clone()))
                });
            }
            above.order.push(synset);
        }
        above
    }

    fn distance(&self, synset: &Gc<Synset>) -> Option<usize> {
        self.reached.get(&Gc::id(synset)).map(|&(distance, _)| distance)
    }

    /// The way from there down to the start.
    fn way_to(&self, synset: &Gc<Synset>) -> Vec<Gc<Synset>> {
        let mut way = vec![synset.clone()];
        while let Some((_, Some(below))) =
            way.last().and_then(|last| self.reached.get(&Gc::id(last)))
        {
            way.push(below.clone());
        }
        way
    }
}
