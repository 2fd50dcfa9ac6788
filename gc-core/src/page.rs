//! A page: 16 KiB, aligned to its size, with slots of one size. Hands out slots, takes them back,
//! and remembers which of its objects are suspects.
//!
//! A page knows its heap, so that freeing an object needs nothing but the object. Free slots form a
//! list through their headers; slots never used yet are carved in batches, so that a fresh
//! page costs little before it is needed. Big and over-aligned objects have a page for each.

use std::cell::Cell;
use std::ptr::NonNull;

use crate::chunk::ChunkRef;
use crate::object::{HEADER, Header, Life, ObjectRef, SUSPECT};
use crate::settings::Generation;
use crate::state::HeapRef;
use crate::tracked_leaf;

/// Bytes of a page, and its alignment.
pub(crate) const PAGE: usize = 16 * 1024;

/// Bits of a slot's number on its page.
pub(crate) const SLOT_BITS: u32 = 11;
const _: () = assert!((PAGE - LEAF_FIRST) / HEADER < 1 << SLOT_BITS);

/// A page that is being allocated from does not ask for attention; or only after so many deaths, and for
/// nothing. (Early with debug assertions, so that tests come there.)
const NEVER: u32 = if cfg!(debug_assertions) { 1 << 10 } else { u32::MAX };

/// So many bytes of slots are carved at a time, ...
const CARVED_BYTES: usize = 4096;
/// ... but so many slots at least.
const LEAST_CARVED: usize = 16;
#[cfg(feature = "stress")]
const MOST_CARVED: usize = CARVED_BYTES / HEADER;

/// What stands at the start of a page.
#[repr(C, align(16))]
pub(crate) struct Page {
    /// The first free slot.
    free: Cell<Option<ObjectRef>>,
    /// Slots that may come back before the heap wants to know: those in use less `wake_at`. Not so on
    /// a page that is being allocated from, where what is handed out is not counted.
    ahead: Cell<u32>,
    /// The heap wants to know when so many slots are in use; or [`NEVER`].
    wake_at: Cell<u32>,
    heap: HeapRef,
    chunk: ChunkRef,
    slot_size: usize,
    /// Slots that were ever handed out; those behind them have no header yet.
    carved: Cell<u32>,
    capacity: u32,
    /// `2³² / slot_size`, rounded up: divides offsets by multiplying.
    reciprocal: u32,
    /// Bytes from the page's start to its first slot.
    first: u32,
    /// The size class, for the heap's lists.
    class: u16,
    /// Which page of its chunk this is.
    number: u8,
    tracked: bool,
    /// Neighbours in the heap's list of pages of this class that have room.
    prev: Cell<Option<PageRef>>,
    next: Cell<Option<PageRef>>,
}

/// What the generation of a suspect is, for 64 slots: a bit of each word for each slot. Neither is set: it
/// is no suspect, or not marked yet (`Losses`). A suspect that dies leaves its mark behind, which counts only
/// with the flag in the header. These words stand behind the header in pages of tracked objects; in those of
/// leaves the slots begin there.
#[repr(C)]
struct Suspects {
    /// Young or Old.
    odd: Cell<u64>,
    /// Middle or Old.
    high: Cell<u64>,
}

impl Suspects {
    /// Those of generations up to this one.
    fn up_to(&self, generation: usize) -> u64 {
        let (odd, high) = (self.odd.get(), self.high.get());
        match generation {
            0 => odd & !high,
            1 => odd ^ high,
            _ => odd | high,
        }
    }

    /// These are suspects of this generation now; `None`: they are none.
    #[inline]
    fn set(&self, slots: u64, generation: Option<usize>) {
        let put = |word: &Cell<u64>, on: bool| {
            word.set(if on { word.get() | slots } else { word.get() & !slots });
        };
        put(&self.odd, matches!(generation, Some(0 | 2)));
        put(&self.high, matches!(generation, Some(1 | 2)));
    }
}

/// Bytes before the first slot of a page of leaves; of tracked objects, before the words of suspects.
const LEAF_FIRST: usize = size_of::<Page>();

/// Bytes before the first slot of a page for so many objects.
pub(crate) const fn first_slot(tracked: bool, capacity: usize) -> usize {
    if tracked { LEAF_FIRST + capacity.div_ceil(64) * size_of::<Suspects>() } else { LEAF_FIRST }
}

