//! The storage of one heap: size classes, their pages, and the chunks that the pages come from.
//!
//! Handing out a slot takes it from the current page of its class; a page that ran full is found
//! again when an eighth of its objects is gone. Leaves and tracked objects never share a page, so
//! that the collector looks at tracked ones alone.

use std::cell::{Cell, RefCell};

use crate::chunk::{ChunkRef, MOST_PAGES, Request};
use crate::losses::Losses;
use crate::object::{HEADER, ObjectRef};
use crate::page::{PAGE, PageRef, Plan, capacity, first_slot};
use crate::state::HeapRef;

#[cfg(test)]
mod tests;

/// Slot sizes: each multiple of 8 up to here ...
const FINE: usize = 512;
const FINE_CLASSES: usize = (FINE - HEADER) / 8 + 1;
/// ... then these, multiples of 16, of which the last ones divide a page evenly.
const COARSE: [usize; 22] = [
    576, 640, 704, 768, 832, 896, 960, 1024, 1152, 1280, 1408, 1536, 1664, 1792, 1920, 2048, 2288,
    2672, 3200, 4000, 5328, 8000,
];
const SIZES: usize = FINE_CLASSES + COARSE.len();
/// Each size for leaves and for tracked objects.
const CLASSES: usize = 2 * SIZES;
/// What a page of a single big object has for its class.
const BIG: u16 = u16::MAX;
/// Alignment that every slot has if its size is a multiple of it.
const SLOT_ALIGN: usize = 16;

/// Pages of chunks with none in use that a heap keeps: 32 MiB, so that one which shrinks and grows does
/// not go to the allocator, and through page faults, each time. With more, half of that stays.
const MOST_SPARE: usize = 2048;
/// What a full collection leaves of them: 8 MiB. (CPython's clears its free lists.)
const SPARE_AFTER_FULL: usize = 512;

/// Where a value of some layout goes.
#[derive(Clone, Copy)]
pub(crate) enum Fit {
    /// A slot of this class.
    Class(usize),
    /// A page of its own: slot size, alignment.
    Big { slot: usize, align: usize, tracked: bool },
}

/// Chooses the place for values of `size` and `align`. `None`: larger than memory.
#[inline]
pub(crate) const fn fit(size: usize, align: usize, tracked: bool) -> Option<Fit> {
    let unit = if align <= 8 { 8 } else { SLOT_ALIGN };
    let Some(size) = size.checked_next_multiple_of(unit) else { return None };
    let Some(slot) = size.checked_add(HEADER) else { return None };
    if align > SLOT_ALIGN || slot > COARSE[COARSE.len() - 1] {
        return Some(Fit::Big { slot, align, tracked });
    }
    let number = if slot <= FINE {
        (slot - HEADER) / 8
    } else {
        let mut number = 0;
        while COARSE[number] < slot {
            number += 1;
        }
        FINE_CLASSES + number
    };
    Some(Fit::Class(2 * number + tracked as usize))
}

/// The slot size of a class.
const fn slot_size(class: usize) -> usize {
    let number = class / 2;
    if number < FINE_CLASSES { HEADER + 8 * number } else { COARSE[number - FINE_CLASSES] }
}

/// A heap's pages.
pub(crate) struct Store {
    /// The page of each class that slots come from.
    current: [Cell<PageRef>; CLASSES],
    /// Further pages of each class that have room; a list through the pages.
    with_room: [Cell<Option<PageRef>>; CLASSES],
    /// Big objects, leaves and tracked: lists through their pages.
    big: [Cell<Option<PageRef>>; 2],
    /// Chunks of several pages, by address.
    chunks: RefCell<Vec<ChunkRef>>,
    /// The chunk that the last new page came from.
    latest: Cell<Option<ChunkRef>>,
    /// Pages of those of `chunks` without a page in use, kept for the next need.
    spare: Cell<usize>,
    /// Pages in use, and their bytes.
    pages: Cell<usize>,
    bytes: Cell<usize>,
    /// Bytes by which the pages in use have grown since somebody last looked; never below zero.
    fresh_bytes: Cell<usize>,
    /// Young suspects that are not marked on their pages yet.
    pub(crate) losses: Losses,
    /// Slots without an object that weak handles keep.
    pub(crate) remains: Cell<usize>,
    /// Bytes of the slots that stress holds back.
    #[cfg(feature = "stress")]
    held_back: Cell<usize>,
    /// No page is anybody's current one, so that each goes with its last object.
    closed: Cell<bool>,
}

