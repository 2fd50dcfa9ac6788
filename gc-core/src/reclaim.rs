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
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::chunk::ChunkRef;
use crate::entry::{self, end_entries_of};
use crate::error::{Hook, Operation, guarded, over_reported, re_raise_if_outermost, report_panic};
use crate::object::{
    FINALIZED, FINALIZER, FROZEN, LEAF, Life, ObjectRef, SIDE, SUSPECT, fetched_ahead,
};
use crate::page::PageRef;
use crate::settings::Generation;
use crate::side::{CallEntry, Side};
use crate::state::{HeapRef, HeapState};

// ---- by count ------------------------------------------------------------------------------------

/// Gives a counted handle back: what dropping a `Gc` does.
#[inline(always)]
pub(crate) fn release(object: ObjectRef) {
    if object.sub_ref() <= 0 {
        last_handle_gone(object);
    } else if !object.has(SUSPECT | LEAF) {
        object.page().heap().suspect(object);
    }
}

/// The thread's deaths that wait. They form lists through the dying objects: each keeps the place of
/// the next one where it had its count and epoch, so that dropping never allocates.
struct Deaths {
    state: Cell<State>,
    /// The heap that judges, in state `Judging`.
    judge: Cell<Option<HeapRef>>,
    /// Those to end next, first things first.
    waiting: Cell<Option<ObjectRef>>,
    /// Those whose counts have reached zero since the present step began, in that order. When it is
    /// over they go before all that waits, so that objects end depth first.
    first_new: Cell<Option<ObjectRef>>,
    last_new: Cell<Option<ObjectRef>>,
}

/// What becomes of an object whose count reaches zero now.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// It ends at once.
    Idle,
    /// Another is at its end: it waits.
    Ending,
    /// A judgement is going on, and a `Trace` has broken its contract.
    Judging,
}

/// The place of the next one takes these bits of a dying object's field, its generation the others.
const PLACE_BITS: u32 = 17;
const PLACE_MAX: u32 = (1 << PLACE_BITS) - 1;

thread_local! {
    static DEATHS: Deaths =
        const {
            Deaths {
                state: Cell::new(State::Idle),
                judge: Cell::new(None),
                waiting: Cell::new(None),
                first_new: Cell::new(None),
                last_new: Cell::new(None),
            }
        };
}

impl Deaths {
    /// The object ends when its turn comes. Its field keeps `kept`, above the place of the next one.
    #[inline(always)]
    fn push(&self, object: ObjectRef, kept: u32) {
        object.set_field(kept);
        object.enter(Life::Dying);
        match self.last_new.replace(Some(object)) {
            None => self.first_new.set(Some(object)),
            Some(last) => link(last, Some(object)),
        }
    }

    /// A step is over: what died in it goes before all that waits.
    #[inline(always)]
    fn step_is_over(&self) {
        if let Some(last) = self.last_new.take() {
            link(last, self.waiting.get());
            self.waiting.set(self.first_new.take());
        }
    }

    /// The object whose turn it is.
    #[inline(always)]
    fn pop(&self) -> Option<ObjectRef> {
        let first = self.waiting.get()?;
        self.waiting.set(next(first));
        if first.has(FINALIZER) {
            restore_generation(first);
        }
        Some(first)
    }
}

/// Stands for the chunk of the next one where there is none.
const NO_CHUNK: u32 = u32::MAX;

/// Makes `next` the one after `object`.
#[inline(always)]
fn link(object: ObjectRef, next: Option<ObjectRef>) {
    match next {
        None => object.set_refs(NO_CHUNK),
        Some(next) => {
            let (chunk, place) = ChunkRef::place_of(next);
            object.set_refs(chunk);
            object.set_field(object.field() | place);
        }
    }
}

/// The one after `object`.
#[inline(always)]
fn next(object: ObjectRef) -> Option<ObjectRef> {
    let (chunk, place) = (object.refs(), object.field() & PLACE_MAX);
    // SAFETY: `link` stored the place of an object that still waits, so that its page is mapped;
    // handles do not leave their thread.
    (chunk != NO_CHUNK).then(|| unsafe { ChunkRef::object_at(chunk, place) })
}

/// An object with a finalizer waits: that may bring it back, and then it needs its generation.
#[cold]
#[inline(never)]
fn push_with_finalizer(deaths: &Deaths, object: ObjectRef) {
    deaths.push(object, (object.generation().index() as u32) << PLACE_BITS);
}

#[cold]
fn restore_generation(object: ObjectRef) {
    let generation = Generation::ALL[(object.field() >> PLACE_BITS) as usize];
    object.set_field(object.page().heap().field_of(generation));
}

/// What deaths were to do before a judgement.
pub(crate) struct BeforeJudging(State, Option<HeapRef>);

/// No object ends while `heap` judges.
pub(crate) fn begin_judging(heap: HeapRef) -> BeforeJudging {
    DEATHS.with(|deaths| {
        BeforeJudging(deaths.state.replace(State::Judging), deaths.judge.replace(Some(heap)))
    })
}

