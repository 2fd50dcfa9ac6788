//! The traits of `Rc`, on `Gc`: most forward to the value. `Debug`, `==`, `Hash` and `Ord` know of
//! cycles.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::error::Error;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::panic::{RefUnwindSafe, UnwindSafe};

use crate::any::ObjectId;
use crate::gc::Gc;
use crate::reentry;
use crate::trace::Trace;

impl<T: ?Sized + fmt::Debug> fmt::Debug for Gc<T> {
    /// Shows the value. Where a graph leads back to an object that is being shown, it says so:
    /// `Gc(↻ Node#17)`, with the object's identity.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let object = self.object();
        reentry::show(object, || (**self).fmt(f)).unwrap_or_else(|| {
            let path = object.type_name();
            // Without the path before the name, but with the generic arguments behind it.
            let name_end = path.find('<').unwrap_or(path.len());
            let name_start = path[..name_end].rfind("::").map_or(0, |colons| colons + 2);
            write!(f, "Gc(↻ {}{})", &path[name_start..], ObjectId::of(object))
        })
    }
}

impl<T: ?Sized + fmt::Display> fmt::Display for Gc<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: ?Sized> fmt::Pointer for Gc<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Pointer::fmt(&Gc::as_ptr(self), f)
    }
}

impl<T: ?Sized + Error> Error for Gc<T> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        (**self).source()
    }
}

impl<T: ?Sized + PartialEq> PartialEq for Gc<T> {
    /// Compares the values. Where two graphs lead back to a pair under comparison, that pair counts
    /// as equal, so that graphs are equal if they cannot be told apart by walking.
    fn eq(&self, other: &Self) -> bool {
        reentry::compare(self.object(), other.object(), || **self == **other).unwrap_or(true)
    }

    #[expect(clippy::partialeq_ne_impl, reason = "the value may have its own, which `Rc` calls")]
    fn ne(&self, other: &Self) -> bool {
        reentry::compare(self.object(), other.object(), || **self != **other).unwrap_or(false)
    }
}

impl<T: ?Sized + Eq> Eq for Gc<T> {}

impl<T: ?Sized + Hash> Hash for Gc<T> {
    /// Hashes the value.
    ///
    /// # Panics
    ///
    /// If the value leads back to itself.
    fn hash<H: Hasher>(&self, state: &mut H) {
        reentry::hash(self.object(), || (**self).hash(state));
    }
}

/// The comparisons that have no answer on a cycle.
macro_rules! by_order {
    ($($compare:ident -> $answer:ty),+) => {$(
        /// Compares the values.
        ///
        /// # Panics
        ///
        /// If the two lead back to themselves.
        fn $compare(&self, other: &Self) -> $answer {
            reentry::order(self.object(), other.object(), || (**self).$compare(&**other))
        }
    )+};
}

impl<T: ?Sized + PartialOrd> PartialOrd for Gc<T> {
    by_order! { partial_cmp -> Option<Ordering>, lt -> bool, le -> bool, gt -> bool, ge -> bool }
}

impl<T: ?Sized + Ord> Ord for Gc<T> {
    by_order! { cmp -> Ordering }
}

impl<T: ?Sized> Borrow<T> for Gc<T> {
    fn borrow(&self) -> &T {
        self
    }
}

impl<T: ?Sized> AsRef<T> for Gc<T> {
    fn as_ref(&self) -> &T {
        self
    }
}

impl<T: Trace + Default> Default for Gc<T> {
    #[cfg_attr(feature = "alloc-sites", track_caller)]
    fn default() -> Self {
        Gc::new(T::default())
    }
}

impl<T: Trace> From<T> for Gc<T> {
    #[cfg_attr(feature = "alloc-sites", track_caller)]
    fn from(value: T) -> Self {
        Gc::new(value)
    }
}

// As for `Rc`: the counts cannot be seen half changed.
impl<T: ?Sized + RefUnwindSafe> UnwindSafe for Gc<T> {}
impl<T: ?Sized + RefUnwindSafe> RefUnwindSafe for Gc<T> {}

/// Moving the handle does not move the value.
impl<T: ?Sized> Unpin for Gc<T> {}
