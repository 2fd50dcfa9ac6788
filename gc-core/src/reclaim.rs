//! How objects end. One order for both ways to die, by count and by sweep:
//!
//! 1. the finalizer runs, once in a life, with everything whole;
//! 2. weak handles die;
//! 3. the value is dropped, and what entries of weak containers carry for the object;
//! 4. watches and cleanups are called, newest first;
//! 5. the slot is freed, or kept as long as weak handles point at it.
//!
//! By count each object goes through all steps before the next begins. What dies inside another death
//! waits until that is over (CPython's trashcan), so a chain of any length needs no stack; then it comes
//! before all that waited longer. So objects end depth first, siblings in the order of their parent's
//! fields, parents before children. By sweep all garbage goes through each step together, and is pinned
//! meanwhile.

use std::any::Any;
use std::cell::Cell;
use std::hint::cold_path;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use crate::deaths::{Deaths, ENDING, IDLE, ONE, Queue, STATE, deaths, is_judging};
use crate::entry::end_entries_of;
use crate::error::{Hook, Operation, guarded, re_raise_if_outermost, report_panic};
use crate::info::Info;
use crate::object::{
    FINALIZED, FINALIZER, FROZEN, IN_SET, LEAF, LIFE, Life, ObjectRef, REMAINS, SIDE, SUSPECT,
};
use crate::page::PageRef;
use crate::side::{CallEntry, Side};

/// Gives a counted handle back: what dropping a `Gc` does.
#[inline(always)]
pub(crate) fn release(object: ObjectRef) {
    #[cfg(feature = "stress")]
    let _afterwards = crate::stress::AtDrop::of(object);
    // One call for all that is rare, so that drops stay small enough to be compiled into their callers.
    if !object.sub_ref() {
        // SAFETY: a handle's object has its value (O2); if none is left, this was the last.
        unsafe { object.end() }
    }
}

/// A handle is gone whose loss is one to notice, while others stay; or one of an immortal.
#[inline(never)]
fn notice_loss(object: ObjectRef) {
    if !object.page().heap().suspect_quickly(object) {
        notice_rare_loss(object);
    }
}

#[inline(never)]
fn notice_rare_loss(object: ObjectRef) {
    if object.is_immortal() {
        object.stay_immortal();
    } else {
        object.page().heap().suspect(object);
    }
}

/// A handle is gone, and `sub_ref` says that there is something to do. For objects of whatever kind.
#[inline(never)]
pub(crate) fn end_or_notice_loss(object: ObjectRef) {
    if object.refs() == 0 {
        end_or_wait(object);
    } else {
        notice_loss(object);
    }
}

/// What an [`End`](crate::info::End) does. Each type has its own copy of this, with its `drop` inside:
/// the path of nearly every death, and the one that has to be short.
///
/// # Safety
/// * As for [`End`](crate::info::End).
/// * If the object is plain, `drop` drops its value, and `drops_nothing` may say that this would do nothing.
///   `leaf` says whether the type is one. (A function, since it is no constant but folds to one.)
#[inline(always)]
pub(crate) unsafe fn end(
    object: ObjectRef,
    leaf: impl Fn() -> bool,
    drops_nothing: impl Fn(ObjectRef) -> bool,
    drop: impl Fn(ObjectRef),
) {
    if leaf() {
        if !object.is_disarmed_and_unheld() || !is_plain(object.meta(), true) {
            return end_or_notice_loss(object);
        }
    } else if !object.is_armed_plain_and_unheld() {
        cold_path();
        if !object.may_be_unheld() {
            return notice_loss(object);
        }
        if !object.is_disarmed_and_unheld() || !is_plain(object.meta(), false) {
            return end_or_notice_loss(object);
        }
    }
    if drops_nothing(object) && (leaf() || !is_judging()) {
        // Nobody can tell that it did not wait for its turn.
        free_plain(object, leaf());
    } else if deaths().now.get() != IDLE {
        wait(object, leaf);
    } else {
        end_now(object, leaf, drop);
    }
}