impl Store {
    pub(crate) fn new() -> Self {
        Self {
            current: [const { Cell::new(None::<PageRef>) }; CLASSES]
                .map(|_| Cell::new(PageRef::without_room())),
            with_room: [const { Cell::new(None) }; CLASSES],
            big: [const { Cell::new(None) }; 2],
            chunks: RefCell::new(Vec::new()),
            latest: Cell::new(None),
            spare: Cell::new(0),
            pages: Cell::new(0),
            bytes: Cell::new(0),
            fresh_bytes: Cell::new(0),
            losses: Losses::new(),
            remains: Cell::new(0),
            #[cfg(feature = "stress")]
            held_back: Cell::new(0),
            closed: Cell::new(false),
        }
    }

    /// The page that slots of this class come from at present.
    #[inline(always)]
    pub(crate) fn current(&self, class: usize) -> PageRef {
        self.current[class].get()
    }

    /// A slot of this class, if its current page has one at hand.
    #[inline(always)]
    pub(crate) fn take(&self, class: usize) -> Option<ObjectRef> {
        self.current[class].get().take()
    }

    /// A slot of this class, wherever it must come from. `None`: out of memory.
    pub(crate) fn take_slowly(&self, heap: HeapRef, class: usize) -> Option<ObjectRef> {
        if self.closed.get() {
            self.take_from_closed(heap, class)
        } else {
            self.refill(heap, class)?.take()
        }
    }

    /// Gives the class a current page with a slot at hand.
    fn refill(&self, heap: HeapRef, class: usize) -> Option<PageRef> {
        let current = self.current[class].get();
        if current.carve() {
            return Some(current);
        }
        let page = match self.with_room[class].get() {
            Some(page) => {
                self.with_room[class].set(page.unlink(Some(page)));
                page
            }
            None => self.new_page(heap, class)?,
        };
        // The full page asks for attention when some of its slots have come back; the new one, whose
        // slots are in use soon, not at all.
        if current != PageRef::without_room() {
            current.sleep();
        }
        page.wake_at(None);
        self.current[class].set(page);
        // A page with room has a free slot, or some that were never carved.
        if !page.has_free() {
            let carved = page.carve();
            debug_assert!(carved);
        }
        Some(page)
    }

    /// A slot of a closed heap: its pages stay listed, so that each goes with its last object.
    fn take_from_closed(&self, heap: HeapRef, class: usize) -> Option<ObjectRef> {
        let page = match self.with_room[class].get() {
            Some(page) => page,
            None => {
                let page = self.new_page(heap, class)?;
                page.wake_at(Some(0));
                self.with_room[class].set(Some(page.link_before(None)));
                page
            }
        };
        if !page.has_free() {
            page.carve();
        }
        let slot = page.take_counted();
        if !page.has_free() && page.is_carved() {
            self.with_room[class].set(page.unlink(self.with_room[class].get()));
            page.sleep();
        }
        slot
    }