/// How many slots of this size a page has.
pub(crate) const fn capacity(tracked: bool, slot_size: usize) -> usize {
    let mut capacity = (PAGE - LEAF_FIRST) / slot_size;
    while first_slot(tracked, capacity) + capacity * slot_size > PAGE {
        capacity -= 1;
    }
    capacity
}

/// How a new page is laid out.
pub(crate) struct Plan {
    pub(crate) heap: HeapRef,
    pub(crate) chunk: ChunkRef,
    pub(crate) number: u8,
    pub(crate) class: u16,
    pub(crate) tracked: bool,
    pub(crate) slot_size: usize,
    pub(crate) capacity: u32,
    pub(crate) first: usize,
}

/// A page of a heap.
///
/// # Invariants
/// P1. `self.0` is the start of a page, aligned to [`PAGE`], mapped and initialized, with provenance
///     for its whole chunk.
/// P2. Slot `k < carved` starts at `first + k * slot_size` and has an initialized header; `capacity`
///     slots fit into the page's memory.
/// P3. Every slot on the free list is carved and `Free`; `used()` counts the carved slots that are not.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct PageRef(NonNull<Page>);

impl PageRef {
    /// The page that `object` lies on.
    #[inline(always)]
    pub(crate) fn of(object: ObjectRef) -> Self {
        let page = object.as_ptr().as_ptr().map_addr(|addr| addr & !(PAGE - 1));
        // SAFETY: O1: the object's chunk is mapped and pages are aligned to their size, so the
        // masked address is the start of its page and not null.
        Self(unsafe { NonNull::new_unchecked(page.cast()) })
    }

    /// Lays out a page.
    ///
    /// # Safety
    /// * `start` is aligned to [`PAGE`], has provenance for the whole chunk `plan.chunk`, and from it
    ///   on `plan.first + plan.capacity * plan.slot_size` bytes are the page's alone.
    /// * `plan.first` is at least [`first_slot`] for that capacity; `plan.first` and `plan.slot_size` keep slots aligned
    ///   to 8 and hold a header at least.
    /// * `plan.heap` outlives the page.
    pub(crate) unsafe fn init(start: NonNull<u8>, plan: &Plan) -> Self {
        debug_assert!(plan.first >= first_slot(plan.tracked, plan.capacity as usize));
        debug_assert!(plan.slot_size >= HEADER);
        let page = start.cast::<Page>();
        let Plan { heap, chunk, number, class, tracked, slot_size, capacity, first } = *plan;
        #[expect(clippy::cast_possible_truncation, reason = "both lie inside a page")]
        let (first, reciprocal) =
            (first as u32, (1u64 << 32).div_ceil(slot_size as u64).min(u64::from(u32::MAX)) as u32);
        macro_rules! write_fields {
            ($($field:ident: $value:expr),* $(,)?) => {$(
                // SAFETY: the memory is the page's alone, and aligned, by the caller.
                unsafe { (&raw mut (*page.as_ptr()).$field).write($value) };
            )*};
        }
        write_fields!(
            free: Cell::new(None),
            ahead: Cell::new(NEVER),
            wake_at: Cell::new(NEVER),
            heap: heap,
            chunk: chunk,
            slot_size: slot_size,
            carved: Cell::new(0),
            capacity: capacity,
            reciprocal: reciprocal,
            first: first,
            class: class,
            number: number,
            tracked: tracked,
            prev: Cell::new(None),
            next: Cell::new(None),
        );
        if tracked {
            for word in 0..capacity.div_ceil(64) as usize {
                // SAFETY: they stand behind the header, for which and for them `first` leaves room.
                let suspects = unsafe { page.cast::<u8>().add(first_slot(true, 64 * word)) };
                let suspects = suspects.cast::<Suspects>();
                // SAFETY: the memory is the page's alone; the header's alignment serves them too.
                unsafe { suspects.write(Suspects { odd: Cell::new(0), high: Cell::new(0) }) };
            }
        }
        Self(page)
    }

    /// The page that has no room and never will: what a size class starts with.
    pub(crate) fn without_room() -> Self {
        struct Shared(Page);
        // SAFETY: nothing of this page is ever written: it has no slot to hand out, none comes back
        // to it, and it is on no list. All threads may read it.
        unsafe impl Sync for Shared {}
        static NO_ROOM: Shared = Shared(Page {
            free: Cell::new(None),
            ahead: Cell::new(NEVER),
            wake_at: Cell::new(NEVER),
            heap: HeapRef::dangling(),
            chunk: ChunkRef::dangling(),
            slot_size: 0,
            carved: Cell::new(0),
            capacity: 0,
            reciprocal: 0,
            first: 0,
            class: 0,
            number: 0,
            tracked: false,
            prev: Cell::new(None),
            next: Cell::new(None),
        });
        Self(NonNull::from(&NO_ROOM.0))
    }

