//! [`Gc::make_mut`]: `&mut` to a value of one's own, by a clone where others have it too.

use std::ffi::{CStr, OsStr};
use std::path::Path;
use std::ptr::NonNull;

use crate::birth::{Place, object_for};
use crate::gc::{Gc, out_of_memory};
use crate::gc_mut::GcMut;
use crate::gc_strings::string_of;
use crate::gc_unsized::slice_of_clones;
use crate::object::{FINALIZED, FINALIZER, Life, ObjectRef};
use crate::reclaim::{never_got_value, value_was_taken};
use crate::room::Room;
use crate::sites;
use crate::state::HeapRef;
use crate::trace::Trace;

/// A type of which [`Gc::make_mut`] can put a clone into an object of its own: traced types that are
/// `Clone`, slices of them, and strings. The twin of [`std::clone::CloneToUninit`].
///
/// Nobody else can implement it.
pub trait CloneToObject: Sealed {}

mod sealed {
    use super::{Gc, HeapRef, NonNull, ObjectRef};

    /// Where a new object goes.
    #[derive(Clone, Copy, Debug)]
    pub struct Target(pub(super) HeapRef);

    /// A new object without a value, and where that goes.
    #[derive(Debug)]
    pub struct Vacant<T: ?Sized> {
        pub(super) object: ObjectRef,
        pub(super) value: NonNull<T>,
    }

    pub trait Sealed {
        /// A clone, in a new object.
        #[cfg_attr(feature = "alloc-sites", track_caller)]
        fn clone_to(&self, target: Target) -> Gc<Self>;

        /// A new object with room for a value as large as this one.
        fn room_like(&self, target: Target) -> Vacant<Self>;
    }
}

use sealed::{Sealed, Target, Vacant};

impl<T: Trace + Clone> CloneToObject for T {}

impl<T: Trace + Clone> Sealed for T {
    #[cfg_attr(feature = "alloc-sites", track_caller)]
    fn clone_to(&self, target: Target) -> Gc<Self> {
        Gc::new_at(Place::In(target.0), self.clone())
    }

    fn room_like(&self, target: Target) -> Vacant<Self> {
        let Some(object) = object_for::<T>(target.0, Life::Empty) else { out_of_memory::<T>() };
        Vacant { object, value: object.value().cast() }
    }
}

impl<T: Trace + Clone> CloneToObject for [T] {}

impl<T: Trace + Clone> Sealed for [T] {
    #[cfg_attr(feature = "alloc-sites", track_caller)]
    fn clone_to(&self, target: Target) -> Gc<Self> {
        slice_of_clones(target.0, self)
    }

    fn room_like(&self, target: Target) -> Vacant<Self> {
        let (object, value) = Room::<[T]>::new(target.0, self.len()).into_parts();
        Vacant { object, value }
    }
}

macro_rules! strings {
    ($($string:ty),+) => {$(
        impl CloneToObject for $string {}

        impl Sealed for $string {
            #[cfg_attr(feature = "alloc-sites", track_caller)]
            fn clone_to(&self, target: Target) -> Gc<Self> {
                string_of(target.0, self)
            }

            fn room_like(&self, target: Target) -> Vacant<Self> {
                let (object, value) = Room::<$string>::new(target.0, size_of_val(self)).into_parts();
                Vacant { object, value }
            }
        }
    )+};
}

strings! { str, CStr, OsStr, Path }

impl<T: ?Sized + CloneToObject> Gc<T> {
    /// `&mut` to a value that only this handle reaches: the present one if that is so, else a clone in
    /// an object of its own, in the same heap.
    ///
    /// If only weak handles are in the way, the value moves to the new object, and they die.
    ///
    /// ```
    /// use gc_core::Gc;
    ///
    /// let mut one = Gc::new(1);
    /// let other = one.clone();
    /// *Gc::make_mut(&mut one) += 1; // clones
    /// *Gc::make_mut(&mut one) += 1; // does not
    /// assert_eq!((*one, *other), (3, 1));
    ///
    /// let mut name: Gc<str> = "ada".into();
    /// Gc::make_mut(&mut name).make_ascii_uppercase();
    /// assert_eq!(&*name, "ADA");
    /// ```
    ///
    /// # Panics
    ///
    /// As [`Gc::new`]. If the value's `clone` panics, nothing has changed.
    #[cfg_attr(feature = "alloc-sites", track_caller)]
    pub fn make_mut(this: &mut Self) -> GcMut<'_, T> {
        // Again, as long as user code in the step before has seen the new object: the drop of the old
        // handle, a watch of the old object.
        while !(Self::is_unique(this) && Self::weak_count(this) == 0) {
            Self::move_out_or_clone(this);
        }
        // SAFETY: unique and without weak handles, and no user code has run since that was seen.
        unsafe { GcMut::new(this) }
    }

    /// Gives this handle an object that nothing else knows.
    #[cold]
    #[cfg_attr(feature = "alloc-sites", track_caller)]
    fn move_out_or_clone(this: &mut Self) {
        let target = Target(this.object().page().heap());
        if !Self::is_unique(this) {
            *this = (**this).clone_to(target);
            return;
        }
        // Allocating may collect, and a hook may upgrade a weak handle: look again afterwards.
        let Vacant { object: new, value } = (**this).room_like(target);
        if !Self::is_unique(this) {
            never_got_value(new);
            return Self::move_out_or_clone(this);
        }
        let bytes = size_of_val(&**this);
        // SAFETY: two places for a value of this size. The old one's is not used again: it is taken
        // below, before any user code runs, and this handle leads to the new one from here on.
        unsafe { value.cast::<u8>().copy_from_nonoverlapping(this.value_ptr().cast(), bytes) };
        new.enter(Life::Alive);
        sites::note(new);
        // A value is finalized once, wherever it lives.
        if this.object().has(FINALIZED) {
            new.clear(FINALIZER);
            new.set(FINALIZED);
        }
        let old = std::mem::ManuallyDrop::new(std::mem::replace(this, {
            // SAFETY: alive, with the value that moved in; its one count is for this handle.
            unsafe { Gc::from_value(value) }
        }));
        value_was_taken(old.object());
    }
}
