//! An allocator that believes nobody: it ends the process with one line when a block is given back with a
//! layout that it was not made with (which no sanitizer looks at), is given back twice, was never
//! given out, was written beyond its ends, or was written to after it was freed.
//!
//! A block stands between two guards. New blocks and freed ones are filled with a pattern each, so that
//! a value read too early or too late is no likely one. Freed blocks wait in a quarantine; as they leave
//! it, and at the process's end, the pattern must still be there. The end looks at the guards of living
//! blocks, too.
//!
//! Nothing here allocates but through the system's allocator, and nothing panics.

use std::alloc::{GlobalAlloc, Layout, System};
use std::fmt::{self, Write};
use std::mem::MaybeUninit;
use std::ptr::null_mut;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The allocator. Its books are the process's: all values are the same one.
pub(crate) struct Checking;

/// What the bytes of a new block, of a freed one and of the guards are.
pub(crate) const NEW: u8 = 0xCB;
pub(crate) const FREED: u8 = 0xDB;
const GUARD: u8 = 0xEB;

/// Bytes behind a block, and the least before it.
const GUARD_SIZE: usize = 32;

/// The most blocks that wait in the quarantine, and the most bytes.
const MOST_BLOCKS: usize = 1 << 14;
const MOST_BYTES: usize = 64 << 20;

// ---- what the process is told --------------------------------------------------------------------

/// One line, built without memory. What is too long is cut off.
struct Line {
    bytes: [u8; 256],
    len: usize,
}

impl Write for Line {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = &mut self.bytes[self.len..];
        let len = text.len().min(room.len());
        room[..len].copy_from_slice(&text.as_bytes()[..len]);
        self.len += len;
        Ok(())
    }
}

unsafe extern "C" {
    /// As the C library declares it: `len` bytes can be read at `bytes`.
    fn write(file: i32, bytes: *const u8, len: usize) -> isize;
    // SAFETY: as the C library declares it: the function is called when the process ends.
    safe fn atexit(call: extern "C" fn()) -> i32;
}

/// Ends the process with these words.
fn fail(words: fmt::Arguments<'_>) -> ! {
    let mut line = Line { bytes: [0; 256], len: 0 };
    // A line takes all that it is given.
    let _ = writeln!(line, "checking allocator: {words}");
    // SAFETY: the line's bytes, on standard error.
    unsafe { write(2, line.bytes.as_ptr(), line.len) };
    std::process::abort()
}

/// A layout in words.
struct Told(Layout);

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes aligned to {}", self.0.size(), self.0.align())
    }
}

// ---- blocks --------------------------------------------------------------------------------------

/// A block that was given out, as the books have it.
#[derive(Clone, Copy)]
struct Block {
    ptr: *mut u8,
    layout: Layout,
    is_freed: bool,
}

impl Block {
    /// In places of the books where no block is noted.
    const NONE: Self = Self { ptr: null_mut(), layout: Layout::new::<()>(), is_freed: false };

    /// Bytes before it: a multiple of its alignment.
    fn before(layout: Layout) -> usize {
        layout.align().max(GUARD_SIZE)
    }

    /// The layout with the guards. `None`: no such block can be.
    fn outer(layout: Layout) -> Option<Layout> {
        let size = layout.size().checked_add(Self::before(layout))?.checked_add(GUARD_SIZE)?;
        Layout::from_size_align(size, layout.align()).ok()
    }

    /// Gets memory, sets the guards, and fills the block.
    fn make(layout: Layout) -> Option<Self> {
        let outer = Self::outer(layout)?;
        // SAFETY: with the guards, the size is not zero.
        let start = unsafe { System.alloc(outer) };
        if start.is_null() {
            return None;
        }
        // SAFETY: the block has that many bytes.
        unsafe { start.write_bytes(GUARD, outer.size()) };
        // SAFETY: the guard before it is part of the memory.
        let ptr = unsafe { start.add(Self::before(layout)) };
        // SAFETY: the block lies between the guards.
        unsafe { ptr.write_bytes(NEW, layout.size()) };
        Some(Self { ptr, layout, is_freed: false })
    }

    /// Fills the block, for the quarantine.
    fn bury(&self) {
        // SAFETY: the memory is the allocator's again, and has that many bytes.
        unsafe { self.ptr.write_bytes(FREED, self.layout.size()) };
    }

    /// Gives the memory back.
    fn release(self) {
        let outer = Self::outer(self.layout).expect("it was computed when the block was made");
        // SAFETY: the memory began that many bytes before the block.
        let start = unsafe { self.ptr.sub(Self::before(self.layout)) };
        // SAFETY: allocated with this layout, and the books have forgotten it.
        unsafe { System.dealloc(start, outer) };
    }

