//! [`GcMut`]: `&mut` into an object, which the collector leaves alone meanwhile.

use std::fmt;
use std::ops::{Deref, DerefMut};

use crate::gc::Gc;
use crate::object::EXCLUSIVE;

/// Exclusive access to the value of a `Gc` that has only one handle.
///
/// From [`Gc::get_mut`] and [`Gc::make_mut`]. While it exists, the collector and every enumeration
/// treat the object as unknown: whatever it holds counts as held from outside. If the guard is leaked
/// the object can be used as before, but cycles through it are never found.
///
/// ```
/// use gc_core::Gc;
///
/// let mut list = Gc::new(vec![1]);
/// Gc::get_mut(&mut list).unwrap().push(2);
/// assert_eq!(*list, [1, 2]);
/// ```
pub struct GcMut<'a, T: ?Sized> {
    gc: &'a mut Gc<T>,
}

impl<'a, T: ?Sized> GcMut<'a, T> {
    /// # Safety
    /// `gc` is the only handle, and no weak one exists.
    pub(crate) unsafe fn new(gc: &'a mut Gc<T>) -> Self {
        gc.object().set(EXCLUSIVE);
        Self { gc }
    }
}

impl<T: ?Sized> Drop for GcMut<'_, T> {
    fn drop(&mut self) {
        self.gc.object().clear(EXCLUSIVE);
    }
}

impl<T: ?Sized> Deref for GcMut<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.gc
    }
}

impl<T: ?Sized> DerefMut for GcMut<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: the only handle is borrowed exclusively (`new`), no weak one can make another, and
        // the heap gives none out while the flag is set.
        unsafe { self.gc.value_ptr().as_mut() }
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for GcMut<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: ?Sized + fmt::Display> fmt::Display for GcMut<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
