//! [`Weak`]: a handle that does not keep its object alive.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::ptr::NonNull;

use crate::gc::Gc;
use crate::inspect::Inspector;
use crate::object::{Life, ObjectRef};
use crate::reclaim::free_remains;
use crate::side::Side;
use crate::trace::{Depth, Trace, Tracer};

/// A handle to an object that does not keep it alive. The twin of `weakref.ref` and of
/// [`rc::Weak`](std::rc::Weak).
///
/// It dies with the object: after the finalizer, before any value of the same sweep is dropped. A
/// finalizer may still upgrade it, and the object that comes back keeps its weak handles.
///
/// Comparison and hashing go by identity; a dead handle stays equal to itself and its clones, and
/// equals no other, since the place of a dead object is not used again while weak handles point at
/// it. There is no order.
///
/// ```
/// use gc_core::{Gc, Weak};
///
/// let five = Gc::new(5);
/// let weak: Weak<i32> = Gc::downgrade(&five);
/// assert_eq!(weak.with(|n| n + 1), Some(6));
/// drop(five);
/// assert!(weak.is_dead());
/// assert_eq!(weak.with(|n| n + 1), None);
/// ```
pub struct Weak<T: ?Sized> {
    /// The object's value, or an address that no value has.
    value: NonNull<T>,
    /// Invariant, like `Gc`.
    invariant: PhantomData<*mut T>,
}

/// What a weak handle without an object points to.
const NOWHERE: NonZeroAddr = NonZeroAddr::MAX;
type NonZeroAddr = std::num::NonZero<usize>;

impl<T> Weak<T> {
    /// A handle that never had an object.
    ///
    /// ```
    /// assert!(gc_core::Weak::<String>::new().upgrade().is_none());
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self { value: NonNull::without_provenance(NOWHERE), invariant: PhantomData }
    }
}

impl<T: ?Sized> Weak<T> {
    /// # Safety
    /// `value` points to the place of the object's value, as its type or as one that it unsizes to.
    pub(crate) unsafe fn to_object(object: ObjectRef, value: NonNull<T>) -> Self {
        let side = Side::get_or_make(object);
        side.weak.set(side.weak.get() + 1);
        Self { value, invariant: PhantomData }
    }

    /// The object, dead or alive, if there ever was one.
    #[inline]
    pub(crate) fn object(&self) -> Option<ObjectRef> {
        if self.value.addr() == NOWHERE {
            return None;
        }
        // SAFETY: the place of an object's value; the slot is kept as long as a weak handle exists.
        Some(unsafe { ObjectRef::of_value(self.value) })
    }

    #[inline]
    fn side(&self) -> Option<&Side> {
        self.object().and_then(Side::get)
    }

    /// A strong handle, if the object lives.
    ///
    /// ```
    /// use gc_core::Gc;
    ///
    /// let five = Gc::new(5);
    /// let weak = Gc::downgrade(&five);
    /// assert!(Gc::ptr_eq(&weak.upgrade().unwrap(), &five));
    /// drop(five);
    /// assert!(weak.upgrade().is_none());
    /// ```
    #[inline]
    #[must_use = "the handle is dropped at once otherwise"]
    pub fn upgrade(&self) -> Option<Gc<T>> {
        let object = self.object()?;
        if !object.can_upgrade() {
            return None;
        }
        object.add_ref();
        // SAFETY: it lives, so the value is there; the count was just added.
        Some(unsafe { Gc::from_value(self.value) })
    }

    /// Calls `look` with the value, if the object lives. It is held alive for the length of the call.
    ///
    /// ```
    /// use gc_core::Gc;
    ///
    /// let text = Gc::new("five".to_owned());
    /// let weak = Gc::downgrade(&text);
    /// assert_eq!(weak.with(|text| text.len()), Some(4));
    /// assert_eq!(weak.with(move |_| drop(text)), Some(())); // the last handle but that of the call
    /// assert_eq!(weak.with(|text| text.len()), None);
    /// ```
    pub fn with<R>(&self, look: impl FnOnce(&T) -> R) -> Option<R> {
        let gc = self.upgrade()?;
        Some(look(&gc))
    }

    /// Whether the object is gone, or there never was one.
    ///
    /// ```
    /// use gc_core::{Gc, Weak};
    ///
    /// let five = Gc::new(5);
    /// let weak = Gc::downgrade(&five);
    /// assert!(!weak.is_dead());
    /// drop(five);
    /// assert!(weak.is_dead());
    /// assert!(Weak::<i32>::new().is_dead());
    /// ```
    #[inline]
    #[must_use]
    pub fn is_dead(&self) -> bool {
        !self.object().is_some_and(ObjectRef::can_upgrade)
    }

    /// How many strong handles the object has; zero when dead.
    ///
    /// ```
    /// use gc_core::Gc;
    ///
    /// let five = Gc::new(5);
    /// let weak = Gc::downgrade(&five);
    /// let other = five.clone();
    /// assert_eq!(weak.strong_count(), 2);
    /// drop((five, other));
    /// assert_eq!(weak.strong_count(), 0);
    /// ```
    #[must_use]
    pub fn strong_count(&self) -> usize {
        self.object().filter(|object| object.can_upgrade()).map_or(0, ObjectRef::strong_count)
    }