/// The object is plain, and nothing else is at its end. A function by itself: those who wait need not
/// save the registers for it.
#[inline(never)]
fn end_now(object: ObjectRef, leaf: impl Fn() -> bool, drop: impl Fn(ObjectRef)) {
    let now = &deaths().now;
    now.set(ENDING);
    object.enter_last(Life::Empty, leaf());
    if let Err(payload) = catch_unwind(AssertUnwindSafe(|| drop(object))) {
        return panicked_alone(object, payload);
    }
    // Taken off before it is looked at: one instruction tells that nothing came of it.
    now.set(now.get() - ENDING);
    if now.get() != IDLE {
        return not_alone(object);
    }
    #[cfg(feature = "stress")]
    crate::stress::value_dropped(object);
    free_plain(object, leaf());
}

/// Something is going on while the last handle of a plain object goes. Mostly, another object is at its
/// end, and this one waits. (Generic, so that it is compiled where it is used: there the thread's own is
/// found without a call.)
#[inline(never)]
fn wait(object: ObjectRef, leaf: impl Fn() -> bool) {
    let deaths = deaths();
    let now = deaths.now.get();
    match deaths.new.get((now / ONE) as usize) {
        Some(place) if now & STATE == ENDING => {
            object.enter_last(Life::Dying, leaf());
            place.set(Some(object));
            deaths.now.set(now + ONE);
        }
        _ => end_or_wait(object),
    }
}

/// Ends an object whose count has just reached zero, of whatever kind and at any time.
#[inline(never)]
fn end_or_wait(object: ObjectRef) {
    debug_assert!(object.refs() == 0);
    let deaths = deaths();
    match deaths.state() {
        ENDING => deaths.push(object),
        IDLE => end_all(deaths, Some(object)),
        _ => died_while_judging(deaths, object),
    }
}

/// Others have died of this object, whose value is gone; or a panic waits.
#[inline(never)]
fn not_alone(object: ObjectRef) {
    deaths().enter(ENDING);
    after_drop(object);
    end_all(deaths(), None);
}

/// As `not_alone`, after a panic.
#[cold]
#[inline(never)]
fn panicked_alone(object: ObjectRef, payload: Box<dyn Any + Send>) {
    drop_panicked(object, payload);
    end_all(deaths(), None);
}

/// Only a `Trace` that breaks its contract drops a handle while the heap judges. The judgement is
/// given up, and the object ends when it is over.
#[cold]
#[inline(never)]
fn died_while_judging(deaths: &Deaths, object: ObjectRef) {
    object.set_refs(1);
    if let Some(heap) = deaths.judge.get() {
        heap.misbehaved.set(true);
        heap.died_while_judging.borrow_mut().push(object);
    }
}

/// While an object ends, others wait; whatever way that is left.
struct Ending<'a>(&'a Deaths);

impl<'a> Ending<'a> {
    fn begin(deaths: &'a Deaths) -> Self {
        deaths.enter(ENDING);
        Self(deaths)
    }
}

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.enter(IDLE);
    }
}

/// Ends this object, if it is one, and all that dies of it or has died before.
#[inline(never)]
fn end_all(deaths: &Deaths, first: Option<ObjectRef>) {
    let ending = Ending::begin(deaths);
    let mut queue = Queue::new(deaths);
    let mut next = first.or_else(|| queue.next());
    // Where a drop that panics leaves off.
    let dropping = Cell::new(None);
    while let Err(payload) = catch_unwind(AssertUnwindSafe(|| {
        while let Some(object) = next.take() {
            end_in_turn(deaths, object, &dropping);
            next = queue.next();
        }
    })) {
        // Hooks are guarded by themselves, so that nothing else panics but an assertion of this crate.
        let Some(object) = dropping.take() else { resume_unwind(payload) };
        drop_panicked(object, payload);
        next = queue.next();
    }
    drop(ending);
    re_raise_if_outermost();
}

