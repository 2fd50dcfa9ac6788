//! [`Room`]: a slice or a string under construction, in its place, element by element.
//!
//! While the elements are made, by a `Clone` or an iterator of the user's, the object is there but
//! [empty](Life::Empty): no collection, enumeration or handle meets it. If the user's code panics,
//! the elements made so far are dropped and the slot goes back.

use std::alloc::Layout;
use std::ffi::{CStr, OsStr};
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::path::Path;
use std::ptr::NonNull;

use crate::birth::{Unbuilt, empty_bytes, empty_slice};
use crate::object::{Life, ObjectRef};
use crate::settings::Generation;
use crate::state::HeapRef;
use crate::trace::Trace;

/// A type whose values are so many elements in a row and nothing else: slices, and strings of all
/// kinds.
///
/// # Safety
///
/// * The metadata of a pointer to `Self` is the number of elements.
/// * `empty` gives an object with the table of `Self`, with room for `len` elements, and without a
///   value.
/// * `with_len` gives `start` this number of elements, and changes nothing else.
pub(crate) unsafe trait ByLength: 'static {
    type Element: 'static;

    fn empty(heap: HeapRef, len: usize) -> Option<ObjectRef>;
    fn with_len(start: NonNull<u8>, len: usize) -> NonNull<Self>;
}

// SAFETY: `empty_slice` notes the table of `[T]`; the rest is what a slice is.
unsafe impl<T: Trace> ByLength for [T] {
    type Element = T;

    fn empty(heap: HeapRef, len: usize) -> Option<ObjectRef> {
        empty_slice::<T>(heap, len)
    }

    fn with_len(start: NonNull<u8>, len: usize) -> NonNull<Self> {
        NonNull::slice_from_raw_parts(start.cast(), len)
    }
}

/// A string of some kind: any bytes of one such string are one, copied as a whole.
pub(crate) trait Bytes: ByLength<Element = u8> {}

macro_rules! bytes {
    ($($string:ty),+) => {$(
        // SAFETY: `empty_bytes` notes the table of this type. Its only field is a slice of bytes or
        // another string, so that the length of the pointer, which the cast keeps, is that in bytes
        // (and `copy_of` looks whether it is).
        unsafe impl ByLength for $string {
            type Element = u8;

            fn empty(heap: HeapRef, len: usize) -> Option<ObjectRef> {
                empty_bytes::<$string>(heap, len)
            }

            fn with_len(start: NonNull<u8>, len: usize) -> NonNull<Self> {
                let string = NonNull::slice_from_raw_parts(start, len).as_ptr() as *mut $string;
                // SAFETY: `start` is not null, and the cast keeps the address.
                unsafe { NonNull::new_unchecked(string) }
            }
        }

        impl Bytes for $string {}
    )+};
}

bytes! { str, CStr, OsStr, Path }

/// An object with room for elements, and those that are there already.
///
/// # Invariants
/// R1. `object` is empty, was made by `U::empty` for `len` elements, and its one count is ours.
/// R2. The first `filled` elements are initialized and ours; `filled <= len`.
pub(crate) struct Room<U: ?Sized + ByLength> {
    object: ObjectRef,
    len: usize,
    filled: usize,
    of: PhantomData<*mut U>,
}

impl<U: ?Sized + ByLength> Room<U> {
    /// Room for `len` elements.
    ///
    /// # Panics
    /// If they would be larger than memory can be. If there is none left, as `Vec` does.
    pub(crate) fn new(heap: HeapRef, len: usize) -> Self {
        Self::try_new(heap, len).unwrap_or_else(|| no_room_for::<U::Element>(len))
    }

    /// Room for `len` elements, if there is memory.
    pub(crate) fn try_new(heap: HeapRef, len: usize) -> Option<Self> {
        let object = U::empty(heap, len)?;
        Some(Self { object, len, filled: 0, of: PhantomData })
    }

    fn start(&self) -> NonNull<U::Element> {
        self.object.value().cast()
    }

    /// Whether every element is there.
    pub(crate) fn is_full(&self) -> bool {
        self.filled == self.len
    }

