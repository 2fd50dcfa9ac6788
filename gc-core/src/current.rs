//! The thread's default heap: made at the first ask, closed at the thread's end.
//!
//! The pointer to it is a thread-local without destructor, so that reading it is one load. A second
//! one, with a destructor, closes the heap. What is made after that goes to a closed heap, which
//! allocates and counts, and is freed with its last object.

use std::cell::Cell;

use crate::state::HeapRef;

thread_local! {
    static CURRENT: Cell<Option<HeapRef>> = const { Cell::new(None) };
    static ENDED: Cell<bool> = const { Cell::new(false) };
    static CLOSER: Closer = const { Closer };
}

/// The thread's default heap.
#[inline(always)]
pub(crate) fn heap() -> HeapRef {
    match CURRENT.get() {
        Some(heap) => heap,
        None => begin(),
    }
}

/// The thread's default heap, if it has begun.
#[inline(always)]
pub(crate) fn heap_at_hand() -> Option<HeapRef> {
    CURRENT.get()
}

#[cold]
#[inline(never)]
fn begin() -> HeapRef {
    let heap = HeapRef::create();
    // The thread counts as one who has the `Heap` value.
    heap.heaps.set(1);
    // Asking for the closer registers its destructor; too late once those have run.
    if CLOSER.try_with(|_| ()).is_err() || ENDED.get() {
        crate::shutdown::close(heap);
        heap.stop_holding();
    }
    CURRENT.set(Some(heap));
    heap
}

/// The heap is about to be freed.
pub(crate) fn forget(heap: HeapRef) {
    if CURRENT.get() == Some(heap) {
        CURRENT.set(None);
    }
}

/// Closes the thread's default heap when the thread ends.
struct Closer;

impl Drop for Closer {
    fn drop(&mut self) {
        ENDED.set(true);
        crate::error::thread_is_ending();
        if let Some(heap) = CURRENT.get() {
            crate::shutdown::let_go(heap);
        }
    }
}
