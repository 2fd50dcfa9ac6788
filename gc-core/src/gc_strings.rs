//! `Gc<str>` and the other strings of std, `CStr`, `OsStr` and `Path`: copied into place.

use std::ffi::{CStr, CString, OsStr, OsString};
use std::path::{Path, PathBuf};

use crate::birth::Place;
use crate::gc::Gc;
use crate::heap::Heap;
use crate::info::InfoOf;
use crate::room::{Bytes, copy_of};
use crate::sites;
use crate::state::HeapRef;

impl Gc<str> {
    /// A copy of the string, in this heap.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// assert_eq!(&*Gc::str_in(&heap, "five"), "five");
    /// ```
    ///
    /// # Panics
    ///
    /// As [`Gc::new`].
    #[must_use = "dropping the handle drops the string"]
    #[cfg_attr(feature = "alloc-sites", track_caller)]
    pub fn str_in(heap: &Heap, string: &str) -> Self {
        string_of(heap.state(), string)
    }
}

#[cfg_attr(feature = "alloc-sites", track_caller)]
pub(crate) fn string_of<U: ?Sized + Bytes>(heap: HeapRef, string: &U) -> Gc<U> {
    let value = copy_of(heap, string);
    // SAFETY: alive and initialized, and its one count is for this handle.
    let string = unsafe { Gc::from_value(value) };
    sites::note(string.object());
    string
}

macro_rules! strings {
    ($($string:ty, $owned:ty;)+) => {$(
        impl From<&$string> for Gc<$string> {
            /// Copies the string.
            #[cfg_attr(feature = "alloc-sites", track_caller)]
            fn from(string: &$string) -> Self {
                string_of(Place::Default.heap(), string)
            }
        }

        impl From<&mut $string> for Gc<$string> {
            /// Copies the string.
            #[cfg_attr(feature = "alloc-sites", track_caller)]
            fn from(string: &mut $string) -> Self {
                Gc::from(&*string)
            }
        }

        impl From<$owned> for Gc<$string> {
            /// Copies the string.
            #[cfg_attr(feature = "alloc-sites", track_caller)]
            fn from(string: $owned) -> Self {
                let string: &$string = &string;
                Gc::from(string)
            }
        }

        impl From<Box<$string>> for Gc<$string> {
            /// Copies the string.
            #[cfg_attr(feature = "alloc-sites", track_caller)]
            fn from(string: Box<$string>) -> Self {
                Gc::from(&*string)
            }
        }
    )+};
}

strings! {
    str, String;
    CStr, CString;
    OsStr, OsString;
    Path, PathBuf;
}

impl Default for Gc<str> {
    /// An empty string.
    #[cfg_attr(feature = "alloc-sites", track_caller)]
    fn default() -> Self {
        Gc::from("")
    }
}

impl Default for Gc<CStr> {
    /// An empty string, with its end.
    #[cfg_attr(feature = "alloc-sites", track_caller)]
    fn default() -> Self {
        Gc::from(c"")
    }
}

impl From<Gc<str>> for Gc<[u8]> {
    /// The same object, seen as its bytes.
    ///
    /// It is one of bytes from then on, to [`AnyGc`](crate::AnyGc) too: the last handle may write any
    /// bytes into it, so it must not pass for a string again.
    #[cfg_attr(feature = "alloc-sites", track_caller)]
    fn from(string: Gc<str>) -> Self {
        let object = string.object();
        if object.is::<str>() {
            // SAFETY: the bytes of a string are bytes, whatever other handles to the string write into
            // it; both tables keep a length.
            unsafe { object.change_type(InfoOf::<u8>::SLICE, InfoOf::<u8>::flags()) };
        }
        // SAFETY: the handle's own pointer, and a string is its bytes.
        unsafe { Gc::from_raw(Gc::into_raw(string) as *const [u8]) }
    }
}
