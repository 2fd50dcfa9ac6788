//! Takes a snapshot: a list of the objects first, then what each one tells.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::inspector::{Found, Record};
use super::kept::{self, KeptEdge};
use super::mix::MixMap;
use super::snapshot::{Edges, Entry, Snapshot, Types};
use crate::any::ObjectId;
use crate::heap::Heap;
use crate::object::{EXCLUSIVE, FROZEN, LEAF, ObjectRef};
use crate::page::{PAGE, PageRef};
use crate::reclaim::release;
use crate::state::HeapRef;

impl Heap {
    /// A picture of the heap: its objects, their edges by name, types, sizes, counts.
    ///
    /// Taking it changes nothing, runs no code of the program but `Trace`, and works anywhere: in a
    /// finalizer, in a drop, in the middle of a collection. It costs a visit to each object and each
    /// edge. The picture keeps nothing alive.
    ///
    /// # What is in it?
    ///
    /// Every object whose value can be used, of tracked and of leaf types, frozen ones and garbage that
    /// no collection has met yet. Left out is what is at its end or being made, and what somebody has
    /// `&mut` to; what those hold counts as held from outside. So does what a value hides: a skipped
    /// field, a cell that is mutably borrowed, a closure, an `Rc`.
    ///
    /// # What of weak containers?
    ///
    /// What a [`WeakKeyMap`](crate::WeakKeyMap) keeps for a key is held by map and key together. Here it
    /// is the key that has the edge, and the edge is called after the map: `Node.(in Document.notes)`, or
    /// `(in a weak map)` if no object of the heap owns the map. So a value is retained by its key, and
    /// never a reason for its key to be alive. If the map is garbage and the key is not, the edge is the
    /// map's: `Document.notes[#3]`. A [`WeakValueMap`](crate::WeakValueMap) and its keys are told likewise.
    ///
    /// ```
    /// use gc_core::{Gc, Heap, Slot, Trace};
    ///
    /// #[derive(Trace)]
    /// struct Node {
    ///     name: String,
    ///     next: Slot<Node>,
    /// }
    ///
    /// let heap = Heap::new();
    /// let node = |name: &str, next| Gc::new_in(&heap, Node { name: name.to_owned(), next });
    /// let last = node("last", Slot::empty());
    /// let first = node("first", Slot::from(last.clone()));
    ///
    /// let snapshot = heap.snapshot();
    /// assert_eq!(snapshot.len(), 2);
    /// let last = snapshot.find(&last).unwrap();
    /// assert_eq!((last.strong_count(), last.external_count()), (2, 1));
    /// assert_eq!(last.owned_bytes(), "last".len());
    /// assert_eq!(last.referrers().next().unwrap().to_string(), "Node.next → Node");
    /// # drop(first);
    /// ```
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        take(self.state())
    }
}

fn take(heap: HeapRef) -> Snapshot {
    if heap.is_judging() {
        // Only a `Trace` that breaks its contract comes here, while headers hold other things.
        heap.misbehaved.set(true);
        return Snapshot::default();
    }
    let mut objects = Vec::new();
    let mut pages = pages(&heap);
    pages.sort_unstable_by_key(|page| page.addr());
    for &page in &pages {
        let shown = page.objects().filter(|o| o.can_upgrade() && !o.has(EXCLUSIVE));
        objects.extend(shown);
    }
    let mut types = Types::default();
    let mut entries: Vec<_> = objects.iter().map(|&object| entry(&mut types, object)).collect();
    let places = Places::of(&objects);
    let pins = Pins::new(heap, &objects);
    let mut record = Record::default();
    let (mut edges, mut weak, mut kept) = (Edges::default(), Edges::default(), Vec::new());
    for ((number, &object), entry) in (0..).zip(&objects).zip(&mut entries) {
        // A hand-written `Trace` may panic; the panic hook tells of it. What the object holds counts as
        // held from outside then.
        let told = catch_unwind(AssertUnwindSafe(|| record.look_at(object, number)));
        if told.is_err() {
            record.forget();
            entry.is_opaque = true;
        }
        entry.owned = record.owned;
        for Found { target, label, is_weak, kept: by } in record.found.drain(..) {
            let Some(target) = places.of_object(target) else { continue };
            match by {
                _ if is_weak => weak.push(target, label),
                Some(by) => kept.push(KeptEdge { by, target, label }),
                None => edges.push(target, label),
            }
        }
        edges.end_object();
        weak.end_object();
    }
    // What is left are containers that no object owns, or none that was asked.
    for &object in &objects {
        let noted = catch_unwind(AssertUnwindSafe(|| record.note_containers_for(object)));
        drop(noted); // It panics again below.
    }
    for (&object, entry) in objects.iter().zip(&mut entries) {
        let told = catch_unwind(AssertUnwindSafe(|| record.look_at_entries_of(object)));
        if told.is_err() {
            record.forget();
            entry.is_opaque = true;
        }
        for Found { target, label, is_weak, kept: by } in record.found.drain(..) {
            if let (Some(target), Some(by), false) = (places.of_object(target), by, is_weak) {
                kept.push(KeptEdge { by, target, label });
            }
        }
    }
    drop(pins);
    let external = external_counts(&entries, &edges, &kept);
    let mut labels = record.labels;
    if !kept.is_empty() {
        let number = |object| places.of_object(object);
        let graph = kept::Graph::new(&edges, &external, &kept, &record.outer, number);
        let name = |owner: u32| types.name_of(entries[owner as usize].kind);
        edges = graph.with_all_edges(&mut labels, name);
    }
    labels.finish();
    Snapshot::new(entries, types, labels, edges, weak, external)
}

