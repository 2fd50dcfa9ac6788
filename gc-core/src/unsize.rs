//! With the feature `nightly`: handles unsize by themselves, as `Rc` does, and `self: Gc<Self>` is a
//! receiver of trait objects.

use std::marker::Unsize;
use std::ops::{CoerceUnsized, DispatchFromDyn, Receiver};
use std::pin::PinCoerceUnsized;

use crate::gc::Gc;
use crate::gc_fn::GcFn;
use crate::weak::Weak;

impl<T: ?Sized + Unsize<U>, U: ?Sized> CoerceUnsized<Gc<U>> for Gc<T> {}
impl<T: ?Sized + Unsize<U>, U: ?Sized> CoerceUnsized<Weak<U>> for Weak<T> {}
impl<T: ?Sized + Unsize<U>, U: ?Sized> CoerceUnsized<GcFn<U>> for GcFn<T> {}

impl<T: ?Sized + Unsize<U>, U: ?Sized> DispatchFromDyn<Gc<U>> for Gc<T> {}
impl<T: ?Sized + Unsize<U>, U: ?Sized> DispatchFromDyn<Weak<U>> for Weak<T> {}

impl<T: ?Sized> Receiver for Weak<T> {
    type Target = T;
}

// SAFETY: a deref leads to the object's value, unsized or not, and always to the same one.
unsafe impl<T: ?Sized> PinCoerceUnsized for Gc<T> {}
