//! A heap's end: cleanups run, cycles are swept, and from then on objects go by count alone.

use std::rc::Rc;

use crate::collect::collect;
use crate::debug::DebugFlags;
use crate::error::{Hook, Operation, guarded};
use crate::freeze::unfreeze;
use crate::object::{Life, ObjectRef, SIDE};
use crate::reclaim::release;
use crate::report::{Reason, ShutdownReport};
use crate::settings::Generation;
use crate::side::{Call, Side, last_serial};
use crate::state::{HeapRef, HeapState};

/// Sweeps at the end happen at most this often: finalizers could make new garbage for ever.
const LAST_SWEEPS: usize = 16;

/// One `Heap` value less; the last one ends the heap.
pub(crate) fn let_go(heap: HeapRef) {
    /// Lets go of the heap even if its end re-raises a panic.
    struct LetGo(HeapRef);
    impl Drop for LetGo {
        fn drop(&mut self) {
            self.0.let_go();
        }
    }
    let held = LetGo(heap);
    heap.heaps.set(heap.heaps.get() - 1);
    if heap.heaps.get() == 0 {
        let _ = shut_down(heap);
    }
    drop(held);
}

/// Brings the heap to its end. A second time does nothing.
pub(crate) fn shut_down(heap: HeapRef) -> ShutdownReport {
    let mut report = ShutdownReport { cleanups: 0, collected: 0, outstanding: 0 };
    if heap.ending.get() {
        report.outstanding = heap.store.live_objects();
    } else if heap.collecting.get() {
        // A hook ends the heap: as soon as the collection is over.
        heap.ends_when_idle.set(true);
        report.outstanding = heap.store.live_objects();
    } else if !heap.closed.get() {
        let operation = Operation::begin();
        heap.hold();
        heap.ending.set(true);
        heap.pauses.set(heap.pauses.get() + 1);
        report.cleanups = run_cleanups(heap);
        unfreeze(&heap);
        // What was kept for debugging is garbage after all.
        heap.debug.set(heap.debug.get().without(DebugFlags::SAVE_ALL));
        heap.garbage.take().into_iter().for_each(release);
        for _ in 0..LAST_SWEEPS {
            let collection = collect(heap, Generation::Old, Reason::Shutdown, None);
            report.collected += collection.collected;
            // What was given up is tried again: there is no later chance.
            let found_some = collection.collected + collection.resurrected > 0;
            if !found_some && collection.given_up.is_none() {
                break;
            }
        }
        disarm_cleanups(heap);
        heap.pauses.set(heap.pauses.get() - 1);
        close(heap);
        heap.ending.set(false);
        report.outstanding = heap.store.live_objects();
        heap.let_go();
        operation.end();
    } else {
        report.outstanding = heap.store.live_objects();
    }
    report
}

/// No collection by itself, no cleanup, and each page goes with its last object.
pub(crate) fn close(heap: HeapRef) {
    heap.closed.set(true);
    heap.refuel();
    #[cfg(feature = "stress")]
    crate::reclaim::free_quarantined(heap);
    heap.store.close();
}

/// Runs the cleanups of living objects, the newest of all first, with those that they register.
fn run_cleanups(heap: HeapRef) -> usize {
    let mut ran = 0;
    let mut registered = last_serial();
    let mut due = cleanups_at_exit(&heap);
    while let Some((_, call, name)) = due.as_mut().map_or_else(|| newest_cleanup(&heap), Vec::pop) {
        if call.is_armed() && call.at_exit() {
            guarded(heap, call.hook(), Some(name), || call.fire());
            ran += 1;
        }
        if last_serial() != registered {
            registered = last_serial();
            due = cleanups_at_exit(&heap);
        }
    }
    ran
}

/// A call, its place in the order of registration, and the type of its object.
type Due = (u64, Rc<dyn Call>, &'static str);

/// The cleanups to run at the end, oldest first. `None`: no memory for the list.
fn cleanups_at_exit(heap: &HeapState) -> Option<Vec<Due>> {
    let (mut found, mut no_memory) = (Vec::new(), false);
    for_each_cleanup(heap, |due| {
        no_memory |= found.try_reserve(1).is_err();
        if !no_memory && due.1.at_exit() {
            found.push(due);
        }
    });
    found.sort_unstable_by_key(|&(serial, ..)| serial);
    (!no_memory).then_some(found)
}

/// The one of them to run next, without a list: a look at all for each.
#[cold]
fn newest_cleanup(heap: &HeapState) -> Option<Due> {
    let mut newest: Option<Due> = None;
    for_each_cleanup(heap, |due| {
        if due.1.at_exit() && newest.as_ref().is_none_or(|newest| newest.0 < due.0) {
            newest = Some(due);
        }
    });
    newest
}

/// Cleanups that did not run never will. Watches stay: they tell of a death, which is to come.
fn disarm_cleanups(heap: HeapRef) {
    // Not those that the drop of a closure registers: there could be no end to them.
    let registered = last_serial();
    loop {
        // As many at a time as there is memory for, at least one: closures drop as user code.
        let (mut one, mut more) = (None, Vec::new());
        for_each_cleanup(&heap, |(serial, call, _)| {
            if serial > registered {
                return;
            }
            if one.is_none() {
                one = Some(call);
            } else if more.try_reserve(1).is_ok() {
                more.push(call);
            }
        });
        if one.is_none() {
            break;
        }
        for call in one.into_iter().chain(more) {
            guarded(heap, Hook::Cleanup, None, || call.disarm());
        }
    }
}

/// Shows each armed cleanup of a living object.
fn for_each_cleanup(heap: &HeapState, mut found: impl FnMut(Due)) {
    for_each_side(heap, |object, side| {
        for entry in side.calls.borrow().iter() {
            if entry.call.is_armed() && entry.call.hook() == Hook::Cleanup {
                found((entry.serial, entry.call.clone(), object.type_name()));
            }
        }
    });
}

fn for_each_side(heap: &HeapState, mut found: impl FnMut(ObjectRef, &Side)) {
    heap.store.for_each_page(|page| {
        page.objects().filter(|object| object.has(SIDE) && object.life() == Life::Alive).for_each(
            |object| {
                if let Some(side) = Side::get(object) {
                    found(object, side);
                }
            },
        );
    });
}
