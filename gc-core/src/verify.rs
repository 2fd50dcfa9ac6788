//! Checks a heap's data against each other: every invariant that can be seen from outside a step.
//!
//! For tests, and for the collector's own doubts: with `--cfg gc_verify` it runs before and after
//! each collection.

use std::collections::{HashMap, HashSet};
use std::fmt::Debug;

use crate::any::edges_of;
use crate::entry::entries_of;
use crate::object::{EXCLUSIVE, FROZEN, IN_SET, LEAF, Life, ObjectRef, REACHED, REMAINS, SUSPECT};
use crate::page::PageRef;
use crate::settings::Generation;
use crate::side::Side;
use crate::state::HeapState;
use crate::tracked_leaf;

#[cfg(test)]
#[allow(unsafe_code)] // implements `Trace`, and misuses a page
mod tests;

/// What does not hold. Empty: the heap is sound.
#[derive(Default)]
pub(crate) struct Problems(Vec<String>);

impl Problems {
    fn check<T: PartialEq + Debug>(&mut self, what: &str, found: T, expected: T) {
        if found != expected {
            self.0.push(format!("{what}: {found:?}, should be {expected:?}"));
        }
    }

    fn check_object(&mut self, object: ObjectRef, what: &str, holds: bool) {
        if !holds {
            self.0.push(format!(
                "object <{} at {:p}>, {:?}, {} handles: {what} does not hold",
                object.type_name(),
                object.value(),
                object.life(),
                object.refs(),
            ));
        }
    }

    /// # Panics
    /// If something does not hold.
    pub(crate) fn raise(self) {
        assert!(self.0.is_empty(), "the heap is broken:\n{}", self.0.join("\n"));
    }
}

/// Sums over the heap, to compare with its counters.
#[derive(Default)]
struct Sums {
    tracked: usize,
    tracked_leaves: usize,
    frozen: usize,
    remains: usize,
    pages: usize,
    bytes: usize,
}

/// Checks everything. Runs no user code but `Trace`.
pub(crate) fn verify(heap: &HeapState) -> Problems {
    let mut problems = Problems::default();
    let mut sums = Sums::default();
    let mut objects = HashSet::new();
    let mut pages = Vec::new();
    heap.store.for_each_page(|page| pages.push(page));
    let mut losses: HashSet<_> = heap.store.losses.entries().collect();
    let written = losses.len();
    losses.retain(|loss| pages.contains(&loss.page()) && loss.page().is_tracked());
    problems.check("losses elsewhere than on pages of tracked objects", written - losses.len(), 0);
    for &page in &pages {
        sums.pages += 1;
        sums.bytes += page.bytes();
        check_page(&mut problems, page);
        for object in page.objects() {
            objects.insert(object);
            check_object(&mut problems, &mut sums, heap, &losses, object);
        }
    }
    check_edges(&mut problems, &objects);
    heap.store.verify(|what, found, expected| problems.check(what, found, expected));
    problems.check("tracked objects", heap.live(), sums.tracked);
    problems.check("tracked leaves", heap.tracked_leaves.get(), sums.tracked_leaves);
    problems.check("frozen objects", heap.frozen.get(), sums.frozen);
    problems.check("remains", heap.store.remains.get(), sums.remains);
    problems.check("pages", heap.store.pages(), sums.pages);
    problems.check("bytes", heap.store.bytes(), sums.bytes);
    problems
}

/// P3, and what the chunk notes of the page.
fn check_page(problems: &mut Problems, page: PageRef) {
    // One slot too many, where the list leads back into itself.
    let free: Vec<_> = page.free_slots().take(page.carved() as usize + 1).collect();
    let distinct: HashSet<_> = free.iter().copied().collect();
    problems.check("distinct free slots of a page", distinct.len(), free.len());
    problems.check("used slots of a page", page.objects().count(), page.used() as usize);
    let all = page.used() as usize + free.len();
    problems.check("slots of a page that were carved", all, page.carved() as usize);
    let strangers = free.iter().filter(|&&slot| slot.page() != page || slot.life() != Life::Free);
    problems.check("free slots that are not the page's, or not free", strangers.count(), 0);
    #[cfg(feature = "stress")]
    free.iter().for_each(|&slot| crate::stress::check_poison(slot));
    if page.is_tracked() {
        for generation in Generation::ALL {
            let noted =
                page.chunk().pages_with_suspects(generation.index()).any(|other| other == page);
            let mut any = false;
            page.suspects_up_to(generation.index(), false, |_| any = true);
            problems.check(
                "a page with suspects that its chunk does not note",
                any && !noted,
                false,
            );
        }
    }
}

fn check_object(
    problems: &mut Problems,
    sums: &mut Sums,
    heap: &HeapState,
    losses: &HashSet<ObjectRef>,
    object: ObjectRef,
) {
    let life = object.life();
    let page = object.page();
    let is_tracked_leaf = Side::get(object).is_some_and(|side| side.leads.get().is_of_a_leaf());
    problems.check_object(object, "being a leaf, on a page of leaves", {
        object.has(LEAF) != (page.is_tracked() || is_tracked_leaf)
    });
    sums.tracked_leaves += usize::from(is_tracked_leaf);
    // Other empty ones are in the middle of their end, or of their making.
    if life == Life::Empty && object.has(REMAINS) {
        sums.remains += 1;
        problems.check_object(object, "no flag of the living", !object.has(SUSPECT | FROZEN));
        return;
    }
    sums.tracked += usize::from(!object.has(LEAF));
    sums.frozen += usize::from(object.has(FROZEN));
    problems.check_object(object, "the flag of a suspect on the frozen", {
        !object.has(FROZEN) || object.has(SUSPECT)
    });
    if !heap.is_judging() {
        problems.check_object(object, "no mark of a judgement", !object.has(IN_SET | REACHED));
    }
    if life == Life::Alive {
        // A death by count has its object empty or doomed before anybody can look.
        problems.check_object(object, "a living object has a handle", object.refs() != 0);
        problems.check_object(
            object,
            "a count in the form of its flags",
            object.has_count_in_form(),
        );
        if object.has(SUSPECT) && !object.has(FROZEN) {
            let mut marked =
                losses.contains(&object) || is_tracked_leaf && tracked_leaf::is_marked(object);
            if page.is_tracked() {
                let old = Generation::Old.index();
                page.suspects_up_to(old, false, |other| marked |= other == object);
            }
            problems.check_object(
                object,
                "a suspect is written down, or marked on its page",
                marked,
            );
        }
    }
    let ours =
        entries_of(object).all(|entry| entry.member() == object && entry.registry().is_some());
    problems.check_object(object, "entries of weak containers are its own, and theirs", ours);
}

/// No object has fewer handles than edges lead to it.
fn check_edges(problems: &mut Problems, objects: &HashSet<ObjectRef>) {
    let mut edges: HashMap<ObjectRef, u32> = HashMap::new();
    for &object in objects {
        if object.life() == Life::Alive && !object.has(EXCLUSIVE) {
            for edge in edges_of(object) {
                *edges.entry(edge).or_default() += 1;
            }
        }
    }
    for (&object, &count) in &edges {
        let holds = object.life() != Life::Free && object.refs() >= count;
        problems.check_object(object, "a handle for each edge", holds);
    }
}
