//! Leaves that lead somewhere after all: an object of a leaf type that is a member of a weak container
//! whose entry for it may hold handles.
//!
//! Such a leaf is tracked from its first such entry on: it can be part of a cycle (the value of a map
//! holds the very string that is its key), so it can be a suspect. Pages of leaves have no room to note
//! suspects, so these form a list of their own, which noting needs no memory for. Few leaves are ever
//! tracked, and those that are not cost nothing.

use std::cell::Cell;
use std::ptr::NonNull;

use crate::object::{LEAF, ObjectRef, REMAINS, SUSPECT};
use crate::side::Side;
use crate::state::HeapState;

/// The place of a tracked leaf in its heap's list of suspects. Belongs to its side table.
pub(crate) struct TrackedLeaf {
    object: ObjectRef,
    is_suspect: Cell<bool>,
    prev: Cell<Option<TrackedLeafRef>>,
    next: Cell<Option<TrackedLeafRef>>,
}

/// Whether an object's entries lead somewhere, that is, may hold handles; if it is of a leaf type, then
/// with its place among the suspects.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Leads(Option<TrackedLeafRef>);

impl Leads {
    pub(crate) const NOWHERE: Self = Self(None);
    /// For an object that was tracked before.
    const ANYWAY: Self = Self(Some(TrackedLeafRef(NonNull::dangling())));

    fn place(self) -> Option<TrackedLeafRef> {
        if self == Self::ANYWAY { None } else { self.0 }
    }

    pub(crate) fn is_of_a_leaf(self) -> bool {
        self.place().is_some()
    }
}

/// A tracked leaf's place.
///
/// # Invariants
/// L1. `self.0` comes from a box that the leaf's side table owns, which is there: a suspect leaves the
///     list when that table goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct TrackedLeafRef(NonNull<TrackedLeaf>);

impl TrackedLeafRef {
    fn leaf(self) -> &'static TrackedLeaf {
        // SAFETY: L1. It is all cells; the reference is used at once: this function is private.
        unsafe { self.0.as_ref() }
    }
}

/// The object's entries lead somewhere from now on. A leaf becomes a tracked object.
pub(crate) fn track(object: ObjectRef) {
    let side = Side::get_or_make(object);
    if side.leads.get() != Leads::NOWHERE {
        return;
    }
    if !object.has(LEAF) {
        side.leads.set(Leads::ANYWAY);
        return;
    }
    let leaf = TrackedLeaf {
        object,
        is_suspect: Cell::new(false),
        prev: Cell::new(None),
        next: Cell::new(None),
    };
    let leaf = TrackedLeafRef(NonNull::from(Box::leak(Box::new(leaf))));
    side.leads.set(Leads(Some(leaf)));
    object.clear(LEAF);
    if object.has(SUSPECT) {
        // It has more handles than an armed count can tell.
        mark_suspect(object);
    }
    let heap = object.page().heap();
    heap.tracked_leaves.set(heap.tracked_leaves.get() + 1);
    heap.count_birth();
}

/// The object's side table goes: gives back the place of a leaf.
pub(crate) fn release(leads: Leads) {
    let Some(leaf) = leads.place() else { return };
    take_off(leaf);
    let object = leaf.leaf().object;
    let heap = object.page().heap();
    // From here on it is a leaf, and freed as one. Remains were counted out when they became that.
    object.set(LEAF);
    if !object.has(REMAINS) {
        heap.count_death();
    }
    heap.tracked_leaves.set(heap.tracked_leaves.get() - 1);
    // SAFETY: L1, and the side table has let go of it.
    drop(unsafe { Box::from_raw(leaf.0.as_ptr()) });
}

fn place_of(object: ObjectRef) -> Option<TrackedLeafRef> {
    Side::get(object).and_then(|side| side.leads.get().place())
}

/// Notes that a tracked leaf is a suspect.
#[cold]
pub(crate) fn mark_suspect(object: ObjectRef) {
    let place = place_of(object).expect("leaves are never suspects, but those that are tracked");
    if place.leaf().is_suspect.replace(true) {
        return;
    }
    let first = object.page().heap().leaf_suspects.replace(Some(place));
    place.leaf().next.set(first);
    if let Some(first) = first {
        first.leaf().prev.set(Some(place));
    }
}

/// Notes that a tracked leaf is no suspect any more.
pub(crate) fn unmark_suspect(object: ObjectRef) {
    // At the end of an object its side table goes first.
    if let Some(place) = place_of(object) {
        take_off(place);
    }
}

/// Takes a leaf off the list of suspects, if it is on it.
fn take_off(place: TrackedLeafRef) {
    if !place.leaf().is_suspect.replace(false) {
        return;
    }
    let (prev, next) = (place.leaf().prev.take(), place.leaf().next.take());
    if let Some(next) = next {
        next.leaf().prev.set(prev);
    }
    match prev {
        Some(prev) => prev.leaf().next.set(next),
        None => place.leaf().object.page().heap().leaf_suspects.set(next),
    }
}

/// Whether this tracked leaf is noted as a suspect.
pub(crate) fn is_marked(object: ObjectRef) -> bool {
    place_of(object).is_some_and(|place| place.leaf().is_suspect.get())
}

/// Every tracked leaf that is a suspect. They are not sorted by generations: a judgement has a look at
/// all of them.
pub(crate) fn suspects(heap: &HeapState) -> impl Iterator<Item = ObjectRef> {
    std::iter::successors(heap.leaf_suspects.get(), |place| place.leaf().next.get())
        .map(|place| place.leaf().object)
}