    fn new_page(&self, heap: HeapRef, class: usize) -> Option<PageRef> {
        let tracked = class % 2 == 1;
        if tracked {
            self.losses.make_room();
        }
        let chunk = self.chunk_with_room()?;
        let (start, number) = chunk.take_page(tracked)?;
        let slot_size = slot_size(class);
        let fit = capacity(tracked, slot_size);
        let first = first_slot(tracked, fit);
        #[expect(clippy::cast_possible_truncation, reason = "a page has below 2¹⁶ slots")]
        let capacity = fit as u32;
        #[cfg(feature = "stress")]
        let capacity = heap.stress.slots_of_a_page(capacity, self.pages.get());
        #[expect(clippy::cast_possible_truncation, reason = "there are below 2¹⁶ classes")]
        let plan =
            Plan { heap, chunk, number, class: class as u16, tracked, slot_size, capacity, first };
        self.grow_by(PAGE);
        // SAFETY: the chunk gave us the page alone; the slots fit by the division, sizes and first
        // slot are multiples of 8; the heap outlives its pages (`HeapRef`, H2).
        Some(unsafe { PageRef::init(start, &plan) })
    }

    fn chunk_with_room(&self) -> Option<ChunkRef> {
        let mut chunks = self.chunks.borrow_mut();
        // The same one until it is full, then the lowest: a search is rare beside a chunk's pages.
        let latest = self.latest.get().filter(|chunk| chunk.has_room());
        let found = latest.or_else(|| chunks.iter().copied().find(|chunk| chunk.has_room()));
        if let Some(chunk) = found {
            self.latest.set(Some(chunk));
            if chunk.is_unused() {
                self.spare.set(self.spare.get() - chunk.pages_in_all());
            }
            return Some(chunk);
        }
        // Small heaps stay small.
        let pages = match chunks.len() {
            0 => 4,
            1 => 16,
            _ => MOST_PAGES,
        };
        chunks.try_reserve(1).ok()?;
        let bytes = pages as usize * PAGE;
        let chunk = ChunkRef::allocate(&Request { pages, bytes, align: PAGE })?;
        let place = chunks.partition_point(|other| other.addr() < chunk.addr());
        chunks.insert(place, chunk);
        self.latest.set(Some(chunk));
        Some(chunk)
    }

    /// A slot on a page of its own. `None`: out of memory.
    pub(crate) fn take_big(
        &self,
        heap: HeapRef,
        slot_size: usize,
        align: usize,
        tracked: bool,
    ) -> Option<ObjectRef> {
        // The header ends where the value starts, and lies on the first page of the chunk.
        let value = (first_slot(tracked, 1) + HEADER).next_multiple_of(align.min(PAGE));
        let first = value - HEADER;
        let bytes = first.checked_add(slot_size)?;
        let chunk = ChunkRef::allocate(&Request { pages: 1, bytes, align: align.max(PAGE) })?;
        let (start, number) = chunk.take_page(tracked)?;
        let plan = Plan { heap, chunk, number, class: BIG, tracked, slot_size, capacity: 1, first };
        self.grow_by(chunk.bytes());
        // SAFETY: the chunk is this page's alone and was asked for with room for the slot; the heap
        // outlives its pages (H2).
        let page = unsafe { PageRef::init(start, &plan) };
        page.carve();
        page.wake_at(Some(0));
        let list = &self.big[usize::from(tracked)];
        list.set(Some(page.link_before(list.get())));
        page.take_counted()
    }

    /// Looks at a page that asked for it: it has room again, or nothing is left on it.
    #[cold]
    #[inline(never)]
    pub(crate) fn page_woke(&self, page: PageRef) {
        if page.class() == BIG {
            let list = &self.big[usize::from(page.is_tracked())];
            list.set(page.unlink(list.get()));
            self.retire(page);
            return;
        }
        let class = usize::from(page.class());
        let list = &self.with_room[class];
        if self.current[class].get() == page {
            page.wake_at(None);
        } else if page.used() == 0 {
            // It may not be there: asleep, and all its objects went while the heap was judging.
            list.set(page.unlink(list.get()));
            self.retire(page);
        } else {
            list.set(Some(page.link_before(list.get())));
            page.wake_at(Some(0));
        }
    }

