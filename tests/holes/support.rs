//! What the programs share, whichever library they are bound to: a payload that knows when it is
//! misused, a field whose drop runs code, and an allocator that counts.

use std::alloc::{GlobalAlloc, Layout};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::base_allocator::Base;

/// Stands in each payload for as long as it is whole.
const MAGIC: u64 = 0xC0FF_EE00_D15E_A5E5;

/// How often the payload of each name was dropped, on all threads.
static DROPS: Mutex<Option<HashMap<String, usize>>> = Mutex::new(None);
static LIVE: AtomicUsize = AtomicUsize::new(0);

/// How many payloads of this name were dropped.
pub(crate) fn drops(name: &str) -> usize {
    let drops = DROPS.lock().unwrap_or_else(PoisonError::into_inner);
    drops.as_ref().and_then(|drops| drops.get(name).copied()).unwrap_or(0)
}

/// Payloads that were made and not dropped.
pub(crate) fn live() -> usize {
    LIVE.load(Ordering::SeqCst)
}

/// A payload that notices a look at it after its end, and a second end. Its canary lies in the
/// allocator's memory, where the address sanitizer sees a late look, too.
pub(crate) struct Tag {
    name: String,
    canary: Box<Cell<u64>>,
}

impl Tag {
    pub(crate) fn new(name: &str) -> Self {
        LIVE.fetch_add(1, Ordering::SeqCst);
        Self { name: name.to_owned(), canary: Box::new(Cell::new(MAGIC)) }
    }

    /// The name, once the canary was looked at.
    #[inline(never)]
    pub(crate) fn read(&self) -> String {
        if std::hint::black_box(&*self.canary).get() != MAGIC {
            wrong("a value was read after it was dropped");
        }
        self.name.clone()
    }
}

impl Drop for Tag {
    fn drop(&mut self) {
        if std::hint::black_box(&*self.canary).replace(0xDEAD) != MAGIC {
            wrong("a value was dropped twice");
        }
        std::hint::black_box(&*self.canary);
        LIVE.fetch_sub(1, Ordering::SeqCst);
        let mut drops = DROPS.lock().unwrap_or_else(PoisonError::into_inner);
        *drops.get_or_insert_default().entry(self.name.clone()).or_insert(0) += 1;
    }
}

/// A field that runs its code when it is dropped.
pub(crate) struct Hook(Option<Box<dyn FnOnce()>>);

impl Hook {
    pub(crate) fn new(code: impl FnOnce() + 'static) -> Self {
        Self(Some(Box::new(code)))
    }

    pub(crate) fn none() -> Self {
        Self(None)
    }
}

impl Drop for Hook {
    fn drop(&mut self) {
        if let Some(code) = self.0.take() {
            code();
        }
    }
}

/// The exit code of a program whose memory or answers are wrong.
pub(crate) const WRONG: i32 = 3;

unsafe extern "C" {
    // SAFETY: as the C library declares it.
    safe fn _exit(code: i32) -> !;
}

/// Memory or an answer is wrong: the program ends here, before anything else is touched.
pub(crate) fn wrong(message: &str) -> ! {
    eprintln!("WRONG: {message}");
    _exit(WRONG)
}

/// Something safe but unwanted: garbage that stays, a hook that was not called.
pub(crate) fn soft(message: &str) {
    eprintln!("SOFT: {message}");
}

/// Memory safety, or an oracle's answer.
macro_rules! check {
    ($condition:expr, $($message:tt)*) => {
        if !$condition {
            $crate::holes::support::wrong(&format!($($message)*))
        }
    };
}

/// What a good library does, besides.
macro_rules! want {
    ($condition:expr, $($message:tt)*) => {
        if !$condition {
            $crate::holes::support::soft(&format!($($message)*))
        }
    };
}

pub(crate) use {check, want};

/// Runs the code; a panic becomes its message.
pub(crate) fn catch<R>(code: impl FnOnce() -> R) -> Result<R, String> {
    catch_unwind(AssertUnwindSafe(code)).map_err(|payload| {
        let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
        text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_default()
    })
}

thread_local! {
    pub(crate) static DEPTH: Cell<u32> = const { Cell::new(0) };
    pub(crate) static LOG: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

pub(crate) fn log(line: &str) {
    LOG.with_borrow_mut(|log| log.push(line.to_owned()));
}

/// The next of a row of numbers that look random.
pub(crate) fn xorshift(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

/// Counts allocations.
struct Counting;

static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);

// SAFETY: forwards to another allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller's duties are the same.
        unsafe { Base.alloc(layout) }
    }

    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        // SAFETY: the caller's duties are the same.
        unsafe { Base.dealloc(ptr, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// Allocations so far.
pub(crate) fn allocs() -> usize {
    ALLOCATIONS.load(Ordering::Relaxed)
}