/// Deaths do again what they did before.
pub(crate) fn end_judging(before: BeforeJudging) {
    DEATHS.with(|deaths| {
        deaths.state.set(before.0);
        deaths.judge.set(before.1);
    });
}

/// Whether a heap judges on this thread.
pub(crate) fn is_judging() -> bool {
    DEATHS.with(|deaths| deaths.state.get() == State::Judging)
}

/// Whether an object is at its end on this thread.
pub(crate) fn is_ending() -> bool {
    DEATHS.with(|deaths| deaths.state.get() == State::Ending)
}

/// The count has just reached zero, or is that of an immortal.
#[inline(never)]
pub(crate) fn last_handle_gone(object: ObjectRef) {
    if object.refs() != 0 {
        object.stay_immortal();
    } else if object.is_plain() && object.info_without_side().drop.is_none() {
        free(object);
    } else {
        DEATHS.with(|deaths| match deaths.state.get() {
            State::Idle if object.is_plain() => end_plain(deaths, object),
            State::Idle => end_all(deaths, Some(object)),
            State::Ending if object.has(FINALIZER) => push_with_finalizer(deaths, object),
            State::Ending => deaths.push(object, 0),
            State::Judging => died_while_judging(deaths, object),
        });
    }
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
    #[inline(always)]
    fn begin(deaths: &'a Deaths) -> Self {
        deaths.state.set(State::Ending);
        Self(deaths)
    }
}

impl Drop for Ending<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        self.0.state.set(State::Idle);
    }
}

/// Ends an object that has nothing but a value, and all that dies of it: `end_all` for the common
/// case.
#[inline(never)]
fn end_plain(deaths: &Deaths, object: ObjectRef) {
    let ending = Ending::begin(deaths);
    let info = object.info_without_side();
    object.empty_plain();
    // SAFETY: the value was initialized until this moment (O2); with the new state nobody uses or
    // drops it again.
    let dropped = catch_unwind(AssertUnwindSafe(|| info.drop.map(|drop| unsafe { drop(object) })));
    match dropped {
        Ok(_) => free(object),
        Err(payload) => drop_panicked(object, payload),
    }
    if deaths.first_new.get().is_some() {
        deaths.step_is_over();
        return end_all(deaths, deaths.pop());
    }
    drop(ending);
    re_raise_if_outermost();
}