    /// Looks at the pages whose call nobody could answer, since the heap was judging.
    #[cold]
    pub(crate) fn answer_calls(&self) {
        // One at a time, since a chunk may go with a page.
        loop {
            let mut waiting = None;
            self.for_each_page(|page| {
                if page.wakes_at().is_some_and(|at| page.used() <= at) {
                    waiting = Some(page);
                }
            });
            let Some(page) = waiting else { return };
            self.page_woke(page);
        }
    }

    /// Gives an unused page, on no list, back to its chunk, and the chunk back if that was the last.
    fn retire(&self, page: PageRef) {
        // What was written down of the page would lead nowhere soon.
        if self.losses.len() > 0 {
            self.losses.mark_all();
        }
        let chunk = page.chunk();
        self.pages.set(self.pages.get() - 1);
        let bytes = page.bytes();
        self.bytes.set(self.bytes.get() - bytes);
        self.fresh_bytes.set(self.fresh_bytes.get().saturating_sub(bytes));
        if !chunk.put_page(page.number()) {
            return;
        }
        if !chunk.is_shared() {
            // SAFETY: its only page was just given back.
            unsafe { chunk.release() };
        } else {
            self.spare.set(self.spare.get() + chunk.pages_in_all());
            if self.closed.get() {
                self.release_spares(0);
            } else if self.spare.get() > MOST_SPARE {
                self.release_spares(MOST_SPARE / 2);
            }
        }
    }

    /// Everything was judged: few spare chunks are kept.
    pub(crate) fn all_was_judged(&self) {
        if self.spare.get() > SPARE_AFTER_FULL {
            self.release_spares(SPARE_AFTER_FULL);
        }
    }

    /// Gives chunks without a page in use back to the allocator, until they have `keep` pages at most.
    fn release_spares(&self, keep: usize) {
        let mut chunks = self.chunks.borrow_mut();
        let mut kept = 0;
        chunks.retain(|&chunk| {
            let pages = chunk.pages_in_all();
            if !chunk.is_unused() {
                return true;
            } else if kept + pages <= keep {
                kept += pages;
                return true;
            }
            // SAFETY: unused, and taken off the only list.
            unsafe { chunk.release() };
            false
        });
        if chunks.is_empty() {
            *chunks = Vec::new();
        }
        self.latest.set(None);
        self.spare.set(kept);
    }

    fn grow_by(&self, bytes: usize) {
        self.pages.set(self.pages.get() + 1);
        self.bytes.set(self.bytes.get() + bytes);
        self.fresh_bytes.set(self.fresh_bytes.get() + bytes);
    }

    /// From now on each page goes with its last object.
    pub(crate) fn close(&self) {
        self.closed.set(true);
        for class in 0..CLASSES {
            let page = self.current[class].replace(PageRef::without_room());
            if page == PageRef::without_room() {
            } else if page.used() == 0 {
                self.retire(page);
            } else if page.has_free() || !page.is_carved() {
                let list = &self.with_room[class];
                list.set(Some(page.link_before(list.get())));
                page.wake_at(Some(0));
            } else {
                page.sleep();
            }
        }
        self.release_spares(0);
    }

    // ---- enumeration -----------------------------------------------------------------------------

    /// Every page in use.
    pub(crate) fn for_each_page(&self, mut page: impl FnMut(PageRef)) {
        self.chunks.borrow().iter().flat_map(|chunk| chunk.pages()).for_each(&mut page);
        self.big.iter().flat_map(|list| pages_from(list.get())).for_each(page);
    }

    /// Every page of tracked objects.
    pub(crate) fn for_each_tracked_page(&self, mut page: impl FnMut(PageRef)) {
        self.chunks.borrow().iter().flat_map(|chunk| chunk.tracked_pages()).for_each(&mut page);
        pages_from(self.big[1].get()).for_each(page);
    }

