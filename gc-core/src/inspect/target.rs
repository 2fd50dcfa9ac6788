//! [`Target`]: what a question about one object can be asked by.

use super::snapshot::{Object, Snapshot};
use crate::any::{AnyGc, AnyWeak};
use crate::gc::Gc;
use crate::object::ObjectRef;
use crate::weak::Weak;

/// What names an object of a snapshot: a handle, weak or strong, or the [`Object`] itself.
///
/// A strong handle counts as the asker's own where a question is about what else holds the object.
pub trait Target<'s>: Sealed<'s> {}

/// Nobody else implements it.
pub trait Sealed<'s> {
    /// The object, and how many of its handles are the asker's.
    fn find_in(self, snapshot: &'s Snapshot) -> Option<(Object<'s>, usize)>;
}

impl<'s, T: Sealed<'s>> Target<'s> for T {}

fn find(snapshot: &Snapshot, object: ObjectRef) -> Option<Object<'_>> {
    snapshot.at_address(object.addr(), (object.info().type_id)())
}

impl<'s> Sealed<'s> for Object<'s> {
    fn find_in(self, snapshot: &'s Snapshot) -> Option<(Object<'s>, usize)> {
        std::ptr::eq(self.snapshot, snapshot).then_some((self, 0))
    }
}

impl<'s, T: ?Sized> Sealed<'s> for &Gc<T> {
    fn find_in(self, snapshot: &'s Snapshot) -> Option<(Object<'s>, usize)> {
        Some((find(snapshot, self.object())?, 1))
    }
}

impl<'s> Sealed<'s> for &AnyGc {
    fn find_in(self, snapshot: &'s Snapshot) -> Option<(Object<'s>, usize)> {
        Some((find(snapshot, self.object())?, 1))
    }
}

impl<'s, T: ?Sized> Sealed<'s> for &Weak<T> {
    fn find_in(self, snapshot: &'s Snapshot) -> Option<(Object<'s>, usize)> {
        Some((find(snapshot, self.object()?)?, 0))
    }
}

impl<'s> Sealed<'s> for &AnyWeak {
    fn find_in(self, snapshot: &'s Snapshot) -> Option<(Object<'s>, usize)> {
        Some((find(snapshot, self.object()?)?, 0))
    }
}
