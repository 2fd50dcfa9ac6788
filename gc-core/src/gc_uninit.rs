//! Objects whose value is written after they are made: `new_uninit` and its kin.
//!
//! Until [`assume_init`](Gc::assume_init) the object is one of a `MaybeUninit<T>`, which reports and
//! drops nothing; but it lies on a page for objects of `T`, so that it can become one of `T` in place.

use std::mem::MaybeUninit;
use std::ptr::NonNull;

use crate::birth::{Place, uninit, uninit_slice};
use crate::gc::{Gc, out_of_memory};
use crate::heap::Heap;
use crate::info::InfoOf;
use crate::object::LOCKED;
use crate::room::no_room_for;
use crate::sites;
use crate::state::HeapRef;
use crate::trace::Trace;

impl<T: Trace> Gc<T> {
    /// An object with room for a `T`.
    ///
    /// ```
    /// use gc_core::Gc;
    ///
    /// let mut table = Gc::<[u64; 1000]>::new_uninit();
    /// Gc::get_mut(&mut table).unwrap().write([7; 1000]); // no copy on the stack
    /// // SAFETY: the value was just written.
    /// let table = unsafe { table.assume_init() };
    /// assert_eq!(table[999], 7);
    /// ```
    ///
    /// # Panics
    ///
    /// As [`Gc::new`].
    #[must_use = "dropping the handle frees the room"]
    #[cfg_attr(feature = "alloc-sites", track_caller)]
    pub fn new_uninit() -> Gc<MaybeUninit<T>> {
        uninit_at(Place::Default.heap())
    }

    /// An object with room for a `T`, in this heap.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let mut five = Gc::<i32>::new_uninit_in(&heap);
    /// Gc::get_mut(&mut five).unwrap().write(5);
    /// // SAFETY: the value was just written.
    /// let five = unsafe { five.assume_init() };
    /// assert_eq!((*five, Gc::heap(&five)), (5, heap));
    /// ```
    ///
    /// # Panics
    ///
    /// As [`Gc::new`].
    #[must_use = "dropping the handle frees the room"]
    #[cfg_attr(feature = "alloc-sites", track_caller)]
    pub fn new_uninit_in(heap: &Heap) -> Gc<MaybeUninit<T>> {
        uninit_at(heap.state())
    }

    /// An object with room for a `T`, filled with zero bytes.
    ///
    /// ```
    /// use gc_core::Gc;
    ///
    /// let zero = Gc::<u64>::new_zeroed();
    /// // SAFETY: zero bytes are a number.
    /// assert_eq!(unsafe { *zero.assume_init() }, 0);
    /// ```
    ///
    /// # Panics
    ///
    /// As [`Gc::new`].
    #[must_use = "dropping the handle frees the room"]
    #[cfg_attr(feature = "alloc-sites", track_caller)]
    pub fn new_zeroed() -> Gc<MaybeUninit<T>> {
        zeroed(Gc::<T>::new_uninit())
    }
}

impl<T: Trace> Gc<[T]> {
    /// An object with room for a slice of `len` elements.
    ///
    /// ```
    /// use gc_core::Gc;
    ///
    /// let mut squares = Gc::<[usize]>::new_uninit_slice(3);
    /// for (n, square) in Gc::get_mut(&mut squares).unwrap().iter_mut().enumerate() {
    ///     square.write(n * n);
    /// }
    /// // SAFETY: each element was just written.
    /// let squares = unsafe { squares.assume_init() };
    /// assert_eq!(*squares, [0, 1, 4]);
    /// ```
    ///
    /// # Panics
    ///
    /// As [`Gc::new`]; and if the elements would be larger than memory can be.
    #[must_use = "dropping the handle frees the room"]
    #[cfg_attr(feature = "alloc-sites", track_caller)]
    pub fn new_uninit_slice(len: usize) -> Gc<[MaybeUninit<T>]> {
        uninit_slice_at(Place::Default.heap(), len)
    }

    /// An object with room for a slice of `len` elements, in this heap.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let mut fives = Gc::<[i32]>::new_uninit_slice_in(&heap, 3);
    /// for five in Gc::get_mut(&mut fives).unwrap().iter_mut() {
    ///     five.write(5);
    /// }
    /// // SAFETY: each element was just written.
    /// let fives = unsafe { fives.assume_init() };
    /// assert_eq!(*fives, [5, 5, 5]);
    /// assert_eq!(Gc::heap(&fives), heap);
    /// ```
    ///
    /// # Panics
    ///
    /// As [`Gc::new_uninit_slice`].
    #[must_use = "dropping the handle frees the room"]
    #[cfg_attr(feature = "alloc-sites", track_caller)]
    pub fn new_uninit_slice_in(heap: &Heap, len: usize) -> Gc<[MaybeUninit<T>]> {
        uninit_slice_at(heap.state(), len)
    }

    /// An object with room for a slice of `len` elements, filled with zero bytes.
    ///
    /// ```
    /// use gc_core::Gc;
    ///
    /// let zeros = Gc::<[u8]>::new_zeroed_slice(3);
    /// // SAFETY: zero bytes are numbers.
    /// let zeros = unsafe { zeros.assume_init() };
    /// assert_eq!(*zeros, [0, 0, 0]);
    /// ```
    ///
    /// # Panics
    ///
    /// As [`Gc::new_uninit_slice`].
    #[must_use = "dropping the handle frees the room"]
    #[cfg_attr(feature = "alloc-sites", track_caller)]
    pub fn new_zeroed_slice(len: usize) -> Gc<[MaybeUninit<T>]> {
        zeroed(Gc::<[T]>::new_uninit_slice(len))
    }
}