/// A value's drop has panicked: the rest of its object's end.
#[cold]
#[inline(never)]
fn drop_panicked(object: ObjectRef, payload: Box<dyn Any + Send>) {
    let heap = object.page().heap();
    report_panic(&heap, Hook::Drop, Some(object.type_name()), payload);
    after_drop(object);
}

/// One object's end. It is alive but has no handle, or has waited.
#[inline(always)]
fn end_in_turn(deaths: &Deaths, object: ObjectRef, dropping: &Cell<Option<ObjectRef>>) {
    let meta = object.meta();
    if meta & (FINALIZER | SIDE | FROZEN) == 0 {
        object.enter(Life::Empty);
        drop_value(object, object.info_without_side(), dropping);
        #[cfg(feature = "stress")]
        crate::stress::value_dropped(object);
        return free_plain(object, meta & LEAF != 0);
    }
    if object.has(FINALIZER | SIDE) {
        // The heap's own handle, for as long as anything of the object is used.
        object.set_refs(1);
        if object.has(FINALIZER) && !finalize_alone(deaths, object) {
            return;
        }
    }
    object.enter(Life::Empty);
    drop_value(object, object.info(), dropping);
    after_drop(object);
}

/// Drops the value of an object that has just become empty, and notes meanwhile which it is.
#[inline(always)]
fn drop_value(object: ObjectRef, info: &Info, dropping: &Cell<Option<ObjectRef>>) {
    if let Some(drop) = info.drop {
        dropping.set(Some(object));
        // SAFETY: the value was initialized until this moment (O2); with the new state nobody uses
        // or drops it again.
        unsafe { drop(object) };
        dropping.set(None);
    }
}

/// Runs the finalizer of a dying object. Returns whether it goes on to die.
#[cold]
#[inline(never)]
fn finalize_alone(deaths: &Deaths, object: ObjectRef) -> bool {
    object.enter(Life::Doomed);
    finalize(object);
    object.sub_ref();
    if object.refs() != 0 {
        // Brought back.
        object.enter(Life::Alive);
        if !object.has(LEAF) {
            object.page().heap().suspect(object);
        }
        return false;
    }
    if deaths.now.get() >= ONE {
        // What the finalizer let go of ends before the object does.
        deaths.push(object);
        return false;
    }
    object.set_refs(1);
    true
}

/// The value is gone: calls, and the slot.
#[inline(always)]
fn after_drop(object: ObjectRef) {
    #[cfg(feature = "stress")]
    crate::stress::value_dropped(object);
    if object.has(SIDE) {
        end_entries_of(object);
        make_calls(object);
        leave(object);
    } else {
        free(object);
    }
}

/// Runs the finalizer, once in the object's life. The caller pins the object.
pub(crate) fn finalize(object: ObjectRef) {
    object.clear(FINALIZER);
    object.set(FINALIZED);
    let heap = object.page().heap();
    guarded(heap, Hook::Finalizer, Some(object.type_name()), || object.finalize());
}

/// Makes the calls that wait for this object's death, newest first.
#[cold]
#[inline(never)]
pub(crate) fn make_calls(object: ObjectRef) {
    let heap = object.page().heap();
    // Taken one by one: a call may cancel the others. It cannot add one, since nobody can get a
    // handle any more.
    while let Some(entry) = Side::get(object).and_then(|side| side.calls.borrow_mut().pop()) {
        let CallEntry { call, .. } = entry;
        guarded(heap, call.hook(), Some(object.type_name()), || call.fire());
    }
}

/// An object without a value leaves the heap. Its slot is free, or stays for its weak handles.
pub(crate) fn leave(object: ObjectRef) {
    match Side::get(object) {
        Some(side) if side.weak.get() > 0 => {
            keep_remains(object);
            object.set_refs(0);
        }
        side => {
            if side.is_some() {
                Side::release(object);
            }
            free(object);
        }
    }
}

