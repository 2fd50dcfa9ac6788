//! `Gc<[T]>`: made in place, from what holds its elements already.
//!
//! Elements that are owned move over once; borrowed ones are cloned straight into the object.
//!
//! `From<Box<T>>` stands here for each kind of type on its own. `Rc` has it for every `T: ?Sized`;
//! but an object carries the table of its value's concrete type, which a `Box<dyn Shape>` no longer
//! tells. Make the `Gc` first and [`coerce!`](crate::coerce) it.

use std::borrow::Cow;
use std::mem::ManuallyDrop;
use std::pin::Pin;

use crate::birth::{Place, object_for};
use crate::gc::{Gc, out_of_memory};
use crate::heap::Heap;
use crate::object::Life;
use crate::room::Room;
use crate::sites;
use crate::state::HeapRef;
use crate::trace::Trace;

// ---- in a heap of one's choice -------------------------------------------------------------------

impl<T: Trace> Gc<[T]> {
    /// A slice of the list's elements, moved to this heap.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let words = Gc::slice_in(&heap, vec!["a".to_owned(), "b".to_owned()]);
    /// assert_eq!(words.concat(), "ab");
    /// ```
    ///
    /// # Panics
    ///
    /// As [`Gc::new`].
    #[must_use = "dropping the handle drops the elements"]
    #[cfg_attr(feature = "alloc-sites", track_caller)]
    pub fn slice_in(heap: &Heap, items: Vec<T>) -> Self {
        slice_of_list(heap.state(), items)
    }

    /// A slice of clones of these elements, in this heap.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let words = ["a".to_owned(), "b".to_owned()];
    /// assert_eq!(*Gc::cloned_slice_in(&heap, &words), words);
    /// ```
    ///
    /// # Panics
    ///
    /// As [`Gc::new`]. If a `clone` panics, the clones made so far are dropped.
    #[must_use = "dropping the handle drops the elements"]
    #[cfg_attr(feature = "alloc-sites", track_caller)]
    pub fn cloned_slice_in(heap: &Heap, items: &[T]) -> Self
    where
        T: Clone,
    {
        slice_of_clones(heap.state(), items)
    }

    /// A slice of what the iterator yields, in this heap.
    ///
    /// An iterator that knows its length fills the object directly; from another the elements go to a
    /// list first.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// assert_eq!(*Gc::collect_in(&heap, 1..=3), [1, 2, 3]);
    /// ```
    ///
    /// # Panics
    ///
    /// As [`Gc::new`]. If the iterator panics, what it has yielded is dropped.
    #[must_use = "dropping the handle drops the elements"]
    #[cfg_attr(feature = "alloc-sites", track_caller)]
    pub fn collect_in<I: IntoIterator<Item = T>>(heap: &Heap, items: I) -> Self {
        slice_of_yield(Place::In(heap.state()), items.into_iter())
    }
}

// ---- the three ways to make one ------------------------------------------------------------------

/// All elements of the list change their place, and no code of theirs runs.
#[cfg_attr(feature = "alloc-sites", track_caller)]
fn slice_of_list<T: Trace>(heap: HeapRef, mut items: Vec<T>) -> Gc<[T]> {
    let mut room = Room::<[T]>::new(heap, items.len());
    // SAFETY: fewer are always initialized. From here on nobody drops them but their new owner.
    unsafe { items.set_len(0) };
    // SAFETY: the room was made for all of them, and has none yet.
    unsafe { room.move_in(items.as_ptr()) };
    slice_of_room(room)
}

#[cfg_attr(feature = "alloc-sites", track_caller)]
pub(crate) fn slice_of_clones<T: Trace + Clone>(heap: HeapRef, items: &[T]) -> Gc<[T]> {
    let mut room = Room::<[T]>::new(heap, items.len());
    room.fill(&mut items.iter().cloned());
    slice_of_room(room)
}

/// The heap is asked for again after each step of the iterator's: at a thread's end the closed heap that
/// stands in for its default one goes with its last object.
#[cfg_attr(feature = "alloc-sites", track_caller)]
fn slice_of_yield<T: Trace>(place: Place, mut items: impl Iterator<Item = T>) -> Gc<[T]> {
    let (least, most) = items.size_hint();
    let room = if most == Some(least) { Room::<[T]>::try_new(place.heap(), least) } else { None };
    let Some(mut room) = room else {
        let items = items.collect();
        return slice_of_list(place.heap(), items);
    };
    room.fill(&mut items);
    // An iterator may yield fewer than it said, or more.
    if room.is_full()
        && let Some(item) = items.next()
    {
        let mut list = room.into_list();
        list.push(item);
        list.extend(items);
        return slice_of_list(place.heap(), list);
    }
    slice_of_room(room)
}

#[cfg_attr(feature = "alloc-sites", track_caller)]
fn slice_of_room<T: Trace>(room: Room<[T]>) -> Gc<[T]> {
    // SAFETY: any elements are a slice.
    let value = unsafe { room.finish() };
    // SAFETY: alive and initialized, and its one count is for this handle.
    let slice = unsafe { Gc::from_value(value) };
    sites::note(slice.object());
    slice
}

// ---- slices --------------------------------------------------------------------------------------

