//! The allocator of this process: the system's, or mimalloc if the environment says so.
//!
//! A contestant runs in a process of its own, and its allocator is chosen before the first
//! allocation. The choice costs a load and a branch in each call, for all contestants alike.

#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::ffi::{CStr, c_char};
use std::sync::atomic::{AtomicU8, Ordering::Relaxed};

use mimalloc::MiMalloc;

/// Set, to anything, in the environment of a process that shall use mimalloc.
pub(crate) const VARIABLE: &CStr = c"GC_BENCHES_MIMALLOC";

#[global_allocator]
static CHOSEN: Chosen = Chosen;

static CHOICE: AtomicU8 = AtomicU8::new(UNKNOWN);
const UNKNOWN: u8 = 0;
const SYSTEM: u8 = 1;
const MIMALLOC: u8 = 2;

struct Chosen;

impl Chosen {
    #[inline]
    fn is_system(&self) -> bool {
        match CHOICE.load(Relaxed) {
            SYSTEM => true,
            MIMALLOC => false,
            _ => choose(),
        }
    }
}

/// Reads the environment without allocating, which `std::env` cannot.
#[cold]
fn choose() -> bool {
    unsafe extern "C" {
        fn getenv(name: *const c_char) -> *const c_char;
    }
    // SAFETY: the name is a C string; this is the first allocation of the process, so no other
    // thread changes the environment.
    let value = unsafe { getenv(VARIABLE.as_ptr()) };
    CHOICE.store(if value.is_null() { SYSTEM } else { MIMALLOC }, Relaxed);
    value.is_null()
}

// SAFETY: both are allocators, and every call of a process goes to the same one: the first makes
// the choice, and it stays.
unsafe impl GlobalAlloc for Chosen {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if self.is_system() {
            // SAFETY: the caller's duties are the same.
            unsafe { System.alloc(layout) }
        } else {
            // SAFETY: the same.
            unsafe { MiMalloc.alloc(layout) }
        }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if self.is_system() {
            // SAFETY: the caller's duties are the same.
            unsafe { System.alloc_zeroed(layout) }
        } else {
            // SAFETY: the same.
            unsafe { MiMalloc.alloc_zeroed(layout) }
        }
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if self.is_system() {
            // SAFETY: the caller's duties are the same, and the block is this allocator's.
            unsafe { System.dealloc(block, layout) }
        } else {
            // SAFETY: the same.
            unsafe { MiMalloc.dealloc(block, layout) }
        }
    }

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if self.is_system() {
            // SAFETY: the caller's duties are the same, and the block is this allocator's.
            unsafe { System.realloc(block, layout, size) }
        } else {
            // SAFETY: the same.
            unsafe { MiMalloc.realloc(block, layout, size) }
        }
    }
}
