//! Chunks: what the heap gets from the global allocator and gives back, a run of pages; and the
//! thread's list of them, which turns a number back into a pointer.

use std::alloc::Layout;
use std::cell::{Cell, RefCell};
use std::mem::ManuallyDrop;
use std::ptr::NonNull;

use crate::object::{Header, ObjectRef};
use crate::page::{PAGE, PageRef, SLOT_BITS};

#[cfg(test)]
mod tests;

/// The most pages that a chunk has.
pub(crate) const MOST_PAGES: u32 = 64;

thread_local! {
    /// The chunks of this thread. Without a destructor: objects may die in a thread's last ones.
    static CHUNKS: RefCell<ManuallyDrop<Numbers>> =
        const { RefCell::new(ManuallyDrop::new(Numbers::NONE)) };
}

/// Where each chunk starts, by its number.
struct Numbers {
    /// Of a number that nobody has: dangling.
    starts: Vec<NonNull<u8>>,
    /// The numbers that nobody has. It has room for all, so that giving one back needs no memory.
    free: Vec<u32>,
}

impl Numbers {
    const NONE: Self = Self { starts: Vec::new(), free: Vec::new() };

    /// A number for the chunk that starts here. `None`: no memory to note it.
    fn give(&mut self, start: NonNull<u8>) -> Option<u32> {
        if let Some(number) = self.free.pop() {
            self.starts[number as usize] = start;
            return Some(number);
        }
        let number = u32::try_from(self.starts.len()).ok()?;
        self.starts.try_reserve(1).ok()?;
        self.free.try_reserve(self.starts.len() + 1).ok()?;
        self.starts.push(start);
        Some(number)
    }

    fn take_back(&mut self, number: u32) {
        self.starts[number as usize] = NonNull::dangling();
        self.free.push(number);
        if self.free.len() == self.starts.len() {
            // The last chunk of the thread takes the list with it.
            *self = Self::NONE;
        }
    }
}

/// A run of pages, in one block of the global allocator. This stands at the block's start, before the
/// first page: mostly in what aligning the pages leaves over.
#[repr(align(16))]
pub(crate) struct Chunk {
    /// How the allocator wants the block back.
    layout: Layout,
    /// Where the first page starts.
    start: NonNull<u8>,
    /// Its place in the thread's list.
    id: u32,
    pages: u32,
    /// Pages that nobody uses.
    free: Cell<u64>,
    /// Pages of tracked objects.
    tracked: Cell<u64>,
    /// Pages with suspects, by generation.
    suspects: [Cell<u64>; 3],
}

/// A chunk of a heap.
///
/// # Invariants
/// K1. `self.0` came from [`ChunkRef::allocate`], with provenance for the whole block, and was not
///     released.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct ChunkRef(NonNull<Chunk>);

/// The alignment of a plain block.
const MALLOC_ALIGN: usize = 16;
const _: () = assert!(align_of::<Chunk>() == MALLOC_ALIGN);

/// Asks for a chunk.
pub(crate) struct Request {
    pub(crate) pages: u32,
    /// All bytes from the first page's start. With one page it may be more than [`PAGE`].
    pub(crate) bytes: usize,
    /// At least [`PAGE`].
    pub(crate) align: usize,
}

impl Request {
    /// Bytes of the block. `None`: more than there can be.
    fn size(&self) -> Option<usize> {
        // Aligned inside a larger block: allocators reuse plain blocks, while aligned ones leave gaps
        // that no later aligned one fits into (glibc's heap grew by each round of a large sweep).
        let slack = self.align - MALLOC_ALIGN;
        (size_of::<Chunk>() + slack).checked_add(self.before())?.checked_add(self.bytes)
    }

    /// An object aligned beyond a page stands at the alignment itself, its header before it, and the page
    /// around that header starts one page earlier: so many bytes behind the alignment before.
    fn before(&self) -> usize {
        self.align - PAGE
    }

