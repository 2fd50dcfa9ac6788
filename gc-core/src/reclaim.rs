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

use crate::chunk::ChunkRef;
use crate::entry::{self, end_entries_of};
use crate::error::{Hook, Operation, guarded, over_reported, re_raise_if_outermost, report_panic};
use crate::object::{
    FINALIZED, FINALIZER, FROZEN, IN_SET, Info, LEAF, LIFE, Life, ObjectRef, REMAINS, SIDE,
    SUSPECT, for_each_fetched_ahead,
};
use crate::page::PageRef;
use crate::settings::Generation;
use crate::side::{CallEntry, Side};
use crate::state::{HeapRef, HeapState};

// ---- by count ------------------------------------------------------------------------------------

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

/// What dies inside another death waits here. Dropping never allocates: a few stand in arrays, and more
/// form lists through the dying objects, each of which keeps the place of the next one where it had
/// its count and epoch.
struct Deaths {
    /// What is going on: a state in the lowest bits, a mark, and from [`ONE`] on how many are `new`. In
    /// one word, so that after a value's drop one comparison tells that nothing came of it.
    now: Cell<u32>,
    /// Those whose counts have reached zero since the present step began, in that order.
    new: [Cell<Option<ObjectRef>>; ROOM],
    /// Those before them for which there was no room: a list, and its last.
    first_new: Cell<Option<ObjectRef>>,
    last_new: Cell<Option<ObjectRef>>,
    /// Those that have waited longer: what a [`Queue`] counts.
    waiting: [Cell<Option<ObjectRef>>; ROOM],
    /// The heap that judges, in state [`JUDGING`].
    judge: Cell<Option<HeapRef>>,
}

/// Deaths that wait without a list through the objects.
const ROOM: usize = 32;

/// What becomes of an object whose count reaches zero now: it ends at once, ...
const IDLE: u32 = 0;
/// ... it waits, since another is at its end, ...
const ENDING: u32 = 1;
/// ... or a judgement is going on, and a `Trace` has broken its contract. (The only state with this bit.)
const JUDGING: u32 = 2;
const STATE: u32 = 3;
/// A panic waits for the outermost operation.
const PANICKED: u32 = 4;
/// One that is new.
const ONE: u32 = 8;

/// The place of the next one takes these bits of a dying object's field, its generation the others.
const PLACE_BITS: u32 = 17;
const PLACE_MAX: u32 = (1 << PLACE_BITS) - 1;

thread_local! {
    static DEATHS: Deaths =
        const {
            Deaths {
                now: Cell::new(IDLE),
                new: [const { Cell::new(None) }; ROOM],
                first_new: Cell::new(None),
                last_new: Cell::new(None),
                waiting: [const { Cell::new(None) }; ROOM],
                judge: Cell::new(None),
            }
        };
}

/// Those of this thread.
#[inline(always)]
fn deaths() -> &'static Deaths {
    let deaths = DEATHS.with(std::ptr::from_ref);
    // SAFETY: without a destructor a thread-local stays as long as its thread, and what is not `Sync`
    // does not leave it.
    unsafe { &*deaths }
}

impl Deaths {
    #[inline(always)]
    fn state(&self) -> u32 {
        self.now.get() & STATE
    }

    /// Enters a state. What else is noted stays.
    fn enter(&self, state: u32) {
        self.now.set(self.now.get() & !STATE | state);
    }

    /// The object ends when its turn comes.
    #[inline(always)]
    fn push(&self, object: ObjectRef) {
        object.enter(Life::Dying);
        if (self.now.get() / ONE) as usize == ROOM {
            self.list_new();
        }
        let now = self.now.get();
        if let Some(place) = self.new.get((now / ONE) as usize) {
            place.set(Some(object));
            self.now.set(now + ONE);
        }
    }

    /// Puts the new ones at the end of their list.
    #[cold]
    #[inline(never)]
    fn list_new(&self) {
        for object in self.new[..(self.now.get() / ONE) as usize].iter().filter_map(Cell::get) {
            clear_place(object);
            match self.last_new.replace(Some(object)) {
                None => self.first_new.set(Some(object)),
                Some(last) => link(last, Some(object)),
            }
        }
        self.now.set(self.now.get() % ONE);
    }
}

/// Whose turn it is. What died in a step goes before all that waited before it, in the order in which
/// it died; so objects end depth first.
struct Queue<'a> {
    deaths: &'a Deaths,
    /// How many there are in `Deaths::waiting`, the next one last ...
    len: usize,
    /// ... and who comes after those.
    list: Option<ObjectRef>,
}

impl<'a> Queue<'a> {
    fn new(deaths: &'a Deaths) -> Self {
        Self { deaths, len: 0, list: None }
    }

    /// The object whose turn it is, now that a step is over.
    #[inline(always)]
    fn next(&mut self) -> Option<ObjectRef> {
        let now = self.deaths.now.get();
        let new = match now / ONE {
            0 => return self.pop(),
            _ if self.deaths.last_new.get().is_some() => return self.next_of_many(),
            new => &self.deaths.new[..new as usize],
        };
        self.deaths.now.set(now % ONE);
        for waits in new[1..].iter().rev() {
            self.push(waits.get());
        }
        new[0].get()
    }

    /// As `next`, where there was no room for all that are new.
    #[cold]
    #[inline(never)]
    fn next_of_many(&mut self) -> Option<ObjectRef> {
        self.deaths.list_new();
        self.list_all();
        if let Some(last) = self.deaths.last_new.take() {
            link(last, self.list);
            self.list = self.deaths.first_new.take();
        }
        self.pop()
    }

