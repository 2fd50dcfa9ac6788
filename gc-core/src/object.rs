//! One object: a header of 16 bytes, and right behind it the value.
//!
//! The header says how many handles there are, what may happen to the object next, and what the
//! value is. It can be read as long as the page is mapped, dead or alive; that makes the search for
//! cycles safe code.

use std::any::TypeId;
use std::cell::Cell;
use std::ptr::NonNull;

use crate::ephemeron::trace_entries_of;
use crate::info::{End, Info};
use crate::inspect::Inspector;
use crate::page::PageRef;
use crate::settings::Generation;
use crate::side::Side;
use crate::trace::Tracer;
use crate::tracked_leaf::Leads;

#[cfg(test)]
mod tests;

/// What stands in front of every value.
#[repr(C)]
pub(crate) struct Header {
    /// Strong handles, pins of the heap included, in one of two forms: after a drop the sign tells in both
    /// whether there is something to do. *Armed*, [`ARMED`] and the number: it has the sign, so that each
    /// loss is noticed. *Disarmed*, with a flag of [`DISARMING`], the number less one: the sign comes with
    /// the last handle's drop; an immortal's has reached it. While an object waits for its death in the
    /// thread's queue: the chunk of the next one.
    refs: Cell<u32>,
    /// [`Life`] (3 bits), flags (10 bits), and the field (19 bits).
    meta: Cell<u32>,
    /// `&'static Info`; with [`SIDE`], `*const Side`; in a free slot, the next free slot.
    word: Cell<*const ()>,
}

/// Bytes from an object's start to its value.
pub(crate) const HEADER: usize = size_of::<Header>();
const _: () = assert!(HEADER == 16);

/// What may happen to an object next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
pub(crate) enum Life {
    /// The value is there and may be used.
    Alive = 0,
    /// The count is zero; the thread's queue will end it. Nobody can reach it.
    Dying = 1,
    /// Its finalizer may run: the value is whole, and the heap holds one of the handles. It may
    /// come back to life, or be condemned.
    Doomed = 2,
    /// Proved garbage, pinned by the heap: weak handles are dead, the value waits for its drop.
    Condemned = 3,
    /// There is no value: not yet, or not any more. The memory stays for weak handles and for the
    /// sweep.
    Empty = 4,
    /// Not an object: a slot that can be handed out.
    Free = 5,
}

pub(crate) const LIFE: u32 = 0b111;

// Those that an object's end asks for stand in the lowest byte, with its life: one comparison of a
// byte tells that there is nothing special about it, and one test whether a drop may be a loss.

/// Suspected: a handle went while others stayed, since the last full judgement.
pub(crate) const SUSPECT: u32 = 1 << 3;
/// The type holds no handle: never suspected, never visited.
pub(crate) const LEAF: u32 = 1 << 4;
/// Member of the set that is being judged. The field then holds generation and unexplained count.
pub(crate) const IN_SET: u32 = 1 << 5;
/// Its finalizer has not run yet.
pub(crate) const FINALIZER: u32 = 1 << 6;
/// `word` points to a [`Side`].
pub(crate) const SIDE: u32 = 1 << 7;
/// The life, and the flags so far.
const LOWEST_BYTE: u32 = 0xFF;
const _: () = assert!(LOWEST_BYTE == LIFE | SUSPECT | LEAF | IN_SET | FINALIZER | SIDE);
/// Judged: reached from outside the set.
pub(crate) const REACHED: u32 = 1 << 8;
/// Of an empty object: it has left the heap, and its slot stays (for weak handles, mostly).
pub(crate) const REMAINS: u32 = REACHED;
/// Its finalizer has run.
pub(crate) const FINALIZED: u32 = 1 << 9;
/// Somebody has `&mut` to the value.
pub(crate) const EXCLUSIVE: u32 = 1 << 10;
/// Left out of every judgement by `Heap::freeze`. Always with [`SUSPECT`].
pub(crate) const FROZEN: u32 = 1 << 11;
/// `Gc::pin` promised that the value stays where it is.
pub(crate) const LOCKED: u32 = 1 << 12;