    /// Bytes from the start of a block at this address to the first page.
    fn first_page(&self, block: usize) -> usize {
        (block + size_of::<Chunk>()).next_multiple_of(self.align) + self.before() - block
    }
}

impl ChunkRef {
    /// Stands where there is no chunk, and is never used.
    pub(crate) const fn dangling() -> Self {
        Self(NonNull::dangling())
    }

    /// Gets memory from the global allocator. `None`: there is none.
    pub(crate) fn allocate(request: &Request) -> Option<Self> {
        debug_assert!(request.pages <= MOST_PAGES && request.align >= PAGE);
        let layout = Layout::from_size_align(request.size()?, MALLOC_ALIGN).ok()?;
        // SAFETY: pages are not empty, so the size is not zero.
        let base = NonNull::new(unsafe { std::alloc::alloc(layout) })?;
        // SAFETY: the first page lies inside the block (`Request::size` has room for what aligning takes).
        let start = unsafe { base.add(request.first_page(base.addr().get())) };
        let Some(id) = CHUNKS.with_borrow_mut(|numbers| numbers.give(start)) else {
            // SAFETY: allocated above, with this layout.
            unsafe { std::alloc::dealloc(base.as_ptr(), layout) };
            return None;
        };
        let pages = request.pages;
        let free = Cell::new(u64::MAX >> (MOST_PAGES - pages));
        let (tracked, suspects) = (Cell::new(0), Default::default());
        let chunk = base.cast::<Chunk>();
        // SAFETY: the block's start is ours alone, and aligned as blocks are; the first page is behind it.
        unsafe { chunk.write(Chunk { layout, start, id, pages, free, tracked, suspects }) };
        Some(Self(chunk))
    }

    /// Gives the memory back.
    ///
    /// # Safety
    /// No page of the chunk is in use, and the chunk is not used again.
    pub(crate) unsafe fn release(self) {
        let Chunk { id, layout, .. } = *self.chunk();
        CHUNKS.with_borrow_mut(|numbers| numbers.take_back(id));
        // SAFETY: K1: the block starts here, and was allocated with this layout. Nothing lies in it any
        // more, by the caller, and a `Chunk` has nothing to drop.
        unsafe { std::alloc::dealloc(self.0.cast().as_ptr(), layout) };
    }

    fn chunk(&self) -> &Chunk {
        // SAFETY: K1; all that changes in a chunk are cells.
        unsafe { self.0.as_ref() }
    }

    /// The address of its first page, for sorting.
    pub(crate) fn addr(self) -> usize {
        self.chunk().start.addr().get()
    }

    /// Bytes that it took from the allocator.
    pub(crate) fn bytes(self) -> usize {
        self.chunk().layout.size()
    }

    /// Whether several pages share it.
    pub(crate) fn is_shared(self) -> bool {
        self.chunk().pages > 1
    }

    /// Takes the lowest page that nobody uses: its start and its number.
    pub(crate) fn take_page(self, tracked: bool) -> Option<(NonNull<u8>, u8)> {
        let chunk = self.chunk();
        let free = chunk.free.get();
        if free == 0 {
            return None;
        }
        let number = free.trailing_zeros();
        chunk.free.set(free & (free - 1));
        if tracked {
            chunk.tracked.set(chunk.tracked.get() | 1 << number);
        }
        #[expect(clippy::cast_possible_truncation, reason = "at most 64 pages")]
        let number = number as u8;
        Some((self.page_start(number), number))
    }

    fn page_start(self, number: u8) -> NonNull<u8> {
        // SAFETY: the chunk has more than `number` pages, by those who hold such numbers.
        unsafe { self.chunk().start.add(usize::from(number) * PAGE) }
    }

    /// Takes a page back. Returns whether the chunk is now unused.
    pub(crate) fn put_page(self, number: u8) -> bool {
        let chunk = self.chunk();
        let bit = 1 << number;
        chunk.free.set(chunk.free.get() | bit);
        chunk.tracked.set(chunk.tracked.get() & !bit);
        for pages in &chunk.suspects {
            pages.set(pages.get() & !bit);
        }
        self.is_unused()
    }

