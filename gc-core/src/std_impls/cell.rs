//! Cells: types whose content can change behind a shared reference.
//!
//! What a cell is being written to, or may be at any moment, is *opaque*: it reports nothing, so
//! that what it holds counts as held from outside. Nothing here waits, panics or peeks.
//!
//! # Why a content can be read at all
//!
//! A collection runs the user's `Trace` impls and, while it judges, no other code. They only read
//! (see the contract), and hand out nothing that could outlive the call. So from the look at the
//! cell's state to the end of `trace`, nobody on this thread writes to it. No other thread can
//! reach the cell, if it is not `Sync`; if it is, its lock or its state answers for them.

use std::cell::{Cell, LazyCell, OnceCell, RefCell, UnsafeCell};
use std::mem::{ManuallyDrop, MaybeUninit};
use std::sync::{LazyLock, Mutex, OnceLock, RwLock, TryLockError, TryLockResult};

use super::{is_worth_a_visit, part_may_hold_gc};
use crate::inspect::Inspector;
use crate::trace::{Depth, Trace, Tracer};

/// A cell's impl, from an expression of type `Option` that is the content, or a guard of it, if
/// it can be read just now. The content must have a size, for only then can `T` be asked whether
/// it may hold a handle, and a `RefCell<u8>` must be no suspect. For a cell of a `dyn Trait`
/// take `Gc<RefCell<dyn Trait>>`, which does not ask, or put the box inside the cell.
///
/// A second expression is the content, if there is any, for who has the cell alone; of a cell whose drop is
/// that of its content.
macro_rules! cells {
    ($($cell:ident<T $(, $init:ident)?> { $this:ident => $content:expr $(; $alone:expr)? })+) => {$(
        // SAFETY: a cell owns its content and drops it; the content is visited once, by a
        // reference that the cell permits at this moment, see above.
        // Between two visits the answer changes only if somebody wrote, or holds a guard.
        unsafe impl<T: Trace $(, $init: 'static)?> Trace for $cell<T $(, $init)?> {
            #[inline]
            fn trace(&self, tracer: &mut Tracer<'_>) {
                let $this = self;
                if is_worth_a_visit::<T>()
                    && let Some(content) = $content
                {
                    T::trace(&content, tracer);
                }
            }

            fn inspect(&self, inspector: Inspector<'_>) {
                let $this = self;
                if std::mem::needs_drop::<T>()
                    && let Some(content) = $content
                {
                    T::inspect(&content, inspector);
                }
            }

            #[inline]
            fn may_hold_gc(depth: Depth) -> bool {
                part_may_hold_gc::<T>(depth)
            }

            $(#[inline]
            fn drops_nothing(&mut self) -> bool {
                let $this = self;
                $alone.is_none_or(T::drops_nothing)
            })?
        }
    )+};
}

cells! {
    Cell<T> { cell => {
        // SAFETY: the content is initialized, and a `Cell` lends no reference to it but by
        // `&mut self`. That it is not written to during this call is said above.
        Some(unsafe { &*cell.as_ptr() })
    }; Some(cell.get_mut()) }
    // Mutably borrowed: opaque. No guard: it would make a write out of every visit (measured at
    // 15 % of a pass over cells of lists), for nothing but to catch a `Trace` that writes.
    RefCell<T> { cell => {
        // SAFETY: nobody borrows it mutably during this call, as said above.
        unsafe { cell.try_borrow_unguarded() }.ok()
    }; Some(cell.get_mut()) }
    // Empty, or being initialized just now: there is nothing yet.
    OnceCell<T> { cell => cell.get(); cell.get_mut() }
    OnceLock<T> { lock => lock.get() }
    // Likewise. The closure, and what it captured, is never traced.
    LazyCell<T, F> { lazy => LazyCell::get(lazy) }
    LazyLock<T, F> { lazy => LazyLock::get(lazy) }
    // Held by whomever, this thread included: opaque.
    Mutex<T> { lock => unless_held(lock.try_lock()) }
    RwLock<T> { lock => unless_held(lock.try_read()) }
}

/// What a lock guards, if nobody holds it. What a panic has poisoned can be read all the same.
fn unless_held<Guard>(attempt: TryLockResult<Guard>) -> Option<Guard> {
    match attempt {
        Ok(guard) => Some(guard),
        Err(TryLockError::Poisoned(error)) => Some(error.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}

// Nobody can tell whether these hold a value, or who else is looking at it. In a `ManuallyDrop`
// a value is never dropped by its owner, so that a handle in it is never given back: reporting
// it would promise the heap a drop that does not come.
report_nothing! {
    [T: ?Sized + 'static] UnsafeCell<T>;
    [T: 'static] MaybeUninit<T>;
    [T: ?Sized + 'static] ManuallyDrop<T>;
}