/// Where the field begins.
pub(crate) const FIELD_SHIFT: u32 = 13;
/// The largest number that the field takes.
pub(crate) const FIELD_MAX: u32 = u32::MAX >> FIELD_SHIFT;
/// Bits of the field that hold the unexplained count of a set's member; the two above hold its
/// generation.
const COUNT_BITS: u32 = 17;
/// An unexplained count that did not fit: it is kept beside the set.
pub(crate) const COUNT_BESIDE: u32 = (1 << COUNT_BITS) - 1;

/// The flags of those whose losses nobody needs to notice: suspects already, no suspects ever, or being
/// judged.
const DISARMING: u32 = SUSPECT | LEAF | IN_SET;
/// The sign of an armed count.
const ARMED: u32 = 1 << 31;
/// What an armed count has more than a disarmed one of as many handles.
const ARMED_LESS_DISARMED: u32 = ARMED + 1;
/// The most handles that an armed count can tell. (A disarmed one of as many is one less: below this.)
const MOST_ARMED: u32 = ARMED - 1;
/// Where the count of an immortal is put. A drop puts it back there when it finds the sign, and a clone
/// when the count has come round to zero.
const IMMORTAL: u32 = 0xC000_0000;

/// Whether an object with these meta bits has an armed count.
#[inline(always)]
const fn is_armed(meta: u32) -> bool {
    meta & DISARMING == 0
}

/// What the count of an object with these meta bits has more than handles.
#[inline(always)]
const fn form(meta: u32) -> u32 {
    if is_armed(meta) { ARMED } else { u32::MAX }
}

/// An object whose header can be read.
///
/// # Invariants
/// O1. `self.0` is the start of a slot of a mapped page, carved at least once, with provenance for
///     the whole chunk.
/// O2. While `life` is neither `Empty` nor `Free`, the value is initialized and `info` is the table
///     of its concrete type.
/// O3. While the header has [`SIDE`], `word` points to a live [`Side`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(transparent)]
pub(crate) struct ObjectRef(NonNull<Header>);

impl ObjectRef {
    /// # Safety
    /// O1 holds for `header`.
    #[inline(always)]
    pub(crate) unsafe fn new(header: NonNull<Header>) -> Self {
        Self(header)
    }

    /// The object whose value `value` points to.
    ///
    /// # Safety
    /// `value` is the pointer of a handle (strong or weak) or came from [`ObjectRef::value`].
    #[inline(always)]
    pub(crate) unsafe fn of_value<T: ?Sized>(value: NonNull<T>) -> Self {
        // SAFETY: a value stands right behind its header, by the caller's duty.
        Self(unsafe { value.cast::<Header>().sub(1) })
    }

    /// Where the value is, or will be.
    #[inline(always)]
    pub(crate) fn value(self) -> NonNull<u8> {
        // SAFETY: O1: a slot has room for a header, and the value begins at its end.
        unsafe { self.0.add(1) }.cast()
    }

    /// The value as a slice of `T`, its length taken from the slot's end.
    ///
    /// # Safety
    /// The object was made as a slice of `T`.
    pub(crate) unsafe fn slice_value<T>(self) -> NonNull<[T]> {
        // SAFETY: a slice keeps its length, by the caller's duty.
        let len = unsafe { self.length() };
        NonNull::slice_from_raw_parts(self.value().cast(), len)
    }

    /// How many elements the slice has, or bytes the string.
    ///
    /// # Safety
    /// The object was made as a slice or a string.
    pub(crate) unsafe fn length(self) -> usize {
        // SAFETY: such an object keeps its length, by the caller's duty.
        unsafe { self.page().length_word(self).read() }
    }

