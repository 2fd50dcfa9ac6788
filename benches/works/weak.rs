//! Weak containers: an interner, and notes on objects by identity. Only ours has them; beside it stands
//! what a program with `Rc` does instead.

use std::collections::HashMap;
use std::hint::black_box;
use std::rc::{Rc, Weak};

use gc_core::{Gc, Interner, WeakKeyMap};

use super::random::Random;
use super::{Out, time};

/// Runs the work of this name with ours; false if there is none.
pub(crate) fn ours(work: &str, out: &Out) -> bool {
    match work {
        "intern" => {
            let names = Interner::<str>::new();
            intern(out, |word| names.intern(word));
            assert!(names.len() <= HELD);
        }
        "note" => {
            let objects: Vec<_> = (0..OBJECTS).map(|n| Gc::new(n as u64)).collect();
            let notes: WeakKeyMap<u64, u64> = objects.iter().map(|key| (key, **key)).collect();
            look_up(out, &objects, |key| *notes.get(key).expect("each has one"));
        }
        _ => return false,
    }
    true
}

/// The same with `Rc`: weak handles in a map, purged by hand when it has doubled; and a map by address,
/// from which nothing goes by itself.
pub(crate) fn with_rc(work: &str, out: &Out) -> bool {
    match work {
        "intern" => {
            let (mut names, mut purge_at) = (HashMap::<Box<str>, Weak<str>>::new(), 1024);
            intern(out, |word| {
                if let Some(present) = names.get(word).and_then(Weak::upgrade) {
                    return present;
                }
                if names.len() >= purge_at {
                    names.retain(|_, name| name.strong_count() > 0);
                    purge_at = 1024.max(2 * names.len());
                }
                let name = Rc::<str>::from(word);
                names.insert(word.into(), Rc::downgrade(&name));
                name
            });
        }
        "note" => {
            let objects: Vec<_> = (0..OBJECTS).map(|n| Rc::new(n as u64)).collect();
            let notes: HashMap<_, _> = objects.iter().map(|key| (Rc::as_ptr(key), **key)).collect();
            look_up(out, &objects, |key| notes[&Rc::as_ptr(key)]);
        }
        _ => return false,
    }
    true
}

/// Words that are held at a time.
const HELD: usize = 10_000;
/// Words that there are: some three in four look-ups make a new one.
const WORDS: usize = 40_000;

/// Interns words at random, and holds the last ones.
fn intern<H>(out: &Out, mut intern: impl FnMut(&str) -> H) {
    const TURN: usize = 10_000;
    let words: Vec<_> = (0..WORDS).map(|n| format!("word number {n}")).collect();
    let mut random = Random::new();
    let mut held: Vec<_> = words[..HELD].iter().map(|word| intern(word)).collect();
    let ns = out.repeat(TURN, || {
        time(|| {
            for place in &mut held[..TURN] {
                *place = intern(&words[random.below(WORDS)]);
            }
        })
    });
    out.value("intern", ns);
}

const OBJECTS: usize = 100_000;

/// Looks up what was noted for objects, in an order that is not that of their addresses.
fn look_up<H>(out: &Out, objects: &[H], note: impl Fn(&H) -> u64) {
    let mut order: Vec<usize> = (0..OBJECTS).collect();
    Random::new().shuffle(&mut order);
    let sum = || order.iter().map(|&place| note(&objects[place])).sum::<u64>();
    assert_eq!(sum(), (OBJECTS as u64 - 1) * OBJECTS as u64 / 2);
    let ns = out.repeat(OBJECTS, || time(|| _ = black_box(sum())));
    out.value("note", ns);
}