    /// How many weak handles the object has; zero when dead.
    ///
    /// ```
    /// use gc_core::Gc;
    ///
    /// let five = Gc::new(5);
    /// let weak = Gc::downgrade(&five);
    /// let other = weak.clone();
    /// assert_eq!(other.weak_count(), 2);
    /// drop(five);
    /// assert_eq!(other.weak_count(), 0);
    /// ```
    #[must_use]
    pub fn weak_count(&self) -> usize {
        if self.is_dead() { 0 } else { self.side().map_or(0, |side| side.weak.get()) }
    }

    /// Whether both point to the same object, dead or alive. Handles that never had one are equal.
    ///
    /// ```
    /// use gc_core::{Gc, Weak};
    ///
    /// let five = Gc::new(5);
    /// let weak = Gc::downgrade(&five);
    /// assert!(!weak.ptr_eq(&Gc::downgrade(&Gc::new(5))));
    /// drop(five);
    /// assert!(weak.ptr_eq(&weak.clone()));
    /// assert!(Weak::<i32>::new().ptr_eq(&Weak::new()));
    /// ```
    #[inline]
    #[must_use]
    pub fn ptr_eq(&self, other: &Self) -> bool {
        std::ptr::addr_eq(self.value.as_ptr(), other.value.as_ptr())
    }

    /// A pointer to the value. It may be read only while the object lives.
    ///
    /// ```
    /// use gc_core::Gc;
    ///
    /// let five = Gc::new(5);
    /// let weak = Gc::downgrade(&five);
    /// assert_eq!(weak.as_ptr(), Gc::as_ptr(&five));
    /// // SAFETY: `five` keeps the object alive.
    /// assert_eq!(unsafe { *weak.as_ptr() }, 5);
    /// ```
    #[inline]
    #[must_use]
    pub fn as_ptr(&self) -> *const T {
        self.value.as_ptr()
    }

    /// Turns the handle into a pointer; [`Weak::from_raw`] takes it back.
    ///
    /// ```
    /// use gc_core::{Gc, Weak};
    ///
    /// let five = Gc::new(5);
    /// let raw = Gc::downgrade(&five).into_raw();
    /// assert_eq!(Gc::weak_count(&five), 1); // it counts on
    /// // SAFETY: `raw` comes from `into_raw` and is taken back once.
    /// drop(unsafe { Weak::from_raw(raw) });
    /// assert_eq!(Gc::weak_count(&five), 0);
    /// ```
    #[inline]
    #[must_use = "losing the pointer keeps the object's slot for ever"]
    pub fn into_raw(self) -> *const T {
        ManuallyDrop::new(self).value.as_ptr()
    }

    /// Takes back a handle that [`Weak::into_raw`] gave away.
    ///
    /// ```
    /// use gc_core::{Gc, Weak};
    ///
    /// let five = Gc::new(5);
    /// let raw = Gc::downgrade(&five).into_raw();
    /// // SAFETY: `raw` comes from `into_raw` and is taken back once.
    /// let weak = unsafe { Weak::from_raw(raw) };
    /// assert_eq!(*weak.upgrade().unwrap(), 5);
    /// ```
    ///
    /// # Safety
    ///
    /// `ptr` comes from `Weak::into_raw` on this thread, at most unsized, and is taken back once.
    #[inline]
    pub unsafe fn from_raw(ptr: *const T) -> Self {
        // SAFETY: `into_raw` gave it out, so it is not null.
        let value = unsafe { NonNull::new_unchecked(ptr.cast_mut()) };
        Self { value, invariant: PhantomData }
    }
}

impl<T: ?Sized> Clone for Weak<T> {
    fn clone(&self) -> Self {
        if let Some(side) = self.side() {
            side.weak.set(side.weak.get() + 1);
        }
        Self { value: self.value, invariant: PhantomData }
    }
}

impl<T: ?Sized> Drop for Weak<T> {
    fn drop(&mut self) {
        let Some(object) = self.object() else { return };
        let Some(side) = Side::get(object) else { return };
        let left = side.weak.get() - 1;
        side.weak.set(left);
        // A count of zero without a value: the object has left the heap, and only weak handles kept
        // the slot. (At its end, and in construction, an object has the heap's count of one.)
        if left == 0 && object.life() == Life::Empty && object.refs() == 0 {
            free_remains(object);
        }
    }
}

impl<T> Default for Weak<T> {
    /// As [`Weak::new`].
    fn default() -> Self {
        Self::new()
    }
}

impl<T: ?Sized> PartialEq for Weak<T> {
    fn eq(&self, other: &Self) -> bool {
        self.ptr_eq(other)
    }
}

impl<T: ?Sized> Eq for Weak<T> {}

impl<T: ?Sized> Hash for Weak<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.value.addr().hash(state);
    }
}

impl<T: ?Sized> fmt::Debug for Weak<T> {
    /// Shows whether it is alive, never the value.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_dead() { "(Weak, dead)" } else { "(Weak)" })
    }
}

// SAFETY: a weak handle owns no count; it reports nothing.
unsafe impl<T: ?Sized + 'static> Trace for Weak<T> {
    fn trace(&self, _: &mut Tracer<'_>) {}

    fn inspect(&self, inspector: Inspector<'_>) {
        if let Some(object) = self.object() {
            inspector.weak_edge(object);
        }
    }

    #[inline(always)]
    fn may_hold_gc(_: Depth) -> bool {
        false
    }

    #[inline(always)]
    fn drops_nothing(&mut self) -> bool {
        self.object().is_none()
    }
}
