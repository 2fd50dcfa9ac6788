//! The allocator of this binary: it counts what is allocated inside windows, and there it fails when
//! it is told to. Outside of windows it never does: the memory of user code is not what is tried.

use std::alloc::{GlobalAlloc, Layout};
use std::cell::Cell;
use std::sync::atomic::{AtomicIsize, Ordering};

use super::base_allocator::Base;

struct Failing;

/// Bytes that were allocated and not freed, by all threads.
static LIVE: AtomicIsize = AtomicIsize::new(0);

thread_local! {
    /// Whether a window is open.
    static OPEN: Cell<bool> = const { Cell::new(false) };
    /// Allocations in windows so far.
    static SEEN: Cell<usize> = const { Cell::new(0) };
    /// The first of them that fails.
    static FAILS_AT: Cell<usize> = const { Cell::new(usize::MAX) };
    /// Whether all after that one fail, too.
    static LASTS: Cell<bool> = const { Cell::new(false) };
    /// How many have failed.
    static FAILED: Cell<usize> = const { Cell::new(0) };
}

/// Counts an allocation. Returns whether it may succeed.
fn may_succeed() -> bool {
    if !OPEN.get() {
        return true;
    }
    let number = SEEN.replace(SEEN.get() + 1);
    let fails = number == FAILS_AT.get() || LASTS.get() && number > FAILS_AT.get();
    FAILED.set(FAILED.get() + usize::from(fails));
    !fails
}

#[expect(clippy::cast_possible_wrap, reason = "no layout is larger than `isize::MAX`")]
fn bytes(layout: Layout) -> isize {
    layout.size() as isize
}

// SAFETY: forwards to another allocator, or fails.
unsafe impl GlobalAlloc for Failing {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if !may_succeed() {
            return std::ptr::null_mut();
        }
        LIVE.fetch_add(bytes(layout), Ordering::Relaxed);
        // SAFETY: the caller's duties are the same.
        unsafe { Base.alloc(layout) }
    }

    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        LIVE.fetch_sub(bytes(layout), Ordering::Relaxed);
        // SAFETY: the caller's duties are the same.
        unsafe { Base.dealloc(ptr, layout) }
    }
}

#[global_allocator]
static FAILING: Failing = Failing;

/// From now on, the allocation with this number (in windows of this thread) fails.
pub(crate) fn fail_at(number: usize, lasts: bool) {
    SEEN.set(0);
    FAILED.set(0);
    FAILS_AT.set(number);
    LASTS.set(lasts);
}

/// Allocations in windows since `fail_at`.
pub(crate) fn seen() -> usize {
    SEEN.get()
}

/// How many of them failed.
pub(crate) fn failed() -> usize {
    FAILED.get()
}

pub(crate) fn live_bytes() -> isize {
    LIVE.load(Ordering::Relaxed)
}

/// Puts the window back as it was, whatever way the code ends.
struct Back(bool);

impl Drop for Back {
    fn drop(&mut self) {
        OPEN.set(self.0);
    }
}

/// Runs the code with a window open.
pub(crate) fn window<R>(code: impl FnOnce() -> R) -> R {
    let _back = Back(OPEN.replace(true));
    code()
}

/// Runs the code with no window open.
pub(crate) fn outside<R>(code: impl FnOnce() -> R) -> R {
    let _back = Back(OPEN.replace(false));
    code()
}