    #[inline(always)]
    fn header(self) -> &'static Header {
        // SAFETY: O1: the header can be read. It is all `Cell`s, and the reference covers nothing
        // of the value. No caller keeps it: this function is private and each use is one access.
        unsafe { self.0.as_ref() }
    }

    /// The header's place, for pages and for messages.
    #[inline(always)]
    pub(crate) fn as_ptr(self) -> NonNull<Header> {
        self.0
    }

    /// Where it is, for its place among others.
    pub(crate) fn addr(self) -> usize {
        self.0.addr().get()
    }

    /// The page that the object lies on.
    #[inline(always)]
    pub(crate) fn page(self) -> PageRef {
        PageRef::of(self)
    }

    /// Asks the processor to have the header ready.
    #[inline(always)]
    pub(crate) fn prefetch(self) {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: a prefetch reads nothing and SSE is part of the architecture.
        unsafe {
            use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
            _mm_prefetch::<_MM_HINT_T0>(self.0.as_ptr().cast());
        }
    }

    // ---- counts ------------------------------------------------------------------------------

    /// Strong handles, pins of the heap included.
    #[inline(always)]
    pub(crate) fn refs(self) -> u32 {
        self.header().refs.get().wrapping_sub(form(self.meta()))
    }

    /// Strong handles less one, of an object with a disarmed count.
    #[inline(always)]
    pub(crate) fn others_of_disarmed(self) -> u32 {
        debug_assert!(!is_armed(self.meta()));
        self.header().refs.get()
    }

    /// Sets the number of strong handles, in the form that the flags call for.
    #[inline(always)]
    pub(crate) fn set_refs(self, refs: u32) {
        self.header().refs.set(form(self.meta()).wrapping_add(refs));
    }

    /// One handle more.
    #[inline(always)]
    pub(crate) fn add_ref(self) -> Self {
        let count = self.header().refs.get().wrapping_add(1);
        self.header().refs.set(count);
        if count == 0 {
            self.become_immortal();
        }
        self
    }

    /// One handle less. Returns whether nothing comes of that. If not, it was the last, or its loss is one
    /// to notice, or the object is immortal: which, is for the caller to find out.
    #[inline(always)]
    pub(crate) fn sub_ref(self) -> bool {
        let count = self.header().refs.get().wrapping_sub(1);
        self.header().refs.set(count);
        count.cast_signed() >= 0
    }

    /// After a drop: whether the last handle is gone, of an object with an armed count and about which
    /// nothing else is special. What nearly every death of a tracked object is like.
    #[inline(always)]
    pub(crate) fn is_armed_plain_and_unheld(self) -> bool {
        // The sign is left out, which saves an instruction: a disarmed one has a flag in the lowest byte.
        self.header().refs.get() & !ARMED == 0 && self.meta() & LOWEST_BYTE == 0
    }

    /// After a drop: whether the last handle is gone, of an object with a disarmed count.
    #[inline(always)]
    pub(crate) fn is_disarmed_and_unheld(self) -> bool {
        // No armed count has this value then: it had none of zero before.
        self.header().refs.get() == u32::MAX
    }

    /// After a drop: whether the last handle may be gone, whatever the form of the count. (An immortal's
    /// may look so.)
    #[inline(always)]
    pub(crate) fn may_be_unheld(self) -> bool {
        matches!(self.header().refs.get(), ARMED | u32::MAX)
    }

    /// The count has come round. One that was armed is disarmed first: an immortal is a suspect, or a
    /// leaf.
    #[cold]
    #[inline(never)]
    fn become_immortal(self) {
        if is_armed(self.meta()) {
            self.page().heap().suspect(self);
        }
        self.stay_immortal();
    }

    /// The count of an immortal is put back to its place.
    #[cold]
    #[inline(never)]
    pub(crate) fn stay_immortal(self) {
        debug_assert!(!is_armed(self.meta()));
        self.header().refs.set(IMMORTAL);
    }

    /// Whether the count of an object that has handles has passed 2³¹, disarmed.
    pub(crate) fn is_immortal(self) -> bool {
        !is_armed(self.meta()) && self.header().refs.get().cast_signed() < 0
    }

    /// Gives a count that was disarmed the form that the flags call for now. What has too many handles to
    /// be armed is a suspect, for the caller to mark.
    #[inline(always)]
    fn arm(self) {
        if !is_armed(self.meta()) {
            return;
        }
        let count = self.header().refs.get();
        // What is empty will not be armed against anything: mostly it has no handle.
        if count < MOST_ARMED || self.life() == Life::Empty {
            self.header().refs.set(count.wrapping_add(ARMED_LESS_DISARMED));
        } else {
            self.header().meta.set(self.meta() | SUSPECT);
        }
    }

    /// Gives the count the form that it has under any flag of [`DISARMING`], one of which is to be set.
    #[inline(always)]
    fn disarm(self) {
        self.header().refs.set(self.refs().wrapping_sub(1));
    }

    /// Strong handles less one, of what may enter the set: armed, or a suspect. `meta` is what the meta bits
    /// are. Of none, [`u32::MAX`].
    #[inline(always)]
    pub(crate) fn others_of_outsider(self, meta: u32) -> u32 {
        debug_assert!(meta == self.meta() && meta & (LEAF | IN_SET) == 0);
        let count = self.header().refs.get();
        if meta & SUSPECT == 0 { count.wrapping_sub(ARMED_LESS_DISARMED) } else { count }
    }

    /// An armed object becomes a suspect. `meta` is what the meta bits are.
    #[inline(always)]
    pub(crate) fn become_suspect(self, meta: u32) {
        debug_assert!(meta == self.meta() && is_armed(meta));
        let header = self.header();
        header.refs.set(header.refs.get().wrapping_sub(ARMED_LESS_DISARMED));
        header.meta.set(meta | SUSPECT);
    }

    /// Whether the count has the form that the flags call for. A disarmed one that looks like an armed one
    /// of up to a million handles is taken for wrong, though an object that is about to be immortal may
    /// have it.
    pub(crate) fn has_count_in_form(self) -> bool {
        let count = self.header().refs.get();
        let looks_armed = (1..1 << 20).contains(&count.wrapping_sub(ARMED));
        if is_armed(self.meta()) { count > ARMED } else { !looks_armed }
    }

    /// Does harm: the sign of the count says something else.
    #[cfg(test)]
    pub(crate) fn change_form(self) {
        self.header().refs.set(self.header().refs.get() ^ ARMED);
    }

    /// What the user holds: the heap's own pin does not show.
    #[inline]
    pub(crate) fn strong_count(self) -> usize {
        let pins = u32::from(self.life() == Life::Doomed);
        (self.refs() - pins) as usize
    }

    /// Whether a new handle may be made by those who hold none.
    #[inline]
    pub(crate) fn can_upgrade(self) -> bool {
        matches!(self.life(), Life::Alive | Life::Doomed)
    }

    // ---- meta --------------------------------------------------------------------------------

    #[inline(always)]
    pub(crate) fn meta(self) -> u32 {
        self.header().meta.get()
    }

    #[inline(always)]
    pub(crate) fn has(self, flags: u32) -> bool {
        self.meta() & flags != 0
    }

    /// Sets flags, and gives the count the form that goes with them.
    #[inline(always)]
    pub(crate) fn set(self, flags: u32) {
        if flags & DISARMING != 0 {
            self.disarm();
        }
        self.header().meta.set(self.meta() | flags);
    }

    /// Clears flags, and gives the count the form that goes with the rest. (An immortal stays a suspect.)
    #[inline(always)]
    pub(crate) fn clear(self, flags: u32) {
        let was_armed = is_armed(self.meta());
        self.header().meta.set(self.meta() & !flags);
        if flags & DISARMING != 0 && !was_armed {
            self.arm();
        }
    }

    #[inline(always)]
    pub(crate) fn life(self) -> Life {
        match self.meta() & LIFE {
            0 => Life::Alive,
            1 => Life::Dying,
            2 => Life::Doomed,
            3 => Life::Condemned,
            4 => Life::Empty,
            _ => Life::Free,
        }
    }

    /// Moves on in life. The moves that exist are those of this table.
    #[inline]
    pub(crate) fn enter(self, next: Life) {
        debug_assert!(
            matches!(
                (self.life(), next),
                // its count reached zero; or it is ended at once
                (Life::Alive, Life::Dying | Life::Doomed | Life::Empty)
                // its turn in the queue: finalizer first, or straight to the end
                | (Life::Dying, Life::Doomed | Life::Empty)
                // brought back; or not; or its finalizer left others to end first
                | (Life::Doomed, Life::Alive | Life::Condemned | Life::Dying | Life::Empty)
                // judged with no finalizer about
                | (Life::Alive, Life::Condemned)
                // kept by SAVE_ALL, or dropped
                | (Life::Condemned, Life::Alive | Life::Empty)
                // its value was written
                | (Life::Empty, Life::Alive)
            ),
            "an object cannot go from {:?} to {next:?}",
            self.life()
        );
        self.header().meta.set((self.meta() & !LIFE) | next as u32);
    }

    /// The epoch of birth; or what judging or queueing keeps in its place.
    #[inline(always)]
    pub(crate) fn field(self) -> u32 {
        self.meta() >> FIELD_SHIFT
    }

    #[inline(always)]
    pub(crate) fn set_field(self, field: u32) {
        debug_assert!(field <= FIELD_MAX);
        let flags = self.meta() & ((1 << FIELD_SHIFT) - 1);
        self.header().meta.set(flags | field << FIELD_SHIFT);
    }

    // ---- the set's member --------------------------------------------------------------------

    /// Enters the set: `generation` is remembered, and the handles counted that no edge has explained,
    /// which are `others` and `more`. `meta` is what the meta bits are. The count is disarmed: of `others`,
    /// all handles but one. Returns whether the number fits; where not, it is kept beside.
    #[inline(always)]
    pub(crate) fn enter_set(self, meta: u32, generation: u32, others: u32, more: u32) -> bool {
        debug_assert!(meta == self.meta());
        // (Before `more` is added: that of an immortal may be the largest number.)
        let fits = others < COUNT_BESIDE - more;
        self.header().refs.set(others);
        let count = if fits { others + more } else { COUNT_BESIDE };
        let flags = meta & ((1 << FIELD_SHIFT) - 1);
        self.header().meta.set(flags | IN_SET | (generation << COUNT_BITS | count) << FIELD_SHIFT);
        fits
    }

    /// The handles that no edge has explained yet.
    #[inline(always)]
    pub(crate) fn unexplained(self) -> u32 {
        self.field() & COUNT_BESIDE
    }

    /// Explains one handle. `false`: there is none left, or the count is kept beside. `meta` is what the meta
    /// bits are.
    #[inline(always)]
    pub(crate) fn explain_one(self, meta: u32) -> bool {
        debug_assert!(meta == self.meta());
        const ONE: u32 = 1 << FIELD_SHIFT;
        const COUNT: u32 = COUNT_BESIDE << FIELD_SHIFT;
        let is_here = (meta & COUNT).wrapping_sub(ONE) < COUNT - ONE;
        if is_here {
            self.header().meta.set(meta - ONE);
        }
        is_here
    }

    /// The heap holds a handle to a member of the set, too.
    #[inline(always)]
    pub(crate) fn pin_member(self) {
        self.header().refs.set(self.others_of_disarmed() + 1);
    }

    /// Leaves the set for a life as garbage or as a survivor, as a suspect or not; the field is an epoch
    /// again. `meta` is what the meta bits are. What has too many handles to be armed is a suspect anyway.
    #[inline(always)]
    pub(crate) fn leave_set(self, meta: u32, field: u32, life: Life, suspect: u32) {
        debug_assert!(meta == self.meta() && suspect & !SUSPECT == 0);
        debug_assert!(self.life() == Life::Alive);
        debug_assert!(matches!(life, Life::Alive | Life::Doomed | Life::Condemned));
        let count = self.header().refs.get();
        let suspect = if count < MOST_ARMED { suspect } else { SUSPECT };
        let armed = if suspect == 0 { ARMED_LESS_DISARMED } else { 0 };
        self.header().refs.set(count.wrapping_add(armed));
        let flags = meta & ((1 << FIELD_SHIFT) - 1) & !(IN_SET | REACHED | SUSPECT);
        self.header().meta.set(flags | suspect | field << FIELD_SHIFT | life as u32);
    }

    /// The generation that was remembered on entering the set.
    #[inline(always)]
    pub(crate) fn set_generation(self) -> u32 {
        self.field() >> COUNT_BITS
    }

    // ---- type --------------------------------------------------------------------------------

    /// The table of the value's type.
    #[inline(always)]
    pub(crate) fn info(self) -> &'static Info {
        let word = self.header().word.get();
        if self.has(SIDE) {
            // SAFETY: O3.
            return unsafe { (*word.cast::<Side>()).info };
        }
        debug_assert!(self.life() != Life::Free);
        // SAFETY: O2; an empty slot that once held an object keeps its table too.
        unsafe { &*word.cast::<Info>() }
    }

    /// Whether the value is of this type.
    #[inline]
    pub(crate) fn is<T: ?Sized + 'static>(self) -> bool {
        (self.info().type_id)() == TypeId::of::<T>()
    }

    /// From now on the value is of the type that has this table. A finalizer of that type will run,
    /// unless the object had one that has.
    ///
    /// # Safety
    /// * The value is an initialized value of that type, and stays so whatever the handles of its
    ///   former type do.
    /// * Both tables are of single values, or both of slices and strings.
    pub(crate) unsafe fn change_type(self, info: &'static Info, flags: u32) {
        match self.side() {
            // SAFETY: O3. References to a side table are used at once, so that there is none now.
            Some(side) => unsafe { (*side.as_ptr()).info = info },
            None => self.header().word.set(std::ptr::from_ref(info).cast()),
        }
        if !self.has(FINALIZED) {
            self.set(flags & FINALIZER);
        }
    }

    /// A handle has gone: if that was the last, the object ends, at once or when its turn comes.
    ///
    /// # Safety
    /// The object has its value. If no handle is left, the last one has just gone, and nobody uses the
    /// value again.
    #[inline(always)]
    pub(crate) unsafe fn end(self) {
        // SAFETY: O2 and O3: the word leads to an `Info` or a `Side`, and both begin with this.
        let end = unsafe { self.header().word.get().cast::<End>().read() };
        // SAFETY: the caller's duty; O2: the value is there, and the table is that of its type.
        unsafe { end(self) }
    }

    /// `info` of an object that is known to have no side table.
    #[inline(always)]
    pub(crate) fn info_without_side(self) -> &'static Info {
        debug_assert!(!self.has(SIDE) && self.life() != Life::Free);
        // SAFETY: O2, and the flag is not set.
        unsafe { &*self.header().word.get().cast::<Info>() }
    }

    /// `enter` from `Alive`, for good: of the flags none is needed any more but that of a leaf. The
    /// meta bits need not be read for that.
    #[inline(always)]
    pub(crate) fn enter_last(self, next: Life, leaf: bool) {
        debug_assert!(self.life() == Life::Alive && self.has(LEAF) == leaf);
        debug_assert!(!self.has(IN_SET | FINALIZER | SIDE | FROZEN));
        self.header().meta.set(next as u32 | if leaf { LEAF } else { 0 });
    }

    /// The side table, if the object has one.
    #[inline]
    pub(crate) fn side(self) -> Option<NonNull<Side>> {
        if self.has(SIDE) { NonNull::new(self.header().word.get().cast_mut().cast()) } else { None }
    }

    /// Hangs a side table on the object.
    pub(crate) fn attach_side(self, side: NonNull<Side>) {
        debug_assert!(!self.has(SIDE));
        self.header().word.set(side.as_ptr().cast());
        self.set(SIDE);
    }

    /// Takes the side table off again.
    pub(crate) fn detach_side(self, info: &'static Info) {
        self.clear(SIDE);
        self.header().word.set(std::ptr::from_ref(info).cast());
    }

    /// Reports the edges of the value, if the value may be read.
    #[inline(always)]
    pub(crate) fn trace(self, tracer: &mut Tracer<'_>) {
        debug_assert!(!matches!(self.life(), Life::Empty | Life::Free));
        debug_assert!(!self.has(EXCLUSIVE));
        let info = match Side::get(self) {
            None => self.info_without_side(),
            Some(side) => {
                if side.leads.get() != Leads::NOWHERE {
                    trace_entries_of(self, tracer);
                }
                side.info
            }
        };
        // SAFETY: O2: the value is there, and the table is its type's.
        unsafe { (info.trace)(self, tracer) }
    }

    /// Has the value tell its edges by name, if the value may be read.
    pub(crate) fn inspect(self, inspector: Inspector<'_>) {
        debug_assert!(self.can_upgrade() && !self.has(EXCLUSIVE));
        // SAFETY: O2: the value is there, and the table is its type's.
        unsafe { (self.info().inspect)(self, inspector) }
    }

    /// Runs the value's finalizer.
    pub(crate) fn finalize(self) {
        debug_assert!(self.life() == Life::Doomed);
        // SAFETY: O2; a doomed object is held by the heap's pin.
        unsafe { (self.info().finalize)(self) }
    }

    /// Bytes of the value.
    pub(crate) fn value_size(self) -> usize {
        let info = self.info();
        if info.is_slice {
            // SAFETY: the table says that this is a slice, and slices keep their length.
            info.size * unsafe { self.length() }
        } else {
            info.size
        }
    }

    /// The generation that the object is in.
    pub(crate) fn generation(self) -> Generation {
        self.page().heap().generation_of(self.field())
    }

    /// The name of the value's type.
    pub(crate) fn type_name(self) -> &'static str {
        (self.info().type_name)()
    }

    // ---- poison ------------------------------------------------------------------------------

    /// Overwrites the value, which is gone. A slice keeps its length.
    #[cfg(feature = "stress")]
    pub(crate) fn fill_value(self, byte: u8) {
        debug_assert!(self.life() == Life::Empty);
        // SAFETY: the slot has room for a value of this size, and nobody uses the value any more.
        unsafe { self.value().write_bytes(byte, self.value_size()) };
    }

    /// Overwrites all of a free slot but its header.
    #[cfg(feature = "stress")]
    pub(crate) fn fill_slot(self, byte: u8) {
        // SAFETY: the slot is so long (P2), and nobody uses what is in it any more.
        unsafe { self.value().write_bytes(byte, self.page().slot_size() - HEADER) };
    }

    /// Whether nobody has written to a slot since `fill_slot`.
    #[cfg(feature = "stress")]
    pub(crate) fn is_filled_with(self, byte: u8) -> bool {
        let len = self.page().slot_size() - HEADER;
        // SAFETY: `fill_slot` initialized the bytes, and nobody holds a reference into a free slot.
        let bytes = unsafe { std::slice::from_raw_parts(self.value().as_ptr(), len) };
        bytes.iter().all(|&other| other == byte)
    }

    // ---- slots -------------------------------------------------------------------------------

    /// Makes the slot a new object without a value.
    #[inline(always)]
    pub(crate) fn init(self, info: &'static Info, flags: u32, life: Life, birth: u32) {
        let header = self.header();
        header.refs.set(form(flags).wrapping_add(1));
        header.meta.set(birth | flags | life as u32);
        header.word.set(std::ptr::from_ref(info).cast());
    }

    /// Makes the slot of an object that is gone like one that weak handles keep.
    #[cfg(feature = "stress")]
    pub(crate) fn init_remains(self) {
        self.header().meta.set(self.meta() & LEAF | REMAINS | Life::Empty as u32);
        self.set_refs(0);
    }

    /// Makes the slot free, with `next` behind it.
    #[inline(always)]
    pub(crate) fn init_free(self, next: Option<ObjectRef>) {
        let header = self.header();
        header.meta.set(Life::Free as u32);
        header.word.set(next.map_or(std::ptr::null(), |next| next.0.as_ptr().cast_const().cast()));
    }

    /// In a free slot: the next one.
    #[inline(always)]
    pub(crate) fn next_free(self) -> Option<ObjectRef> {
        debug_assert!(self.life() == Life::Free);
        NonNull::new(self.header().word.get().cast_mut().cast()).map(ObjectRef)
    }
}

/// How far ahead of its use an object is fetched.
pub(crate) const AHEAD: usize = 16;

/// Calls `code` for the objects of a list, each fetched some steps ahead: they lie anywhere in memory,
/// and waiting for one at a time is what a sweep would spend its time on.
#[inline(always)]
pub(crate) fn for_each_fetched_ahead(list: &[ObjectRef], mut code: impl FnMut(ObjectRef)) {
    list.iter().take(AHEAD).for_each(|object| object.prefetch());
    let (most, last) = list.split_at(list.len().saturating_sub(AHEAD));
    for (&object, later) in most.iter().zip(&list[list.len() - most.len()..]) {
        later.prefetch();
        code(object);
    }
    last.iter().copied().for_each(code);
}
