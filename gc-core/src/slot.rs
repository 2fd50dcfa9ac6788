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
    ///
    /// ```
    /// use gc_core::{Gc, Slot};
    ///
    /// let slot = Slot::new(Some(Gc::new(5)));
    /// assert_eq!(slot.get().as_deref(), Some(&5));
    /// ```
    #[must_use]
    pub const fn new(handle: Option<Gc<T>>) -> Self {
        Self { cell: Cell::new(handle) }
    }

    /// A slot that holds nothing.
    ///
    /// ```
    /// use gc_core::Slot;
    ///
    /// let slot = Slot::<i32>::empty();
    /// assert!(slot.get().is_none());
    /// ```
    #[must_use]
    pub const fn empty() -> Self {
        Self::new(None)
    }

    /// A clone of the handle.
    ///
    /// ```
    /// use gc_core::{Gc, Slot};
    ///
    /// let five = Gc::new(5);
    /// let slot = Slot::new(Some(five.clone()));
    /// assert!(Gc::ptr_eq(&slot.get().unwrap(), &five));
    /// assert!(slot.is_some()); // it is still in
    /// ```
    #[inline]
    #[must_use = "the handle is dropped at once otherwise"]
    pub fn get(&self) -> Option<Gc<T>> {
        // SAFETY: the reference lasts for the clone alone, which counts one up and runs no user code;
        // so nobody can change the cell meanwhile.
        unsafe { (*self.cell.as_ptr()).clone() }
    }

    /// Puts `handle` in. The old one is dropped after that, so what its end sees is the new state.
    ///
    /// ```
    /// use gc_core::{Gc, Slot};
    /// use std::rc::Rc;
    ///
    /// let (slot, seen) = (Rc::new(Slot::new(Some(Gc::new(5)))), Rc::new(Slot::empty()));
    /// let (now, at_end) = (slot.clone(), seen.clone());
    /// Gc::cleanup(&slot.get().unwrap(), move || at_end.set(now.get()));
    /// slot.set(Some(Gc::new(6)));
    /// assert_eq!(seen.get().as_deref(), Some(&6));
    /// ```
    #[inline]
    pub fn set(&self, handle: Option<Gc<T>>) {
        drop(self.cell.replace(handle));
    }

    /// Takes the handle out.
    ///
    /// ```
    /// use gc_core::{Gc, Slot};
    ///
    /// let slot = Slot::new(Some(Gc::new(5)));
    /// assert_eq!(slot.take().as_deref(), Some(&5));
    /// assert!(slot.take().is_none());
    /// ```
    #[inline]
    pub fn take(&self) -> Option<Gc<T>> {
        self.cell.take()
    }

    /// Puts `handle` in, and returns the old one.
    ///
    /// ```
    /// use gc_core::{Gc, Slot};
    ///
    /// let slot = Slot::new(Some(Gc::new(5)));
    /// let old = slot.replace(Some(Gc::new(6)));
    /// assert_eq!(old.as_deref(), Some(&5));
    /// assert_eq!(slot.get().as_deref(), Some(&6));
    /// ```
    #[inline]
    #[must_use = "to drop the old handle, use `set`"]
    pub fn replace(&self, handle: Option<Gc<T>>) -> Option<Gc<T>> {
        self.cell.replace(handle)
    }

    /// Exchanges the contents of two slots.
    ///
    /// ```
    /// use gc_core::{Gc, Slot};
    ///
    /// let (full, empty) = (Slot::new(Some(Gc::new(5))), Slot::empty());
    /// full.swap(&empty);
    /// assert!(full.is_none());
    /// assert_eq!(empty.get().as_deref(), Some(&5));
    /// ```
    #[inline]
    pub fn swap(&self, other: &Self) {
        self.cell.swap(&other.cell);
    }

    /// Whether it holds nothing.
    ///
    /// ```
    /// use gc_core::{Gc, Slot};
    ///
    /// assert!(Slot::<i32>::empty().is_none());
    /// assert!(!Slot::new(Some(Gc::new(5))).is_none());
    /// ```
    #[inline]
    #[must_use]
    pub fn is_none(&self) -> bool {
        !self.is_some()
    }

    /// Whether it holds a handle.
    ///
    /// ```
    /// use gc_core::{Gc, Slot};
    ///
    /// assert!(Slot::new(Some(Gc::new(5))).is_some());
    /// assert!(!Slot::<i32>::empty().is_some());
    /// ```
    #[inline]
    #[must_use]
    pub fn is_some(&self) -> bool {
        // SAFETY: the reference lasts for the test alone, which runs no user code.
        unsafe { (*self.cell.as_ptr()).is_some() }
    }

    /// The handle, out of a slot that is not needed any more.
    ///
    /// ```
    /// use gc_core::{Gc, Slot};
    ///
    /// let slot = Slot::new(Some(Gc::new(5)));
    /// let five = slot.into_inner().unwrap();
    /// assert_eq!(Gc::strong_count(&five), 1); // moved, not cloned
    /// ```
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
