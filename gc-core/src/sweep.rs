//! What becomes of the garbage of a collection: all of it goes through each step of its end together, and
//! is pinned meanwhile.

use std::cell::Cell;
use std::hint::cold_path;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::entry::{self, end_entries_of};
use crate::error::{Hook, over_reported, report_panic};
use crate::object::{FINALIZER, Life, ObjectRef, SIDE, SUSPECT, for_each_fetched_ahead};
use crate::page::PageRef;
use crate::reclaim::{finalize, keep_remains, leave, make_calls, page_woke};
use crate::state::{HeapRef, HeapState};

/// What became of the garbage of a collection.
#[derive(Default)]
pub(crate) struct Swept {
    pub(crate) objects: usize,
    pub(crate) bytes: usize,
}

/// Runs the finalizers of doomed objects, all of them before anything is gone. Returns how many.
pub(crate) fn finalize_doomed(garbage: &[ObjectRef]) -> usize {
    let mut ran = 0;
    for &object in garbage {
        if object.has(FINALIZER) {
            finalize(object);
            ran += 1;
        }
    }
    ran
}

/// Weak handles to the garbage die, all together. It was judged with no finalizer left to run, and no
/// user code may run between the two.
pub(crate) fn condemn(garbage: &[ObjectRef]) {
    for_each_fetched_ahead(garbage, |object| {
        object.enter(Life::Condemned);
        // With the flag set, no neighbour's drop takes the path of a first suspicion; the mark on the
        // page goes here and now.
        if object.has(SUSPECT) {
            object.page().unmark_suspect(object);
        }
        object.set(SUSPECT);
    });
}

/// Ends condemned objects for good.
pub(crate) fn sweep(heap: HeapRef, garbage: &[ObjectRef]) -> Swept {
    let panics = entry::panics();
    let mut dropped = drop_values(&heap, garbage);
    if dropped != Dropped::Plainly {
        garbage.iter().filter(|object| object.has(SIDE)).for_each(|&object| end_entries_of(object));
    }
    if entry::panics() != panics {
        // What an entry carries may hold garbage, too.
        dropped = Dropped::WithPanics;
    }
    let bytes = match dropped {
        Dropped::Plainly if !cfg!(feature = "stress") => free_all(heap, garbage),
        _ => leave_all(garbage, dropped == Dropped::WithPanics),
    };
    Swept { objects: garbage.len(), bytes }
}

/// Frees what nobody waits for. No user code runs, so that no slot is used again before all counts have
/// been looked at.
fn free_all(heap: HeapRef, garbage: &[ObjectRef]) -> usize {
    /// Neighbours on a page, linked as free slots; what belongs to their page is done once.
    struct Run {
        page: PageRef,
        first: ObjectRef,
        last: ObjectRef,
        len: u32,
    }
    impl Run {
        /// Returns their bytes.
        fn put(&self) -> usize {
            let bytes = self.page.slot_size() * self.len as usize;
            // SAFETY: these are the page's, linked; the values are gone, and there is no handle but the
            // pin, no weak one either (`Plainly`).
            unsafe { self.page.put_all(self.first, self.last, self.len, page_woke) };
            bytes
        }
    }
    let Some(&first) = garbage.first() else { return 0 };
    let mut run = Run { page: first.page(), first, last: first, len: 0 };
    let mut bytes = 0;
    for_each_fetched_ahead(garbage, |object| {
        check_count(object);
        if object.page() != run.page {
            cold_path();
            bytes += run.put();
            run = Run { page: object.page(), first: object, last: object, len: 0 };
        }
        object.init_free(Some(run.first));
        run.first = object;
        run.len += 1;
    });
    bytes += run.put();
    heap.count_deaths(garbage.len());
    bytes
}

/// What was garbage is now held by its pin alone, or `Trace` was wrong.
#[inline(always)]
fn check_count(object: ObjectRef) {
    if object.others_of_disarmed() != 0 {
        over_reported(object);
    }
}

/// Calls who waits for these deaths, and frees the slots as far as nobody keeps them.
fn leave_all(garbage: &[ObjectRef], panicked: bool) -> usize {
    let mut bytes = 0;
    for_each_fetched_ahead(garbage, |object| {
        if !panicked {
            check_count(object);
        }
        bytes += object.page().slot_size();
    });
    garbage.iter().filter(|object| object.has(SIDE)).for_each(|&object| make_calls(object));
    for_each_fetched_ahead(garbage, |object| {
        if object.refs() == 1 {
            // Its mark on the page is gone already.
            object.clear(SUSPECT);
            leave(object);
        } else {
            // A container whose element panicked in its drop may have leaked the others, and with
            // them a handle. The slot stays.
            keep_remains(object);
        }
    });
    bytes
}

/// How the values of a sweep were dropped.
#[derive(PartialEq, Eq)]
enum Dropped {
    /// No object has a side table.
    Plainly,
    /// Some have.
    WithSides,
    /// A panic came between; something may have been left out.
    WithPanics,
}

fn drop_values(heap: &HeapState, garbage: &[ObjectRef]) -> Dropped {
    // The flags of all together.
    let (mut flags, mut panicked) = (0, false);
    let mut rest = garbage;
    while !rest.is_empty() {
        // How many have been begun: where a drop that panics leaves off.
        let begun = Cell::new(0);
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            for_each_fetched_ahead(rest, |object| {
                begun.set(begun.get() + 1);
                flags |= object.meta();
                object.enter(Life::Empty);
                if let Some(drop) = object.info().drop {
                    // SAFETY: condemned, so the value was there until this moment (O2); with the new
                    // state nobody uses or drops it again.
                    unsafe { drop(object) };
                }
                #[cfg(feature = "stress")]
                crate::stress::value_dropped(object);
            });
        }));
        let (done, left) = rest.split_at(begun.get());
        rest = left;
        if let Err(payload) = outcome {
            let name = done.last().map(|object| object.type_name());
            report_panic(heap, Hook::Drop, name, payload);
            panicked = true;
        }
    }
    match (panicked, flags & SIDE != 0) {
        (true, _) => Dropped::WithPanics,
        (_, true) => Dropped::WithSides,
        _ => Dropped::Plainly,
    }
}

/// Condemned objects are kept instead of dropped: each pin becomes a handle of the caller's.
pub(crate) fn keep(garbage: &[ObjectRef]) {
    for &object in garbage {
        object.enter(Life::Alive);
        object.page().heap().suspect(object);
    }
}
