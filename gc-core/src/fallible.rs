//! Boxes whose allocation may fail, for what the heap keeps outside its pages.

use std::alloc::Layout;
use std::ptr::NonNull;

/// A box of `value`, leaked. `Err` gives the value back: out of memory.
///
/// `Box::from_raw` takes it back.
pub(crate) fn try_box<T>(value: T) -> Result<NonNull<T>, T> {
    const { assert!(size_of::<T>() > 0) };
    // SAFETY: the size is not zero, as asserted.
    let place = unsafe { std::alloc::alloc(Layout::new::<T>()) };
    match NonNull::new(place.cast::<T>()) {
        Some(place) => {
            // SAFETY: just allocated, with the layout of a `T`.
            unsafe { place.write(value) };
            Ok(place)
        }
        None => Err(value),
    }
}