    /// Every page with suspects of generations up to this one, in the order of addresses (big objects
    /// last).
    pub(crate) fn for_each_suspect_page(&self, generation: usize, mut page: impl FnMut(PageRef)) {
        let chunks = self.chunks.borrow();
        chunks.iter().flat_map(|chunk| chunk.pages_with_suspects(generation)).for_each(&mut page);
        pages_from(self.big[1].get())
            .flat_map(|big| big.chunk().pages_with_suspects(generation))
            .for_each(page);
    }

    /// Checks that each page is where it belongs: current, listed, asleep, or big.
    pub(crate) fn verify(&self, mut check: impl FnMut(&str, Option<u32>, Option<u32>)) {
        let mut known = Vec::new();
        for class in 0..CLASSES {
            let current = self.current[class].get();
            if current != PageRef::without_room() {
                check("when a current page wakes the heap", current.wakes_at(), None);
                known.push(current);
            }
            for page in pages_from(self.with_room[class].get()) {
                check("when a page with room wakes the heap", page.wakes_at(), Some(0));
                let room = u32::from(page.has_free() || !page.is_carved());
                check("a page with room has some", Some(room), Some(1));
                known.push(page);
            }
        }
        for page in self.big.iter().flat_map(|list| pages_from(list.get())) {
            check("when a big object's page wakes the heap", page.wakes_at(), Some(0));
            known.push(page);
        }
        known.sort_unstable();
        self.for_each_page(|page| {
            if known.binary_search(&page).is_err() {
                let wakes_at = page.wakes_from_sleep_at();
                check("when a page that ran full wakes the heap", page.wakes_at(), Some(wakes_at));
                let asleep = u32::from(page.used() > wakes_at && page.is_carved());
                check("a page on no list is nearly full", Some(asleep), Some(1));
            }
        });
    }

    // ---- figures ---------------------------------------------------------------------------------

    /// Pages in use. At zero a closed heap has nothing left.
    pub(crate) fn pages(&self) -> usize {
        self.pages.get()
    }

    /// Bytes of the pages in use.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes.get()
    }

    /// Bytes by which the pages in use have grown since the last `reset_fresh_bytes`.
    pub(crate) fn fresh_bytes(&self) -> usize {
        self.fresh_bytes.get()
    }

    pub(crate) fn reset_fresh_bytes(&self) {
        self.fresh_bytes.set(0);
    }

    /// Objects, whatever their type.
    pub(crate) fn live_objects(&self) -> usize {
        let mut used = 0;
        self.for_each_page(|page| used += page.used() as usize);
        used - self.remains.get()
    }

    /// Bytes of the slots of all objects.
    pub(crate) fn live_bytes(&self) -> usize {
        let mut bytes = 0;
        self.for_each_page(|page| bytes += page.used() as usize * page.slot_size());
        #[cfg(feature = "stress")]
        let bytes = bytes - self.held_back.get();
        bytes
    }

    /// This slot is neither free nor an object's.
    #[cfg(feature = "stress")]
    pub(crate) fn hold_back(&self, slot: ObjectRef) {
        self.remains.set(self.remains.get() + 1);
        self.held_back.set(self.held_back.get() + slot.page().slot_size());
    }

    /// This slot is to be freed at last.
    #[cfg(feature = "stress")]
    pub(crate) fn hold_back_no_more(&self, slot: ObjectRef) {
        self.remains.set(self.remains.get() - 1);
        self.held_back.set(self.held_back.get() - slot.page().slot_size());
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        debug_assert!(self.pages.get() == 0);
        for chunk in self.chunks.take() {
            // SAFETY: the heap goes only when no page is in use (H2).
            unsafe { chunk.release() };
        }
    }
}

/// The pages of a list.
fn pages_from(first: Option<PageRef>) -> impl Iterator<Item = PageRef> {
    std::iter::successors(first, |page| page.next())
}