/// An object without a value leaves the heap, but its slot stays.
pub(crate) fn keep_remains(object: ObjectRef) {
    let heap = object.page().heap();
    if object.has(FROZEN) {
        leave_the_frozen(object);
    }
    if object.has(SUSPECT) {
        object.page().unmark_suspect(object);
    }
    if !object.has(LEAF) {
        heap.count_death();
    }
    object.clear(SUSPECT | FROZEN);
    object.set(REMAINS);
    heap.store.remains.set(heap.store.remains.get() + 1);
}

/// The last weak handle of an object without a value is gone: its slot is free.
pub(crate) fn free_remains(object: ObjectRef) {
    debug_assert!(object.life() == Life::Empty && object.refs() == 0);
    Side::release(object);
    let heap = object.page().heap();
    heap.store.remains.set(heap.store.remains.get() - 1);
    free_slot(object);
}

/// The value of this object was moved out by its only owner.
pub(crate) fn value_was_taken(object: ObjectRef) {
    debug_assert!(object.refs() == 1);
    object.clear(FINALIZER);
    object.enter(Life::Empty);
    if object.has(SIDE) {
        let operation = Operation::begin();
        after_drop(object);
        operation.end();
    } else {
        free(object);
    }
}

/// A slot was made an object, but got no value.
pub(crate) fn never_got_value(object: ObjectRef) {
    leave(object);
}

/// Whether the object's end needs no step but the drop of its value. A leaf or not, as its type has it. A
/// suspect's mark stays on its page, where who looks for suspects finds that it is none any more.
#[inline(always)]
fn is_plain(meta: u32, leaf: bool) -> bool {
    const SPECIAL: u32 = LIFE | FINALIZER | SIDE | IN_SET | LEAF;
    if leaf {
        // Suspects among leaves have a side table, or are frozen: one comparison of a byte tells both.
        meta & (SPECIAL | SUSPECT) == LEAF
    } else {
        meta & (SPECIAL | FROZEN) == 0
    }
}

/// A plain object without a value leaves the heap, and its slot is free.
#[inline(always)]
fn free_plain(object: ObjectRef, leaf: bool) {
    let page = object.page();
    let heap = page.heap();
    if cfg!(feature = "stress") {
        if !leaf {
            heap.count_death();
        }
        return free_slot(object);
    }
    // SAFETY: as in `free_slot`.
    if unsafe { page.put(object) } {
        return free_waking(page, leaf);
    }
    // Last, since each branch before would have the compiler find the page once more.
    if !leaf {
        heap.count_death();
    }
}

/// The rest of `free_plain`, where the page wants to be looked at.
#[cold]
#[inline(never)]
fn free_waking(page: PageRef, leaf: bool) {
    if !leaf {
        page.heap().count_death();
    }
    page_woke(page);
}

/// An object without a value leaves the heap, and its slot is free.
#[inline(always)]
fn free(object: ObjectRef) {
    if object.has(FROZEN) {
        leave_the_frozen(object);
    }
    free_plain(object, object.has(LEAF));
}

#[cold]
#[inline(never)]
fn leave_the_frozen(object: ObjectRef) {
    let frozen = &object.page().heap().frozen;
    frozen.set(frozen.get() - 1);
}

/// Frees the slots that stress holds back.
#[cfg(feature = "stress")]
pub(crate) fn free_quarantined(heap: crate::state::HeapRef) {
    while let Some(slot) = crate::stress::release(&heap) {
        free_slot(slot);
    }
}

#[inline(always)]
fn free_slot(object: ObjectRef) {
    #[cfg(feature = "stress")]
    let Some(object) = crate::stress::instead_of(object) else { return };
    let page = object.page();
    // SAFETY: the slot is its page's; the value is gone or has nothing to drop, there is no strong
    // handle, and no weak one (`leave`).
    if unsafe { page.put(object) } {
        page_woke(page);
    }
}

#[cold]
#[inline(never)]
pub(crate) fn page_woke(page: PageRef) {
    let heap = page.heap();
    if heap.is_judging() {
        // Only a `Trace` that breaks its contract comes here. The page stays mapped: the judgement
        // may be about to look at the object.
        heap.misbehaved.set(true);
        return;
    }
    heap.store.page_woke(page);
    heap.free_if_done();
}
