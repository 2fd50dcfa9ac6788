//! Where objects were made: with the feature `alloc-sites`, the place in the program's source that
//! called the constructor, for each living object. Without it all this is nothing.

use crate::object::ObjectRef;

#[cfg(feature = "alloc-sites")]
pub(crate) use on::Sites;

/// A constructor has made the object: it is noted where that was called. Each function on the way has
/// `#[track_caller]`.
#[inline(always)]
#[cfg_attr(feature = "alloc-sites", track_caller)]
pub(crate) fn note(object: ObjectRef) {
    #[cfg(feature = "alloc-sites")]
    object.page().heap().sites.put(object, Some(std::panic::Location::caller()));
    #[cfg(not(feature = "alloc-sites"))]
    let _ = object;
}

/// An object begins at a place where another may have been before.
#[inline(always)]
pub(crate) fn begin(object: ObjectRef) {
    #[cfg(feature = "alloc-sites")]
    object.page().heap().sites.put(object, None);
    #[cfg(not(feature = "alloc-sites"))]
    let _ = object;
}

#[cfg(feature = "alloc-sites")]
mod on {
    use std::cell::RefCell;
    use std::panic::Location;

    use crate::inspect::MixMap;
    use crate::object::ObjectRef;

    /// The sites of a heap's objects, by address. What the dead leave is overwritten by the next object
    /// there, so that a death costs nothing.
    #[derive(Default)]
    pub(crate) struct Sites(RefCell<MixMap<usize, &'static Location<'static>>>);

    impl Sites {
        pub(super) fn put(&self, object: ObjectRef, site: Option<&'static Location<'static>>) {
            let mut sites = self.0.borrow_mut();
            match site {
                Some(site) => drop(sites.insert(object.addr(), site)),
                None => drop(sites.remove(&object.addr())),
            }
        }

        pub(crate) fn of(&self, object: ObjectRef) -> Option<&'static Location<'static>> {
            self.0.borrow().get(&object.addr()).copied()
        }
    }
}