    /// The first of `len` bytes from `offset` on that is not `pattern`.
    fn first_other(&self, offset: isize, len: usize, pattern: u8) -> Option<usize> {
        // SAFETY: the caller asks for bytes of the block or of its guards.
        let start = unsafe { self.ptr.offset(offset) };
        // SAFETY: as above; all of them were written when the block was made, and who writes now errs.
        let bytes = unsafe { std::slice::from_raw_parts(start, len) };
        // By rows, which are compared at once: without optimization too, blocks may be large.
        let row = [pattern; 1024];
        let mut rows = bytes.chunks(row.len()).enumerate();
        let (number, other) = rows.find(|(_, other)| **other != row[..other.len()])?;
        let place = other.iter().position(|&byte| byte != pattern)?;
        Some(number * row.len() + place)
    }

    /// Nobody wrote beyond the ends.
    fn check_guards(&self) {
        let before = Self::before(self.layout);
        #[expect(clippy::cast_possible_wrap, reason = "no layout is larger than `isize::MAX`")]
        let (front, back) = (-(before as isize), self.layout.size() as isize);
        if let Some(place) = self.first_other(front, before, GUARD) {
            let bytes = before - place;
            let Self { ptr, layout, .. } = self;
            fail(format_args!(
                "block {ptr:?} of {} was written {bytes} bytes before its start",
                Told(*layout)
            ));
        }
        if let Some(place) = self.first_other(back, GUARD_SIZE, GUARD) {
            let Self { ptr, layout, .. } = self;
            fail(format_args!(
                "block {ptr:?} of {} was written {place} bytes behind its end",
                Told(*layout)
            ));
        }
    }

    /// Nobody wrote into it, nor beyond its ends, since it was freed.
    fn check_grave(&self) {
        if let Some(place) = self.first_other(0, self.layout.size(), FREED) {
            let Self { ptr, layout, .. } = self;
            fail(format_args!(
                "block {ptr:?} of {} was written at offset {place} after it was freed",
                Told(*layout)
            ));
        }
        self.check_guards();
    }
}

// ---- the books -----------------------------------------------------------------------------------

/// All blocks that live or wait in the quarantine.
struct Books {
    /// A table of `1 << bits` places, by address; each block stands at or behind its own.
    places: &'static mut [Block],
    bits: u32,
    blocks: usize,
    /// The freed ones in their order, a ring.
    quarantine: [*mut u8; MOST_BLOCKS],
    oldest: usize,
    waiting: usize,
    bytes_waiting: usize,
}

// SAFETY: what the pointers lead to is the allocator's, and is touched under the lock alone.
unsafe impl Send for Books {}

static BOOKS: Mutex<Books> = Mutex::new(Books {
    places: &mut [],
    bits: 0,
    blocks: 0,
    quarantine: [null_mut(); MOST_BLOCKS],
    oldest: 0,
    waiting: 0,
    bytes_waiting: 0,
});