#[cfg_attr(feature = "alloc-sites", track_caller)]
fn uninit_at<T: Trace>(heap: HeapRef) -> Gc<MaybeUninit<T>> {
    let Some(object) = uninit::<T>(heap) else { out_of_memory::<T>() };
    sites::note(object);
    // SAFETY: any bytes are a `MaybeUninit<T>`; the object's one count is for this handle.
    unsafe { Gc::from_object(object) }
}

#[cfg_attr(feature = "alloc-sites", track_caller)]
fn uninit_slice_at<T: Trace>(heap: HeapRef, len: usize) -> Gc<[MaybeUninit<T>]> {
    let Some(object) = uninit_slice::<T>(heap, len) else { no_room_for::<T>(len) };
    sites::note(object);
    let value = NonNull::slice_from_raw_parts(object.value().cast(), len);
    // SAFETY: any bytes are `MaybeUninit`s, and there is room for `len`; the object's one count is for
    // this handle.
    unsafe { Gc::from_value(value) }
}

/// Fills the value of a new object.
fn zeroed<M: ?Sized + Uninit>(gc: Gc<M>) -> Gc<M> {
    let bytes = size_of_val(&*gc);
    // SAFETY: the value is `MaybeUninit`s, of which any bytes are values, and nobody else has seen it
    // yet.
    unsafe { gc.value_ptr().cast::<u8>().write_bytes(0, bytes) };
    gc
}

/// Types of which any bytes are values.
trait Uninit {}
impl<T> Uninit for MaybeUninit<T> {}
impl<T> Uninit for [MaybeUninit<T>] {}

impl<T: Trace> Gc<MaybeUninit<T>> {
    /// The same object, with the value that was written into it.
    ///
    /// ```
    /// use gc_core::Gc;
    ///
    /// let mut name = Gc::<String>::new_uninit();
    /// Gc::get_mut(&mut name).unwrap().write("Ada".into());
    /// let place = Gc::id(&name);
    /// // SAFETY: the value was just written.
    /// let name = unsafe { name.assume_init() };
    /// assert_eq!((name.as_str(), Gc::id(&name)), ("Ada", place));
    /// ```
    ///
    /// # What if there are other handles, or weak ones?
    ///
    /// They stay, as handles to a `MaybeUninit<T>`. So that none of them can spoil the value, the object
    /// is pinned for good: [`get_mut`](Gc::get_mut) and the like refuse it, as if [`Gc::pin`] had made
    /// it.
    ///
    /// # What if `new_uninit` did not make it?
    ///
    /// An object from `Gc::new(MaybeUninit::new(value))` is not known to the collector and stays so:
    /// its value is dropped in time, but a cycle through it is never found.
    ///
    /// # Safety
    ///
    /// The value is initialized.
    #[must_use = "dropping the handle drops the value"]
    pub unsafe fn assume_init(self) -> Gc<T> {
        let object = self.object();
        if object.is::<MaybeUninit<T>>() {
            lock_if_shared(&self);
            // SAFETY: initialized, by the caller; other handles only read it from here on. Both tables
            // are of single values.
            unsafe { object.change_type(InfoOf::<T>::ONE, InfoOf::<T>::flags()) };
        }
        // SAFETY: the handle's own pointer; a `MaybeUninit<T>` that is initialized is a `T`.
        unsafe { Gc::from_raw(Gc::into_raw(self).cast::<T>()) }
    }
}

impl<T: Trace> Gc<[MaybeUninit<T>]> {
    /// The same object, with the elements that were written into it.
    ///
    /// What is said of [other handles](Gc::<MaybeUninit<T>>::assume_init) to a single value holds here
    /// too. An array that was coerced to a slice stays an array of `MaybeUninit`s: its elements can be
    /// used, but are never dropped.
    ///
    /// ```
    /// use gc_core::Gc;
    ///
    /// let mut names = Gc::<[String]>::new_uninit_slice(2);
    /// for (place, name) in Gc::get_mut(&mut names).unwrap().iter_mut().zip(["Ada", "Bob"]) {
    ///     place.write(name.into());
    /// }
    /// // SAFETY: both elements were just written.
    /// let names = unsafe { names.assume_init() };
    /// assert_eq!(*names, ["Ada", "Bob"]);
    /// ```
    ///
    /// # Safety
    ///
    /// Every element is initialized.
    #[must_use = "dropping the handle drops the elements"]
    pub unsafe fn assume_init(self) -> Gc<[T]> {
        let object = self.object();
        if object.is::<[MaybeUninit<T>]>() {
            lock_if_shared(&self);
            // SAFETY: initialized, by the caller; other handles only read it from here on. Both tables
            // are of slices.
            unsafe { object.change_type(InfoOf::<T>::SLICE, 0) };
        }
        // SAFETY: the handle's own pointer; `MaybeUninit`s that are initialized are elements.
        unsafe { Gc::from_raw(Gc::into_raw(self) as *const [T]) }
    }
}

/// Other handles keep the type in which anything may be written.
fn lock_if_shared<M: ?Sized>(gc: &Gc<M>) {
    if !Gc::is_unique(gc) || Gc::weak_count(gc) > 0 {
        gc.object().set(LOCKED);
    }
}