/// Handles less edges, for each object.
fn external_counts(entries: &[Entry], edges: &Edges, kept: &[KeptEdge]) -> Vec<usize> {
    let mut counts: Vec<_> = entries.iter().map(|entry| entry.strong).collect();
    let kept = kept.iter().map(|edge| edge.target);
    for target in edges.targets().iter().copied().chain(kept) {
        let count = &mut counts[target as usize];
        // A hand-written `inspect` may name more edges than there are handles.
        *count = count.saturating_sub(1);
    }
    counts
}

fn pages(heap: &HeapRef) -> Vec<PageRef> {
    let mut pages = Vec::new();
    heap.store.for_each_page(|page| pages.push(page));
    pages
}

/// What the header tells, with no code of the program run.
fn entry(types: &mut Types, object: ObjectRef) -> Entry {
    Entry {
        address: object.addr(),
        kind: types.number_of(object.info()),
        generation: object.generation(),
        is_tracked: !object.has(LEAF),
        is_frozen: object.has(FROZEN),
        is_opaque: false,
        strong: object.strong_count(),
        bytes: object.page().slot_size(),
        owned: 0,
        id: ObjectId::known(object),
        #[cfg(feature = "alloc-sites")]
        site: object.page().heap().sites.of(object),
    }
}

/// Handles to objects that have to stay while a `Trace` looks at them, even one that drops what it must not. Without that
/// nothing has changed when the pins go.
struct Pins {
    heap: HeapRef,
    objects: Vec<ObjectRef>,
}

impl Pins {
    fn new(heap: HeapRef, objects: &[ObjectRef]) -> Self {
        heap.hold();
        heap.set_judging(true);
        // One handle more would make the last of these immortal; the immortal need no pin.
        let pinnable = |object: &ObjectRef| object.refs() < i32::MAX.cast_unsigned();
        let objects = objects.iter().copied().filter(pinnable).map(ObjectRef::add_ref).collect();
        Self { heap, objects }
    }
}

impl Drop for Pins {
    fn drop(&mut self) {
        self.heap.set_judging(false);
        for object in std::mem::take(&mut self.objects) {
            // Not `release`: the objects are no suspects for having been looked at.
            if object.refs() == 1 {
                // A broken `Trace` let go of the others. It ends as ever.
                release(object);
            } else {
                object.sub_ref();
            }
        }
        self.heap.let_go();
    }
}

/// Finds an object's number by its address: a table of pages, and one of each page's slots.
struct Places {
    pages: MixMap<usize, PagePlaces>,
    numbers: Vec<u32>,
}

struct PagePlaces {
    first: usize,
    slot_size: usize,
    /// Where the page's part of `numbers` begins, and how long it is.
    from: usize,
    len: usize,
}

/// No object of the snapshot.
const NOBODY: u32 = u32::MAX;

impl Places {
    /// The objects come page by page, in the order of their addresses.
    fn of(objects: &[ObjectRef]) -> Self {
        assert!(objects.len() < NOBODY as usize, "a snapshot numbers fewer than 2³² objects");
        let mut places = Self { pages: MixMap::default(), numbers: Vec::new() };
        let mut number = 0;
        for on_page in objects.chunk_by(|a, b| page_of(a.addr()) == page_of(b.addr())) {
            let (first, last) = (on_page[0].addr(), on_page[on_page.len() - 1].addr());
            let slot_size = on_page[0].page().slot_size();
            let (from, len) = (places.numbers.len(), (last - first) / slot_size + 1);
            places.numbers.resize(from + len, NOBODY);
            for object in on_page {
                places.numbers[from + (object.addr() - first) / slot_size] = number;
                number += 1;
            }
            places.pages.insert(page_of(first), PagePlaces { first, slot_size, from, len });
        }
        places
    }

    /// By the address alone: the object may be another heap's, or be gone.
    fn of_object(&self, object: ObjectRef) -> Option<u32> {
        let page = self.pages.get(&page_of(object.addr()))?;
        let slot = object.addr().checked_sub(page.first)? / page.slot_size;
        let number = (slot < page.len).then(|| self.numbers[page.from + slot])?;
        (number != NOBODY).then_some(number)
    }
}

fn page_of(address: usize) -> usize {
    address / PAGE
}