impl Books {
    /// Begun at the first call; nothing that holds the lock panics.
    fn open() -> MutexGuard<'static, Self> {
        let mut books = BOOKS.lock().unwrap_or_else(PoisonError::into_inner);
        if books.places.is_empty() {
            books.grow(12);
            atexit(check_what_is_left);
        }
        books
    }

    fn mask(&self) -> usize {
        self.places.len() - 1
    }

    /// Where a block of this address would stand, were it alone.
    fn home(&self, ptr: *mut u8) -> usize {
        let mixed = (ptr.addr() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        #[expect(clippy::cast_possible_truncation, reason = "so many bits as the table has")]
        let home = (mixed >> (64 - self.bits)) as usize;
        home
    }

    /// The place of the block with this address, or the empty one where it would be noted.
    fn place_of(&self, ptr: *mut u8) -> usize {
        let mut place = self.home(ptr);
        while self.places[place].ptr != ptr && !self.places[place].ptr.is_null() {
            place = (place + 1) & self.mask();
        }
        place
    }

    fn find(&mut self, ptr: *mut u8) -> Option<&mut Block> {
        let place = self.place_of(ptr);
        let block = &mut self.places[place];
        (!block.ptr.is_null()).then_some(block)
    }

    /// Moves all blocks to a table of `1 << bits` places.
    fn grow(&mut self, bits: u32) {
        let layout = |len: usize| Layout::array::<Block>(len).expect("a table of that size");
        // SAFETY: a table is not empty.
        let places = unsafe { System.alloc(layout(1 << bits)) }.cast::<MaybeUninit<Block>>();
        if places.is_null() {
            fail(format_args!("no memory for the books"));
        }
        // SAFETY: it has that many places, and is nobody else's.
        let places = unsafe { std::slice::from_raw_parts_mut(places, 1 << bits) };
        places.fill(MaybeUninit::new(Block::NONE));
        // SAFETY: each was written just now.
        let places = unsafe { places.assume_init_mut() };
        self.bits = bits;
        let old = std::mem::replace(&mut self.places, places);
        for block in old.iter().filter(|block| !block.ptr.is_null()) {
            let place = self.place_of(block.ptr);
            self.places[place] = *block;
        }
        if !old.is_empty() {
            // SAFETY: allocated by this function, with this layout, and left by all.
            unsafe { System.dealloc(old.as_mut_ptr().cast(), layout(old.len())) };
        }
    }

    fn note(&mut self, block: Block) {
        if self.blocks >= self.mask() / 2 {
            self.grow(self.bits + 1);
        }
        let place = self.place_of(block.ptr);
        self.places[place] = block;
        self.blocks += 1;
    }

    /// Forgets a block, and closes the gap that it leaves.
    fn forget(&mut self, ptr: *mut u8) -> Block {
        let mut gap = self.place_of(ptr);
        let block = std::mem::replace(&mut self.places[gap], Block::NONE);
        self.blocks -= 1;
        let mut place = gap;
        loop {
            place = (place + 1) & self.mask();
            let next = self.places[place];
            if next.ptr.is_null() {
                return block;
            }
            // A block moves into the gap if that lies between its home and where it stands.
            let way = |from: usize, to: usize| to.wrapping_sub(from) & self.mask();
            if way(self.home(next.ptr), place) >= way(gap, place) {
                self.places[gap] = next;
                self.places[place] = Block::NONE;
                gap = place;
            }
        }
    }

    /// The living block that is to be freed or moved; `verb` says which.
    fn check(&mut self, ptr: *mut u8, layout: Layout, verb: &str) -> Block {
        let Some(block) = self.find(ptr).copied() else {
            fail(format_args!("{ptr:?} is {verb} as {}, and is no block", Told(layout)));
        };
        if block.is_freed {
            let told = Told(block.layout);
            fail(format_args!("block {ptr:?} of {told} is {verb} after it was freed"));
        }
        if block.layout != layout {
            let told = Told(block.layout);
            fail(format_args!("block {ptr:?} of {told} is {verb} as {}", Told(layout)));
        }
        block.check_guards();
        block
    }

    /// Sends a block that was checked to the quarantine.
    fn bury(&mut self, block: Block) {
        block.bury();
        self.find(block.ptr).expect("it was found just now").is_freed = true;
        while self.waiting == MOST_BLOCKS
            || self.waiting > 0 && self.bytes_waiting + block.layout.size() > MOST_BYTES
        {
            self.let_out();
        }
        self.quarantine[(self.oldest + self.waiting) % MOST_BLOCKS] = block.ptr;
        self.waiting += 1;
        self.bytes_waiting += block.layout.size();
    }

    /// Gives the memory of the oldest freed block back.
    fn let_out(&mut self) {
        let block = self.forget(self.quarantine[self.oldest]);
        self.oldest = (self.oldest + 1) % MOST_BLOCKS;
        self.waiting -= 1;
        self.bytes_waiting -= block.layout.size();
        block.check_grave();
        block.release();
    }
}

/// The process ends: a look at all blocks that there are.
extern "C" fn check_what_is_left() {
    let books = Books::open();
    for block in books.places.iter().filter(|block| !block.ptr.is_null()) {
        if block.is_freed { block.check_grave() } else { block.check_guards() }
    }
}

// SAFETY: each block is memory of the system's allocator, of the layout that was asked for, until it
// is given back. An error ends the process; nothing unwinds.
unsafe impl GlobalAlloc for Checking {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if layout.size() == 0 {
            fail(format_args!("{} are asked for", Told(layout)));
        }
        let Some(block) = Block::make(layout) else { return null_mut() };
        Books::open().note(block);
        block.ptr
    }

    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        let mut books = Books::open();
        let block = books.check(ptr, layout, "freed");
        books.bury(block);
    }

    /// A block always moves, so that a pointer to where it was points into the quarantine.
    unsafe fn realloc(&self, ptr: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let block = Books::open().check(ptr, layout, "moved");
        if size == 0 {
            fail(format_args!("block {ptr:?} of {} is moved to no bytes", Told(layout)));
        }
        let Ok(wanted) = Layout::from_size_align(size, layout.align()) else { return null_mut() };
        let Some(new) = Block::make(wanted) else { return null_mut() };
        // SAFETY: both have that many bytes, and the new one is nobody else's.
        unsafe { new.ptr.copy_from_nonoverlapping(ptr, layout.size().min(size)) };
        let mut books = Books::open();
        books.note(new);
        books.bury(block);
        new.ptr
    }
}