impl<T: Trace> From<Vec<T>> for Gc<[T]> {
    /// Moves the elements over.
    ///
    /// ```
    /// let numbers: gc_core::Gc<[i32]> = vec![1, 2, 3].into();
    /// assert_eq!(numbers.len(), 3);
    /// ```
    #[cfg_attr(feature = "alloc-sites", track_caller)]
    fn from(items: Vec<T>) -> Self {
        slice_of_list(Place::Default.heap(), items)
    }
}

impl<T: Trace> From<Box<[T]>> for Gc<[T]> {
    /// Moves the elements over.
    #[cfg_attr(feature = "alloc-sites", track_caller)]
    fn from(items: Box<[T]>) -> Self {
        slice_of_list(Place::Default.heap(), items.into_vec())
    }
}

impl<T: Trace, const N: usize> From<[T; N]> for Gc<[T]> {
    /// Moves the elements over.
    #[cfg_attr(feature = "alloc-sites", track_caller)]
    fn from(items: [T; N]) -> Self {
        let mut room = Room::<[T]>::new(Place::Default.heap(), N);
        let items = ManuallyDrop::new(items);
        // SAFETY: the room was made for `N` and has none yet; the array is not used again.
        unsafe { room.move_in(items.as_ptr()) };
        slice_of_room(room)
    }
}

impl<T: Trace + Clone> From<&[T]> for Gc<[T]> {
    /// Clones the elements, straight into the object.
    #[cfg_attr(feature = "alloc-sites", track_caller)]
    fn from(items: &[T]) -> Self {
        slice_of_clones(Place::Default.heap(), items)
    }
}

impl<T: Trace + Clone> From<&mut [T]> for Gc<[T]> {
    /// Clones the elements, straight into the object.
    #[cfg_attr(feature = "alloc-sites", track_caller)]
    fn from(items: &mut [T]) -> Self {
        Gc::from(&*items)
    }
}

impl<T: Trace> FromIterator<T> for Gc<[T]> {
    /// As [`Gc::collect_in`], in the thread's default heap.
    ///
    /// ```
    /// let squares: gc_core::Gc<[i32]> = (1..4).map(|n| n * n).collect();
    /// assert_eq!(*squares, [1, 4, 9]);
    /// ```
    #[cfg_attr(feature = "alloc-sites", track_caller)]
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        slice_of_yield(Place::Default, items.into_iter())
    }
}

impl<T: Trace> Default for Gc<[T]> {
    /// An empty slice.
    #[cfg_attr(feature = "alloc-sites", track_caller)]
    fn default() -> Self {
        Gc::from([])
    }
}

impl<T, const N: usize> TryFrom<Gc<[T]>> for Gc<[T; N]> {
    type Error = Gc<[T]>;

    /// The same object, as an array. (To [`AnyGc`](crate::AnyGc) it stays what it was made as.)
    ///
    /// # Errors
    ///
    /// The length is not `N`; the handle comes back.
    fn try_from(slice: Gc<[T]>) -> Result<Self, Gc<[T]>> {
        if slice.len() != N {
            return Err(slice);
        }
        // SAFETY: the handle's own pointer; `N` elements in a row are an array of them.
        Ok(unsafe { Gc::from_raw(Gc::into_raw(slice).cast::<[T; N]>()) })
    }
}

// ---- of any kind ---------------------------------------------------------------------------------

impl<T: Trace> From<Box<T>> for Gc<T> {
    /// Moves the value over, from one place to the other.
    #[cfg_attr(feature = "alloc-sites", track_caller)]
    fn from(value: Box<T>) -> Self {
        let Some(object) = object_for::<T>(Place::Default.heap(), Life::Alive) else {
            out_of_memory::<T>()
        };
        let value = Box::into_raw(value);
        // SAFETY: the slot was made for a `T` and has none yet; the box is not used as one again.
        unsafe { object.value().cast::<T>().as_ptr().copy_from_nonoverlapping(value, 1) };
        // SAFETY: the box's own pointer; nothing in it is dropped.
        drop(unsafe { Box::from_raw(value.cast::<ManuallyDrop<T>>()) });
        sites::note(object);
        // SAFETY: the object holds a `T`, and its count of one is for this handle.
        unsafe { Gc::from_object(object) }
    }
}

impl<'a, B: ?Sized + ToOwned> From<Cow<'a, B>> for Gc<B>
where
    Gc<B>: From<&'a B> + From<B::Owned>,
{
    /// From what is borrowed or owned, as either does it.
    ///
    /// ```
    /// use gc_core::Gc;
    /// use std::borrow::Cow;
    ///
    /// let text: Gc<str> = Cow::Borrowed("five").into();
    /// assert_eq!(&*text, "five");
    /// ```
    #[cfg_attr(feature = "alloc-sites", track_caller)]
    fn from(value: Cow<'a, B>) -> Self {
        match value {
            Cow::Borrowed(value) => Gc::from(value),
            Cow::Owned(value) => Gc::from(value),
        }
    }
}

impl<T: ?Sized> Default for Pin<Gc<T>>
where
    Gc<T>: Default,
{
    /// The default value, pinned.
    #[cfg_attr(feature = "alloc-sites", track_caller)]
    fn default() -> Self {
        Gc::pin_handle(Gc::default())
    }
}