/// Ends this object and all that dies of it.
#[inline(never)]
fn end_all(deaths: &Deaths, mut next: Option<ObjectRef>) {
    let ending = Ending::begin(deaths);
    // Where a drop that panics leaves off.
    let dropping = Cell::new(None);
    while let Err(payload) = catch_unwind(AssertUnwindSafe(|| {
        while let Some(object) = next.take() {
            end(deaths, object, &dropping);
            deaths.step_is_over();
            next = deaths.pop();
        }
    })) {
        if let Some(object) = dropping.take() {
            drop_panicked(object, payload);
        }
        deaths.step_is_over();
        next = deaths.pop();
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

/// One object's end. It is alive but has no handle, or comes from the queue.
#[inline(always)]
fn end(deaths: &Deaths, object: ObjectRef, dropping: &Cell<Option<ObjectRef>>) {
    if object.has(FINALIZER | SIDE) {
        // The heap's own handle, for as long as anything of the object is used.
        object.set_refs(1);
        if object.has(FINALIZER) && !finalize_alone(deaths, object) {
            return;
        }
    }
    object.enter(Life::Empty);
    if let Some(drop) = object.info().drop {
        dropping.set(Some(object));
        // SAFETY: the value was initialized until this moment (O2); with the new state nobody uses
        // or drops it again.
        unsafe { drop(object) };
        dropping.set(None);
    }
    after_drop(object);
}

/// Runs the finalizer of a dying object. Returns whether it goes on to die.
#[cold]
#[inline(never)]
fn finalize_alone(deaths: &Deaths, object: ObjectRef) -> bool {
    object.enter(Life::Doomed);
    finalize(object);
    if object.sub_ref() != 0 {
        // Brought back.
        object.enter(Life::Alive);
        if !object.has(LEAF) {
            object.page().heap().suspect(object);
        }
        return false;
    }
    if deaths.last_new.get().is_some() {
        // What the finalizer let go of ends before the object does.
        deaths.push(object, 0);
        return false;
    }
    object.set_refs(1);
    true
}

/// The value is gone: calls, and the slot.
#[inline(always)]
fn after_drop(object: ObjectRef) {
    if object.has(SIDE) {
        end_entries_of(object);
        make_calls(object);
        leave(object);
    } else {
        free(object);
    }
}

/// Runs the finalizer, once in the object's life. The caller pins the object.
fn finalize(object: ObjectRef) {
    object.clear(FINALIZER);
    object.set(FINALIZED);
    let heap = object.page().heap();
    guarded(&heap, Hook::Finalizer, Some(object.type_name()), || object.finalize());
}

/// Makes the calls that wait for this object's death, newest first.
#[cold]
#[inline(never)]
fn make_calls(object: ObjectRef) {
    let heap = object.page().heap();
    // Taken one by one: a call may cancel the others. It cannot add one, since nobody can get a
    // handle any more.
    while let Some(entry) = Side::get(object).and_then(|side| side.calls.borrow_mut().pop()) {
        let CallEntry { call, .. } = entry;
        guarded(&heap, call.hook(), Some(object.type_name()), || call.fire());
    }
}

/// An object without a value leaves the heap. Its slot is free, or stays for its weak handles.
fn leave(object: ObjectRef) {
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
fn keep_remains(object: ObjectRef) {
    let heap = object.page().heap();
    count_out(&heap, object);
    object.clear(FROZEN);
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

#[inline(always)]
fn free(object: ObjectRef) {
    let heap = object.page().heap();
    count_out(&heap, object);
    free_slot(object);
}

#[inline(always)]
fn count_out(heap: &HeapState, object: ObjectRef) {
    if !object.has(LEAF | SUSPECT | FROZEN) {
        heap.one_less();
    } else if !object.has(LEAF) {
        count_suspect_out(heap, object);
    }
}

#[inline(never)]
fn count_suspect_out(heap: &HeapState, object: ObjectRef) {
    heap.one_less();
    object.page().unmark_suspect(object);
    if object.has(FROZEN) {
        heap.frozen.set(heap.frozen.get() - 1);
    }
}

#[inline(always)]
fn free_slot(object: ObjectRef) {
    let page = object.page();
    // SAFETY: the slot is its page's; the value is gone or has nothing to drop, there is no strong
    // handle, and no weak one (`leave`).
    if unsafe { page.put(object) } {
        page_woke(page);
    }
}

#[cold]
#[inline(never)]
fn page_woke(page: PageRef) {
    let heap = page.heap();
    if heap.judging.get() {
        // Only a `Trace` that breaks its contract comes here. The page stays mapped: the judgement
        // may be about to look at the object.
        heap.misbehaved.set(true);
        return;
    }
    heap.store.page_woke(page);
    heap.free_if_done();
}

// ---- by sweep ------------------------------------------------------------------------------------

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
    for object in fetched_ahead(garbage) {
        object.enter(Life::Condemned);
        // With the flag set, no neighbour's drop takes the path of a first suspicion; the mark on the
        // page goes here and now.
        if object.has(SUSPECT) {
            object.page().unmark_suspect(object);
        }
        object.set(SUSPECT);
    }
}

/// Ends condemned objects for good.
pub(crate) fn sweep(heap: HeapRef, garbage: &[ObjectRef]) -> Swept {
    let panics = entry::panics();
    let (mut dropped, any_sides) = drop_values(&heap, garbage);
    if any_sides {
        garbage.iter().filter(|object| object.has(SIDE)).for_each(|&object| end_entries_of(object));
    }
    if entry::panics() != panics {
        dropped = Dropped::WithPanics;
    }
    let mut swept = Swept { objects: garbage.len(), bytes: 0 };
    for object in fetched_ahead(garbage) {
        // What was garbage is now held by its pin alone, or `Trace` was wrong.
        if object.refs() != 1 && dropped == Dropped::Whole {
            over_reported(object);
        }
        swept.bytes += object.page().slot_size();
    }
    if any_sides {
        garbage.iter().filter(|object| object.has(SIDE)).for_each(|&object| make_calls(object));
    }
    for object in fetched_ahead(garbage) {
        if object.refs() == 1 {
            // Its mark on the page is gone already.
            object.clear(SUSPECT);
            leave(object);
        } else {
            // A container whose element panicked in its drop may have leaked the others, and with
            // them a handle. The slot stays.
            keep_remains(object);
        }
    }
    swept
}

/// How the values of a sweep were dropped.
#[derive(PartialEq, Eq)]
enum Dropped {
    Whole,
    /// A panic came between; something may have been left out.
    WithPanics,
}

/// Drops the values. Tells, too, whether any of the objects has a side table.
fn drop_values(heap: &HeapState, garbage: &[ObjectRef]) -> (Dropped, bool) {
    let (mut dropped, mut any_sides) = (Dropped::Whole, false);
    let mut rest = fetched_ahead(garbage);
    // Where a drop that panics leaves off.
    let at = Cell::new(None);
    while at.get() != garbage.last().copied() {
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            for object in &mut rest {
                at.set(Some(object));
                object.enter(Life::Empty);
                let info = if object.has(SIDE) {
                    any_sides = true;
                    object.info()
                } else {
                    object.info_without_side()
                };
                if let Some(drop) = info.drop {
                    // SAFETY: condemned, so the value was there until this moment (O2); with the new
                    // state nobody uses or drops it again.
                    unsafe { drop(object) };
                }
            }
        }));
        if let Err(payload) = outcome {
            let name = at.get().map(ObjectRef::type_name);
            report_panic(heap, Hook::Drop, name, payload);
            dropped = Dropped::WithPanics;
        }
    }
    (dropped, any_sides)
}

/// Condemned objects are kept instead of dropped: each pin becomes a handle of the caller's.
pub(crate) fn keep(garbage: &[ObjectRef]) {
    for &object in garbage {
        object.enter(Life::Alive);
        object.page().heap().suspect(object);
    }
}