    #[inline(always)]
    fn page(self) -> &'static Page {
        // SAFETY: P1: the page header is initialized and stays while the page is mapped; what changes
        // in it are cells. The reference is used at once and not kept: this function is private.
        unsafe { self.0.as_ref() }
    }

    // ---- slots -------------------------------------------------------------------------------

    /// The free slot to hand out next. `None` when there is none on the list.
    #[inline(always)]
    pub(crate) fn peek(self) -> Option<ObjectRef> {
        self.page().free.get()
    }

    /// Hands out `slot`, which is what `peek` gave.
    #[inline(always)]
    pub(crate) fn take_peeked(self, slot: ObjectRef) {
        let page = self.page();
        debug_assert!(page.free.get() == Some(slot));
        page.free.set(slot.next_free());
        #[cfg(feature = "stress")]
        crate::stress::check_poison(slot);
    }

    /// Hands out a free slot. `None` when there is none on the list.
    #[inline(always)]
    pub(crate) fn take(self) -> Option<ObjectRef> {
        let slot = self.peek()?;
        self.take_peeked(slot);
        Some(slot)
    }

    /// As `take`, on a page that is not the one to allocate from.
    pub(crate) fn take_counted(self) -> Option<ObjectRef> {
        debug_assert!(self.wakes_at().is_some());
        let slot = self.take()?;
        self.page().ahead.set(self.page().ahead.get().wrapping_add(1));
        Some(slot)
    }

    /// Takes a slot back. Returns whether the heap should look at the page.
    ///
    /// # Safety
    /// The slot belongs to this page, holds no value, and nobody uses it again.
    #[inline(always)]
    pub(crate) unsafe fn put(self, slot: ObjectRef) -> bool {
        let page = self.page();
        slot.init_free(page.free.get());
        page.free.set(Some(slot));
        let ahead = page.ahead.get().wrapping_sub(1);
        page.ahead.set(ahead);
        ahead == 0
    }

    /// Takes back slots of this page that form a list from `first` to `last`. Calls `woke` whenever the heap
    /// should look at the page; that may be its end.
    ///
    /// # Safety
    /// The slots are as many as `len`, all of this page and on no other list, made free, hold no value,
    /// and nobody uses them again.
    pub(crate) unsafe fn put_all(
        self,
        first: ObjectRef,
        last: ObjectRef,
        mut len: u32,
        mut woke: impl FnMut(PageRef),
    ) {
        let page = self.page();
        last.init_free(page.free.get());
        page.free.set(Some(first));
        while len > 0 {
            // One that is full wakes the heap with the first, and may do so again with the last.
            let some = len.min(page.ahead.get());
            page.ahead.set(page.ahead.get() - some);
            len -= some;
            if page.ahead.get() == 0 {
                woke(self);
            }
        }
    }

    /// Carves some of the slots that were never used. `false`: there are none left.
    pub(crate) fn carve(self) -> bool {
        let page = self.page();
        let from = page.carved.get();
        if from == page.capacity {
            // Nothing may be written: the page may be the one without room, which all threads share.
            return false;
        }
        #[expect(clippy::cast_possible_truncation, reason = "a page has below 2¹⁶ slots")]
        let batch = (CARVED_BYTES / page.slot_size).max(LEAST_CARVED) as u32;
        let to = page.capacity.min(from + batch);
        // Last first, so that the list hands them out in the order of their addresses.
        let numbers = (from..to).rev();
        #[cfg(feature = "stress")]
        let numbers = page.heap.stress.in_any_order::<MOST_CARVED>(numbers);
        let mut free = page.free.get();
        // Read once: for all that the compiler knows, what is written to slots could change them.
        // SAFETY: P2: there is room for a slot, since `to` is above `from`.
        let (first, size) = (unsafe { self.slot(0) }.as_ptr(), page.slot_size);
        for number in numbers {
            // SAFETY: P2: there is room for `capacity` slots, and `number` is below it.
            let slot = unsafe { first.byte_add(number as usize * size) };
            // SAFETY: O1 by P2.
            let slot = unsafe { ObjectRef::new(slot) };
            #[cfg(feature = "stress")]
            crate::stress::slot_carved(&page.heap, slot);
            slot.init_free(free);
            free = Some(slot);
        }
        page.free.set(free);
        page.carved.set(to);
        true
    }

    /// Whether a slot is at hand.
    pub(crate) fn has_free(self) -> bool {
        self.page().free.get().is_some()
    }

    /// Whether every slot has been carved.
    pub(crate) fn is_carved(self) -> bool {
        self.page().carved.get() == self.page().capacity
    }

    /// # Safety
    /// `number < capacity`; its header is initialized or is about to be.
    #[inline]
    pub(crate) unsafe fn slot(self, number: u32) -> ObjectRef {
        let page = self.page();
        let offset = page.first as usize + number as usize * page.slot_size;
        // SAFETY: P2: the slot lies inside the page, to which `self.0` has provenance.
        let start = unsafe { self.0.byte_add(offset) };
        // SAFETY: O1 by P2.
        unsafe { ObjectRef::new(start.cast::<Header>()) }
    }

    /// The slot's number on its page.
    #[inline]
    pub(crate) fn number_of(self, object: ObjectRef) -> u32 {
        let page = self.page();
        #[expect(clippy::cast_possible_truncation, reason = "an offset inside a page")]
        let offset = (object.as_ptr().addr().get() & (PAGE - 1)) as u32 - page.first;
        // Exact: offsets are multiples of the slot size and below 2¹⁴.
        ((u64::from(offset) * u64::from(page.reciprocal)) >> 32) as u32
    }

    /// Where a slice keeps its length: the last word of its slot.
    #[inline]
    pub(crate) fn length_word(self, object: ObjectRef) -> NonNull<usize> {
        let offset = self.page().slot_size - size_of::<usize>();
        // SAFETY: P2: the slot is `slot_size` long, and aligned to 8 like that size.
        unsafe { object.as_ptr().byte_add(offset) }.cast()
    }

    /// Every object on the page, whatever its life. Dead slots are left out.
    pub(crate) fn objects(self) -> impl Iterator<Item = ObjectRef> {
        (0..self.page().carved.get()).filter_map(move |number| {
            // SAFETY: P2: carved, so its header is initialized.
            let slot = unsafe { self.slot(number) };
            (slot.life() != Life::Free).then_some(slot)
        })
    }

    /// The slots of the free list.
    pub(crate) fn free_slots(self) -> impl Iterator<Item = ObjectRef> {
        std::iter::successors(self.page().free.get(), |slot| slot.next_free())
    }

    /// Slots that were ever handed out.
    pub(crate) fn carved(self) -> u32 {
        self.page().carved.get()
    }

    // ---- what the heap keeps here --------------------------------------------------------------

    #[inline(always)]
    pub(crate) fn heap(self) -> HeapRef {
        self.page().heap
    }

    /// Where it is, for its place among others.
    pub(crate) fn addr(self) -> usize {
        self.0.addr().get()
    }

    pub(crate) fn chunk(self) -> ChunkRef {
        self.page().chunk
    }

    pub(crate) fn number(self) -> u8 {
        self.page().number
    }

    pub(crate) fn class(self) -> u16 {
        self.page().class
    }

    pub(crate) fn is_tracked(self) -> bool {
        self.page().tracked
    }

    /// Slots that hold an object, or the remains of one that weak handles keep.
    pub(crate) fn used(self) -> u32 {
        match self.wakes_at() {
            // It wraps while a judgement keeps the heap from looking at the page.
            Some(at) => self.page().ahead.get().wrapping_add(at),
            #[expect(clippy::cast_possible_truncation, reason = "no more than were carved")]
            // No more than were carved, should the list lead back into itself.
            None => self.carved() - self.free_slots().take(self.carved() as usize).count() as u32,
        }
    }

    /// What the page counts for: its size, or that of the chunk that it has for itself.
    pub(crate) fn bytes(self) -> usize {
        let chunk = self.chunk();
        if chunk.is_shared() { PAGE } else { chunk.bytes() }
    }

    pub(crate) fn slot_size(self) -> usize {
        self.page().slot_size
    }

    /// The heap wants to know when this many slots are used; `None`: never.
    pub(crate) fn wake_at(self, used: Option<u32>) {
        let ahead = used.map_or(NEVER, |at| self.used() - at);
        self.page().wake_at.set(used.unwrap_or(NEVER));
        self.page().ahead.set(ahead);
    }

    /// The page has run full: the heap wants to know when it is worth allocating from again.
    pub(crate) fn sleep(self) {
        self.wake_at(Some(self.wakes_from_sleep_at()));
    }

    /// How many slots are used when a page that ran full wakes the heap: seven in eight, or all but one. A
    /// slot at a time is not worth the change from page to page.
    pub(crate) fn wakes_from_sleep_at(self) -> u32 {
        let capacity = self.page().capacity;
        capacity - 1 - capacity / 8
    }

    /// When the heap wants to know.
    pub(crate) fn wakes_at(self) -> Option<u32> {
        Some(self.page().wake_at.get()).filter(|&at| at != NEVER)
    }

    pub(crate) fn next(self) -> Option<PageRef> {
        self.page().next.get()
    }

    /// Puts this page before `head`, the first of a list; returns the new first.
    pub(crate) fn link_before(self, head: Option<PageRef>) -> PageRef {
        self.page().prev.set(None);
        self.page().next.set(head);
        if let Some(head) = head {
            head.page().prev.set(Some(self));
        }
        self
    }

    /// Takes this page out of the list that starts with `head`, if it is there; returns the new first.
    pub(crate) fn unlink(self, head: Option<PageRef>) -> Option<PageRef> {
        let (prev, next) = (self.page().prev.take(), self.page().next.take());
        if let Some(next) = next {
            next.page().prev.set(prev);
        }
        match prev {
            Some(prev) => {
                prev.page().next.set(next);
                head
            }
            None if head == Some(self) => next,
            None => head,
        }
    }

    // ---- suspects ------------------------------------------------------------------------------

    /// The suspects of a page of tracked objects.
    fn suspects(self) -> &'static [Suspects] {
        assert!(self.page().tracked, "pages of leaves have no bitmaps");
        // SAFETY: P1: in a page of tracked objects these words stand right behind the header.
        let first = unsafe { self.0.add(1) }.cast::<Suspects>();
        let words = self.page().capacity.div_ceil(64) as usize;
        // SAFETY: `init` wrote so many; they are all cells. The reference is used at once: this function
        // is private.
        unsafe { std::slice::from_raw_parts(first.as_ptr(), words) }
    }

    fn set_suspect(self, object: ObjectRef, generation: Option<usize>) {
        let number = self.number_of(object);
        self.suspects()[number as usize / 64].set(1 << (number % 64), generation);
    }

    /// Notes that the object is a suspect of this generation.
    pub(crate) fn mark_suspect(self, object: ObjectRef, generation: Generation) {
        if !self.page().tracked {
            return tracked_leaf::mark_suspect(object);
        }
        self.set_suspect(object, Some(generation.index()));
        self.chunk().mark_suspect(self.number(), generation.index());
    }

    /// Notes that the object is a suspect no more.
    pub(crate) fn unmark_suspect(self, object: ObjectRef) {
        if !self.page().tracked {
            return tracked_leaf::unmark_suspect(object);
        }
        self.set_suspect(object, None);
    }

    /// The suspects of all generations up to this one, in the order of their addresses; with their marks
    /// taken off before, if they are to be unmarked. Those of objects that have died are.
    #[inline]
    pub(crate) fn suspects_up_to(
        self,
        generation: usize,
        unmark: bool,
        mut found: impl FnMut(ObjectRef),
    ) {
        for (suspects, first) in self.suspects().iter().zip((0..).step_by(64)) {
            let mut slots = suspects.up_to(generation);
            if unmark {
                suspects.set(slots, None);
            }
            let mut stale = 0;
            while slots != 0 {
                // SAFETY: P2: only carved slots are ever marked.
                let object = unsafe { self.slot(first + slots.trailing_zeros()) };
                let rest = slots & (slots - 1);
                if object.has(SUSPECT) {
                    found(object);
                } else {
                    stale |= slots ^ rest;
                }
                slots = rest;
            }
            if stale != 0 {
                suspects.set(stale, None);
            }
        }
    }

    /// The suspects of all generations up to `from` now belong to `to`. What is noted in the chunk
    /// follows: a page without suspects is not looked at again. Returns whether any are left.
    pub(crate) fn promote_suspects(self, from: usize, to: usize) -> bool {
        let mut any = 0;
        for suspects in self.suspects() {
            suspects.set(suspects.up_to(from), Some(to));
            any |= suspects.up_to(to);
        }
        self.chunk().promote_suspects(self.number(), to, any != 0);
        any != 0
    }
}
