//! [`coerce!`](crate::coerce): unsizing handles, for which stable Rust has no way of its own yet.

use std::pin::Pin;

use crate::gc::Gc;
use crate::weak::Weak;

/// Unsizes a handle: `coerce!(gc => dyn Shape)`, `coerce!(gc => [u8])`. Takes a [`Gc`], a
/// [`Weak`](crate::Weak) or a pinned `Gc`.
///
/// Works where `Rc` coerces by itself, for which stable Rust has no way yet.
///
/// ```
/// use gc_core::{Gc, Weak, coerce};
/// use std::fmt::Display;
///
/// let five = Gc::new(5);
/// let weak: Weak<dyn Display> = coerce!(Gc::downgrade(&five) => dyn Display);
/// let five: Gc<dyn Display> = coerce!(five => dyn Display);
/// assert_eq!(five.to_string(), "5");
/// assert_eq!(weak.upgrade().unwrap().to_string(), "5");
///
/// let bytes: Gc<[u8]> = coerce!(Gc::new([1, 2, 3]) => [u8]);
/// assert_eq!(bytes.len(), 3);
/// ```
///
/// Nothing but unsizing passes:
///
/// ```compile_fail
/// use gc_core::{Gc, coerce};
///
/// let not_a_string = coerce!(Gc::new(5) => str);
/// ```
#[macro_export]
macro_rules! coerce {
    ($handle:expr => $target:ty) => {{
        // Outside `unsafe`: the operand is the user's.
        let handle = $handle;
        // SAFETY: an implicit coercion between `*mut` pointers can only unsize: they are invariant.
        unsafe {
            $crate::Coerce::coerce_by(handle, |from| {
                let to: *mut $target = from;
                to
            })
        }
    }};
}

/// What [`coerce!`](crate::coerce) expands to.
#[doc(hidden)]
pub trait Coerce {
    /// What the handle points to.
    type Value: ?Sized;
    /// The same kind of handle, to a `U`.
    type To<U: ?Sized + 'static>;

    /// # Safety
    ///
    /// `unsize` does nothing but an unsizing coercion of the pointer, and does not panic.
    unsafe fn coerce_by<U: ?Sized + 'static>(
        self,
        unsize: impl FnOnce(*mut Self::Value) -> *mut U,
    ) -> Self::To<U>;
}

impl<T: ?Sized> Coerce for Gc<T> {
    type Value = T;
    type To<U: ?Sized + 'static> = Gc<U>;

    unsafe fn coerce_by<U: ?Sized + 'static>(self, unsize: impl FnOnce(*mut T) -> *mut U) -> Gc<U> {
        let value = unsize(Gc::into_raw(self).cast_mut());
        // SAFETY: still the pointer of the handle that was given away above.
        unsafe { Gc::from_raw(value) }
    }
}

impl<T: ?Sized> Coerce for Weak<T> {
    type Value = T;
    type To<U: ?Sized + 'static> = Weak<U>;

    unsafe fn coerce_by<U: ?Sized + 'static>(
        self,
        unsize: impl FnOnce(*mut T) -> *mut U,
    ) -> Weak<U> {
        let value = unsize(self.into_raw().cast_mut());
        // SAFETY: still the pointer of the handle that was given away above; where that had no object,
        // the address, which stays, says so.
        unsafe { Weak::from_raw(value) }
    }
}

impl<T: ?Sized> Coerce for Pin<Gc<T>> {
    type Value = T;
    type To<U: ?Sized + 'static> = Pin<Gc<U>>;

    unsafe fn coerce_by<U: ?Sized + 'static>(
        self,
        unsize: impl FnOnce(*mut T) -> *mut U,
    ) -> Pin<Gc<U>> {
        // SAFETY: nothing is moved, and the value is pinned again below.
        let gc = unsafe { Pin::into_inner_unchecked(self) };
        // SAFETY: the caller's duty.
        let gc = unsafe { gc.coerce_by(unsize) };
        // SAFETY: the same value, which was pinned.
        unsafe { Pin::new_unchecked(gc) }
    }
}