    /// Its pages, in use or not.
    pub(crate) fn pages_in_all(self) -> usize {
        self.chunk().pages as usize
    }

    /// Whether no page is in use.
    pub(crate) fn is_unused(self) -> bool {
        self.chunk().free.get().count_ones() == self.chunk().pages
    }

    /// Whether a page is to be had.
    pub(crate) fn has_room(self) -> bool {
        self.chunk().free.get() != 0
    }

    fn pages_of(self, mut bits: u64) -> impl Iterator<Item = PageRef> {
        std::iter::from_fn(move || {
            let number = (bits != 0).then(|| bits.trailing_zeros())?;
            bits &= bits - 1;
            #[expect(clippy::cast_possible_truncation, reason = "at most 64 pages")]
            let start = self.page_start(number as u8);
            // SAFETY: O1 holds as far as `PageRef::of` needs it: the page is in use, so mapped and
            // initialized, and the pointer has provenance for the chunk.
            Some(PageRef::of(unsafe { ObjectRef::new(start.cast::<Header>()) }))
        })
    }

    /// The pages in use.
    pub(crate) fn pages(self) -> impl Iterator<Item = PageRef> {
        let chunk = self.chunk();
        self.pages_of(!chunk.free.get() & (u64::MAX >> (MOST_PAGES - chunk.pages)))
    }

    /// The pages in use that hold tracked objects.
    pub(crate) fn tracked_pages(self) -> impl Iterator<Item = PageRef> {
        self.pages_of(self.chunk().tracked.get())
    }

    /// The pages with suspects of generations up to this one.
    pub(crate) fn pages_with_suspects(self, generation: usize) -> impl Iterator<Item = PageRef> {
        let suspects = &self.chunk().suspects[..=generation];
        self.pages_of(suspects.iter().fold(0, |all, pages| all | pages.get()))
    }

    /// Notes that the page has a suspect of this generation.
    pub(crate) fn mark_suspect(self, page: u8, generation: usize) {
        let pages = &self.chunk().suspects[generation];
        pages.set(pages.get() | 1 << page);
    }

    /// Notes that the page's suspects, if it has `any`, are all of generation `to` or older.
    pub(crate) fn promote_suspects(self, page: u8, to: usize, any: bool) {
        for pages in &self.chunk().suspects[..to] {
            pages.set(pages.get() & !(1 << page));
        }
        let pages = &self.chunk().suspects[to];
        pages.set(pages.get() & !(1 << page) | u64::from(any) << page);
    }

    // ---- numbers for objects -------------------------------------------------------------------

    /// The object as two small numbers, of 32 and of 17 bits: its chunk, and its place there, which is its
    /// page and its slot.
    pub(crate) fn place_of(object: ObjectRef) -> (u32, u32) {
        let page = object.page();
        let place = u32::from(page.number()) << SLOT_BITS | page.number_of(object);
        (page.chunk().chunk().id, place)
    }

    /// The object back from its two numbers.
    ///
    /// # Safety
    /// They came from [`ChunkRef::place_of`] on this thread, and the object's page is still mapped.
    pub(crate) unsafe fn object_at(chunk: u32, place: u32) -> ObjectRef {
        // No chunk with dying objects is released, so its entry is in force.
        let start = CHUNKS.with_borrow(|numbers| numbers.starts[chunk as usize]);
        let offset = (place >> SLOT_BITS) as usize * PAGE;
        // SAFETY: the page lies inside the chunk, by the caller.
        let page = unsafe { start.add(offset) };
        // SAFETY: O1 holds as far as `PageRef::of` needs it: the page is mapped, and the pointer has
        // provenance for the chunk.
        let page = PageRef::of(unsafe { ObjectRef::new(page.cast::<Header>()) });
        // SAFETY: it was an object's number when the place was made, so it is below the capacity.
        unsafe { page.slot(place % (1 << SLOT_BITS)) }
    }
}
