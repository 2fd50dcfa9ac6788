//! [`Slot`]: a place for a handle inside an object.

use std::cell::Cell;
use std::fmt;

use crate::gc::Gc;
use crate::inspect::Inspector;
use crate::trace::{Depth, Trace, Tracer};

/// A cell for `Option<Gc<T>>`: one word, no borrow flag, never a panic. What an attribute of an object
/// is in CPython.
///
/// ```
/// use gc_core::{Gc, Slot};
///
/// let slot = Slot::new(Some(Gc::new(5)));
/// assert_eq!(slot.get().as_deref(), Some(&5));
/// slot.set(None);
/// assert!(slot.is_none());
/// ```
pub struct Slot<T: ?Sized> {
    cell: Cell<Option<Gc<T>>>,
}

impl<T: ?Sized> Slot<T> {
    /// A slot that holds `handle`.
    #[must_use]
    pub const fn new(handle: Option<Gc<T>>) -> Self {
        Self { cell: Cell::new(handle) }
    }

    /// A slot that holds nothing.
    #[must_use]
    pub const fn empty() -> Self {
        Self::new(None)
    }

    /// A clone of the handle.
    #[inline]
    #[must_use = "the handle is dropped at once otherwise"]
    pub fn get(&self) -> Option<Gc<T>> {
        // SAFETY: the reference lasts for the clone alone, which counts one up and runs no user code;
        // so nobody can change the cell meanwhile.
        unsafe { (*self.cell.as_ptr()).clone() }
    }

    /// Puts `handle` in. The old one is dropped after that, so what its end sees is the new state.
    #[inline]
    pub fn set(&self, handle: Option<Gc<T>>) {
        drop(self.cell.replace(handle));
    }

    /// Takes the handle out.
    #[inline]
    pub fn take(&self) -> Option<Gc<T>> {
        self.cell.take()
    }

    /// Puts `handle` in, and returns the old one.
    #[inline]
    #[must_use = "to drop the old handle, use `set`"]
    pub fn replace(&self, handle: Option<Gc<T>>) -> Option<Gc<T>> {
        self.cell.replace(handle)
    }

    /// Exchanges the contents of two slots.
    #[inline]
    pub fn swap(&self, other: &Self) {
        self.cell.swap(&other.cell);
    }

    /// Whether it holds nothing.
    #[inline]
    #[must_use]
    pub fn is_none(&self) -> bool {
        !self.is_some()
    }

    /// Whether it holds a handle.
    #[inline]
    #[must_use]
    pub fn is_some(&self) -> bool {
        // SAFETY: the reference lasts for the test alone, which runs no user code.
        unsafe { (*self.cell.as_ptr()).is_some() }
    }

    /// The handle, out of a slot that is not needed any more.
    #[must_use = "the handle is dropped at once otherwise"]
    pub fn into_inner(self) -> Option<Gc<T>> {
        self.cell.into_inner()
    }
}

impl<T: ?Sized> Default for Slot<T> {
    fn default() -> Self {
        Self::empty()
    }
}

impl<T: ?Sized> Clone for Slot<T> {
    /// A slot with a handle to the same object.
    fn clone(&self) -> Self {
        Self::new(self.get())
    }
}

impl<T: ?Sized> From<Gc<T>> for Slot<T> {
    fn from(handle: Gc<T>) -> Self {
        Self::new(Some(handle))
    }
}

impl<T: ?Sized> From<Option<Gc<T>>> for Slot<T> {
    fn from(handle: Option<Gc<T>>) -> Self {
        Self::new(handle)
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for Slot<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A clone: the value's own `Debug` may set the slot.
        f.debug_tuple("Slot").field(&self.get()).finish()
    }
}

// SAFETY: reports the one handle that it owns.
unsafe impl<T: ?Sized + 'static> Trace for Slot<T> {
    #[inline]
    fn trace(&self, tracer: &mut Tracer<'_>) {
        // SAFETY: the reference lasts for the report alone, which runs no user code.
        if let Some(handle) = unsafe { &*self.cell.as_ptr() } {
            handle.trace(tracer);
        }
    }

    fn inspect(&self, inspector: Inspector<'_>) {
        // SAFETY: as in `trace`.
        if let Some(handle) = unsafe { &*self.cell.as_ptr() } {
            handle.inspect(inspector);
        }
    }

    #[inline(always)]
    fn may_hold_gc(_: Depth) -> bool {
        true
    }

    #[inline(always)]
    fn drops_nothing(&mut self) -> bool {
        self.cell.get_mut().is_none()
    }
}