    #[inline(always)]
    fn push(&mut self, object: Option<ObjectRef>) {
        if self.len == ROOM {
            self.list_all();
        }
        self.deaths.waiting[self.len].set(object);
        self.len += 1;
    }

    /// Puts all that wait on the list.
    #[cold]
    #[inline(never)]
    fn list_all(&mut self) {
        for object in self.deaths.waiting[..self.len].iter().filter_map(Cell::get) {
            clear_place(object);
            link(object, self.list);
            self.list = Some(object);
        }
        self.len = 0;
    }

    #[inline(always)]
    fn pop(&mut self) -> Option<ObjectRef> {
        match self.deaths.waiting.get(self.len.wrapping_sub(1)) {
            Some(last) => {
                self.len -= 1;
                last.get()
            }
            None => self.pop_from_list(),
        }
    }

    fn pop_from_list(&mut self) -> Option<ObjectRef> {
        let first = self.list?;
        self.list = next(first);
        if first.has(FINALIZER) {
            restore_generation(first);
        }
        Some(first)
    }
}

/// Stands for the chunk of the next one where there is none.
const NO_CHUNK: u32 = u32::MAX;

/// The object is to be on a list: there is none after it yet. One with a finalizer keeps its
/// generation: that may bring it back.
fn clear_place(object: ObjectRef) {
    let generation = object.has(FINALIZER).then(|| object.generation().index() as u32);
    object.set_field(generation.unwrap_or(0) << PLACE_BITS);
    object.set_refs(NO_CHUNK);
}

/// Makes `next` the one after `object`, the last of its list.
fn link(object: ObjectRef, next: Option<ObjectRef>) {
    if let Some(next) = next {
        let (chunk, place) = ChunkRef::place_of(next);
        object.set_refs(chunk);
        object.set_field(object.field() | place);
    }
}

/// The one after `object`.
fn next(object: ObjectRef) -> Option<ObjectRef> {
    let (chunk, place) = (object.refs(), object.field() & PLACE_MAX);
    // SAFETY: `link` stored the place of an object that still waits, so that its page is mapped;
    // handles do not leave their thread.
    (chunk != NO_CHUNK).then(|| unsafe { ChunkRef::object_at(chunk, place) })
}

#[cold]
fn restore_generation(object: ObjectRef) {
    let generation = Generation::ALL[(object.field() >> PLACE_BITS) as usize];
    object.set_field(object.page().heap().field_of(generation));
}

/// What deaths were to do before a judgement.
pub(crate) struct BeforeJudging(u32, Option<HeapRef>);

/// No object ends while `heap` judges.
pub(crate) fn begin_judging(heap: HeapRef) -> BeforeJudging {
    let (deaths, before) = (deaths(), deaths().state());
    deaths.enter(JUDGING);
    BeforeJudging(before, deaths.judge.replace(Some(heap)))
}

/// Deaths do again what they did before.
pub(crate) fn end_judging(before: BeforeJudging) {
    deaths().enter(before.0);
    deaths().judge.set(before.1);
}

/// Whether a heap judges on this thread.
#[inline(always)]
pub(crate) fn is_judging() -> bool {
    deaths().now.get() & JUDGING != 0
}

/// Whether an object is at its end on this thread.
pub(crate) fn is_ending() -> bool {
    deaths().state() == ENDING
}

/// Notes, where each death looks, that a panic waits for the outermost operation; or that none does.
pub(crate) fn let_a_panic_wait(waits: bool) {
    let now = &deaths().now;
    now.set(now.get() & !PANICKED | if waits { PANICKED } else { 0 });
}

/// Whether a panic waits for the outermost operation.
pub(crate) fn a_panic_waits() -> bool {
    deaths().now.get() & PANICKED != 0
}

/// What an [`End`](crate::object::End) does. Each type has its own copy of this, with its `drop` inside:
/// the path of nearly every death, and the one that has to be short.
///
/// # Safety
/// * As for [`End`](crate::object::End).
/// * If the object is plain, `drop` drops its value, and `drops_nothing` may say that this would do nothing.
///   `leaf` says whether the type is one. (A function, since it is no constant but folds to one.)
#[inline(always)]
pub(crate) unsafe fn end(
    object: ObjectRef,
    leaf: impl Fn() -> bool,
    drops_nothing: impl Fn(ObjectRef) -> bool,
    drop: impl Fn(ObjectRef),
) {
    if leaf() || !object.is_armed_plain_and_unheld() {
        if !leaf() {
            cold_path();
            if !object.may_be_unheld() {
                return notice_loss(object);
            }
        }
        if !object.is_disarmed_and_unheld() || !is_plain(object.meta(), leaf()) {
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
            end_one(deaths, object, &dropping);
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
fn end_one(deaths: &Deaths, object: ObjectRef, dropping: &Cell<Option<ObjectRef>>) {
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
fn finalize(object: ObjectRef) {
    object.clear(FINALIZER);
    object.set(FINALIZED);
    let heap = object.page().heap();
    guarded(heap, Hook::Finalizer, Some(object.type_name()), || object.finalize());
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
        guarded(heap, call.hook(), Some(object.type_name()), || call.fire());
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
pub(crate) fn free_quarantined(heap: HeapRef) {
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
fn page_woke(page: PageRef) {
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
