//! How objects are born: a slot, a header, and only then a value.

use std::mem::MaybeUninit;

use crate::collect::out_of_fuel;
use crate::current;
use crate::info::{Info, InfoOf};
use crate::object::{LEAF, Life, ObjectRef};
use crate::reclaim::never_got_value;
use crate::sites;
use crate::state::HeapRef;
use crate::store::{Fit, fit};
use crate::trace::Trace;

/// Where a new object goes: the thread's default heap, or one that was named.
#[derive(Clone, Copy)]
pub(crate) enum Place {
    Default,
    In(HeapRef),
}

impl Place {
    #[inline(always)]
    pub(crate) fn heap(self) -> HeapRef {
        match self {
            Place::Default => current::heap(),
            Place::In(heap) => heap,
        }
    }

    /// The same, if it is there already.
    #[inline(always)]
    fn heap_at_hand(self) -> Option<HeapRef> {
        match self {
            Place::Default => current::heap_at_hand(),
            Place::In(heap) => Some(heap),
        }
    }
}

/// An object whose value is being made. If that fails, dropping this gives the slot back.
pub(crate) struct Unbuilt(pub(crate) ObjectRef);

impl Drop for Unbuilt {
    fn drop(&mut self) {
        never_got_value(self.0);
    }
}

/// A living object for a `T`, whose value is to be written at once, before any user code can run; if
/// one is at hand. No user code runs here either.
#[inline(always)]
pub(crate) fn object_at_hand<T: Trace>(place: Place) -> Option<ObjectRef> {
    if cfg!(any(feature = "stress", feature = "alloc-sites")) {
        // A birth is an opportunity; or its place is noted.
        return None;
    }
    let Some(Fit::Class(class)) = fit_of::<T>() else { return None };
    let heap = place.heap_at_hand()?;
    let page = heap.store.current(class);
    let slot = page.peek()?;
    if !InfoOf::<T>::is_leaf() {
        if !heap.burn() {
            return None;
        }
        heap.count_birth();
    }
    page.take_peeked(slot);
    slot.init(InfoOf::<T>::ONE, InfoOf::<T>::flags(), Life::Alive, heap.birth());
    Some(slot)
}

/// An object with room for a `T`, in a state that says whether its value is written at once (before
/// any user code can run) or later. `None`: out of memory.
///
/// May collect first, and so run any user code.
pub(crate) fn object_for<T: Trace>(heap: HeapRef, life: Life) -> Option<ObjectRef> {
    object(heap, fit_of::<T>()?, InfoOf::<T>::ONE, InfoOf::<T>::flags(), life)
}

/// The place for a `T`. Folds to a constant.
#[inline(always)]
fn fit_of<T: Trace>() -> Option<Fit> {
    if InfoOf::<T>::is_leaf() {
        const { fit(size_of::<T>(), align_of::<T>(), false) }
    } else {
        const { fit(size_of::<T>(), align_of::<T>(), true) }
    }
}

/// An object with room for `len` of `T`, and no value yet. Its length is noted.
pub(crate) fn empty_slice<T: Trace>(heap: HeapRef, len: usize) -> Option<ObjectRef> {
    let flags = InfoOf::<T>::flags() & LEAF;
    sized_by_length(heap, len, InfoOf::<T>::SLICE, size_of::<T>(), align_of::<T>(), flags)
}

/// An object with room for a string of `len` bytes, of whichever kind, and no value yet.
pub(crate) fn empty_bytes<U: ?Sized + 'static>(heap: HeapRef, len: usize) -> Option<ObjectRef> {
    sized_by_length(heap, len, InfoOf::<U>::BYTES, 1, 1, LEAF)
}

/// An object with room for a `T`, on a page for objects of `T`, as one whose value is a
/// `MaybeUninit<T>`: there is nothing to write.
pub(crate) fn uninit<T: Trace>(heap: HeapRef) -> Option<ObjectRef> {
    let flags = InfoOf::<T>::flags() & LEAF;
    object(heap, fit_of::<T>()?, InfoOf::<MaybeUninit<T>>::ONE, flags, Life::Alive)
}

/// As `uninit`, for `len` of `T`. Its length is noted.
pub(crate) fn uninit_slice<T: Trace>(heap: HeapRef, len: usize) -> Option<ObjectRef> {
    let flags = InfoOf::<T>::flags() & LEAF;
    let info = InfoOf::<MaybeUninit<T>>::SLICE;
    let object = sized_by_length(heap, len, info, size_of::<T>(), align_of::<T>(), flags)?;
    object.enter(Life::Alive);
    Some(object)
}

fn sized_by_length(
    heap: HeapRef,
    len: usize,
    info: &'static Info,
    size: usize,
    align: usize,
    flags: u32,
) -> Option<ObjectRef> {
    let elements = len.checked_mul(size)?.checked_next_multiple_of(align_of::<usize>())?;
    let fit = fit(elements.checked_add(size_of::<usize>())?, align, flags & LEAF == 0)?;
    let object = object(heap, fit, info, flags, Life::Empty)?;
    // SAFETY: the slot has a word more than the elements need, at its end.
    unsafe { object.page().length_word(object).write(len) };
    Some(object)
}

fn object(
    heap: HeapRef,
    fit: Fit,
    info: &'static Info,
    flags: u32,
    life: Life,
) -> Option<ObjectRef> {
    #[cfg(feature = "stress")]
    crate::stress::opportunity(heap, crate::stress::At::Birth);
    let tracked = flags & LEAF == 0;
    if tracked && !heap.burn() {
        out_of_fuel(heap);
        heap.burn();
    }
    let object = match fit {
        Fit::Class(class) => match heap.store.take(class) {
            Some(object) => object,
            None => from_another_page(heap, class)?,
        },
        Fit::Big { slot, align, tracked } => big(heap, slot, align, tracked)?,
    };
    object.init(info, flags, life, heap.birth());
    sites::begin(object);
    if tracked {
        heap.count_birth();
    }
    Some(object)
}

#[cold]
#[inline(never)]
fn from_another_page(heap: HeapRef, class: usize) -> Option<ObjectRef> {
    let object = heap.store.take_slowly(heap, class)?;
    grown(heap);
    Some(object)
}

#[cold]
#[inline(never)]
fn big(heap: HeapRef, slot: usize, align: usize, tracked: bool) -> Option<ObjectRef> {
    let object = heap.store.take_big(heap, slot, align, tracked)?;
    grown(heap);
    Some(object)
}

/// The heap may have more pages: sees to it that the next tracked allocation looks at what is due.
fn grown(heap: HeapRef) {
    let limit = heap.thresholds.get().young_bytes;
    if limit > 0 && heap.fresh_bytes() > limit {
        heap.drain_fuel();
    }
}