    /// Takes elements from `items` until all are there, or there are no more.
    pub(crate) fn fill(&mut self, items: &mut impl Iterator<Item = U::Element>) {
        while !self.is_full() {
            let Some(item) = items.next() else { break };
            // SAFETY: R2 and the loop's condition: there is room for this one.
            let place = unsafe { self.start().add(self.filled) };
            // SAFETY: as above; R1: the place is nobody else's.
            unsafe { place.write(item) };
            self.filled += 1;
        }
    }

    /// Moves all elements in from elsewhere.
    ///
    /// # Safety
    /// `from` points to `len` initialized elements outside this object, which nobody uses or drops
    /// any more. This room is still without any.
    pub(crate) unsafe fn move_in(&mut self, from: *const U::Element) {
        debug_assert!(self.filled == 0);
        // SAFETY: the caller's duty; R1 for the room.
        unsafe { self.start().as_ptr().copy_from_nonoverlapping(from, self.len) };
        self.filled = self.len;
    }

    /// The object, alive; its value is the elements that are there. Its one count is the caller's.
    ///
    /// # Safety
    /// They are a value of `U`. (Any elements are a slice.)
    pub(crate) unsafe fn finish(self) -> NonNull<U> {
        let this = ManuallyDrop::new(self);
        let object = this.object;
        if !this.is_full() {
            // SAFETY: R1: the object keeps its length, and nobody reads it meanwhile.
            unsafe { object.page().length_word(object).write(this.filled) };
        }
        // Collections may have passed since the slot was taken: it is born now.
        object.set_field(object.page().heap().field_of(Generation::Young));
        object.enter(Life::Alive);
        U::with_len(object.value(), this.filled)
    }

    /// The object as it is, without a value, and the pointer to what will be its value.
    pub(crate) fn into_parts(self) -> (ObjectRef, NonNull<U>) {
        debug_assert!(self.filled == 0);
        let this = ManuallyDrop::new(self);
        (this.object, U::with_len(this.object.value(), this.len))
    }
}

impl<T: Trace> Room<[T]> {
    /// The elements that are there, in a list that can grow.
    pub(crate) fn into_list(mut self) -> Vec<T> {
        let mut list = Vec::with_capacity(self.filled + 1);
        let filled = std::mem::take(&mut self.filled);
        // SAFETY: R2: so many are there; the list has room for them. With `filled` at zero they are
        // not ours any more.
        unsafe { self.start().as_ptr().copy_to_nonoverlapping(list.as_mut_ptr(), filled) };
        // SAFETY: they were just moved in.
        unsafe { list.set_len(filled) };
        list
    }
}

impl<U: ?Sized + ByLength> Drop for Room<U> {
    /// Gives the room up.
    fn drop(&mut self) {
        // Given up last, even if an element's drop panics.
        let _unbuilt = Unbuilt(self.object);
        let filled = NonNull::slice_from_raw_parts(self.start(), std::mem::take(&mut self.filled));
        // SAFETY: R2; with `filled` at zero nobody drops them again.
        unsafe { filled.drop_in_place() };
    }
}

/// A new object with a copy of this string.
///
/// # Panics
/// As [`Room::new`].
pub(crate) fn copy_of<U: ?Sized + Bytes>(heap: HeapRef, string: &U) -> NonNull<U> {
    let len = size_of_val(string);
    let mut room = Room::<U>::new(heap, len);
    let bytes = std::ptr::from_ref(string).cast::<u8>();
    // SAFETY: so many bytes the string has, all initialized; bytes can be used twice.
    unsafe { room.move_in(bytes) };
    // SAFETY: the bytes of a `U`, all of them.
    let copy = unsafe { room.finish() };
    // SAFETY: alive, and initialized by the line above.
    assert_eq!(size_of_val(unsafe { copy.as_ref() }), len);
    copy
}

/// The end of asking for room that is not there.
///
/// # Panics
/// If the elements would be larger than memory can be; else it is the allocator's failure.
#[cold]
#[inline(never)]
pub(crate) fn no_room_for<E>(len: usize) -> ! {
    /// More than header, length and page need beside the elements.
    const BESIDE: usize = 1 << 20;
    match Layout::array::<E>(len) {
        Ok(layout) if layout.size() < isize::MAX as usize - BESIDE => {
            std::alloc::handle_alloc_error(layout)
        }
        _ => panic!("capacity overflow"),
    }
}
