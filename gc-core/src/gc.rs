//! [`Gc`]: the handle. One pointer to a value in a heap; counts as `Rc` does.

use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::pin::Pin;
use std::ptr::NonNull;

use crate::birth::{Place, Unbuilt, object_at_hand, object_for};
use crate::gc_mut::GcMut;
use crate::heap::Heap;
use crate::inspect::Inspector;
use crate::object::{FINALIZED, LEAF, LOCKED, Life, ObjectRef};
use crate::reclaim::{release, value_was_taken};
use crate::settings::Generation;
use crate::side::Side;
use crate::sites;
use crate::state::HeapRef;
use crate::trace::{Depth, Trace, Tracer};
use crate::weak::Weak;

/// A counted handle to a value in a garbage-collected heap.
///
/// Everything that one knows of [`Rc`](std::rc::Rc) holds: it derefs to the value at no cost, clones
/// count up, drops count down, and the value is dropped with its last handle. In addition, values
/// that hold each other in a cycle are found and freed once nobody else holds them, by
/// [`Heap::collect`] or by itself.
///
/// ```
/// use gc_core::{Gc, Slot, Trace};
///
/// #[derive(Trace)]
/// struct Node {
///     name: String,
///     next: Slot<Node>,
/// }
///
/// let a = Gc::new(Node { name: "a".into(), next: Slot::empty() });
/// let b = Gc::new(Node { name: "b".into(), next: Slot::new(Some(a.clone())) });
/// a.next.set(Some(b.clone()));
/// let weak = Gc::downgrade(&a);
///
/// drop((a, b)); // each is still held by the other
/// assert_eq!(weak.upgrade().unwrap().next.get().unwrap().name, "b");
/// assert_eq!(gc_core::collect().collected, 2);
/// assert!(weak.upgrade().is_none());
/// ```
///
/// # When can a collection run?
///
/// Inside the constructors (`new` and its kin), inside [`Heap::collect`] and its kin, and at a heap's
/// end. Never inside a deref, a clone, or a drop.
///
/// # What may `drop` do?
///
/// Dropping the last handle ends the object on the spot: finalizer, weak handles, value, watches and
/// cleanups, in this order. What dies of that ends right after it, each object completely before the
/// next: parents before children, siblings in the order of their fields, and one sibling's children
/// before the next sibling. (`Rc` ends children in the middle of their parent's drop; else the order is
/// the same.) No recursion is involved, so a list of any length is dropped on any stack. If a finalizer
/// lets go of other objects, those end before the rest of its own object's end.
///
/// # What is different from `Rc`?
///
/// * `T` has to implement [`Trace`] for a `Gc<T>` to be made;
/// * [`get_mut`](Gc::get_mut) and [`make_mut`](Gc::make_mut) return a guard, [`GcMut`];
/// * weak handles keep the slot of the value, as with `Rc`, and 8 to 80 bytes beside it;
/// * a pinned value ([`Gc::pin`]) stays pinned: `get_mut`, `make_mut` and `try_unwrap` refuse it.
///
/// # What is missing from `Rc`'s API?
///
/// Of what is stable in Rust 1.95, each method and trait is here, with these exceptions:
///
/// | of `Rc` | why not, and what to do |
/// | --- | --- |
/// | `Rc<T>` for any `T` | the constructors ask for `T: Trace` |
/// | coercion to `Rc<dyn Trait>`, `Rc<[T]>` | on stable the compiler does that for std alone: [`coerce!`](crate::coerce), for `Gc`, `Weak`, `Pin<Gc<_>>` and `GcFn`; by itself with the feature `nightly` |
/// | methods with `self: Rc<Self>` | likewise: take `this: &Gc<Self>`, or the feature `nightly` |
/// | `From<Box<dyn Trait>>` | the object needs the table of the concrete type, which such a box does not tell: make the `Gc` first and `coerce!` it. From boxes of sized values, slices and strings it is here |
/// | `&mut T` from `get_mut`, `make_mut` | the guard [`GcMut`] derefs to it, and hides the value from the collector meanwhile |
/// | `==` that skips the comparison for one and the same object if `T: Eq` | needs specialization. The answer is the same |
/// | `Weak: Debug` as `(Weak)` | dead handles say so |
/// | a value dropped inside its parent's drop | it waits its turn, see [above](#what-may-drop-do) |
/// | `assume_init` with other handles about | works, and the value is pinned from then on |
pub struct Gc<T: ?Sized> {
    /// The value. Its header stands right before it.
    value: NonNull<T>,
    /// Invariant in `T`: the table in the header stays that of the type the object was made with, so
    /// the handle must not pass for one of a sub- or supertype.
    invariant: PhantomData<*mut T>,
}

// ---- making --------------------------------------------------------------------------------------

impl<T: Trace> Gc<T> {
    /// Puts a value into the thread's default heap.
    ///
    /// # Panics
    ///
    /// May collect first; re-raises the panic of a hook that ran in the collection.
    ///
    /// ```
    /// let five = gc_core::Gc::new(5);
    /// assert_eq!(*five, 5);
    /// ```
    #[inline]
    #[must_use = "dropping the handle drops the value"]
    #[cfg_attr(feature = "alloc-sites", track_caller)]
    pub fn new(value: T) -> Self {
        Self::new_at(Place::Default, value)
    }

    /// Puts a value into this heap.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let five = Gc::new_in(&heap, 5);
    /// assert_eq!(heap.live_count(), 1);
    /// # drop(five);
    /// ```
    ///
    /// # Panics
    ///
    /// As [`Gc::new`].
    #[inline]
    #[must_use = "dropping the handle drops the value"]
    #[cfg_attr(feature = "alloc-sites", track_caller)]
    pub fn new_in(heap: &Heap, value: T) -> Self {
        Self::new_at(Place::In(heap.state()), value)
    }

    /// Puts a value into the thread's default heap, if there is memory.
    ///
    /// # Errors
    ///
    /// The allocator had none; the error holds the value.
    ///
    /// ```
    /// let five = gc_core::Gc::try_new(5).expect("there is memory for a number");
    /// assert_eq!(*five, 5);
    /// ```
    #[cfg_attr(feature = "alloc-sites", track_caller)]
    pub fn try_new(value: T) -> Result<Self, AllocError<T>> {
        Self::try_new_at(Place::Default, value).map_err(AllocError)
    }

    /// Puts a value into this heap, if there is memory.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let five = Gc::try_new_in(&heap, 5).expect("there is memory for a number");
    /// assert_eq!(Gc::heap(&five), heap);
    /// ```
    ///
    /// # Errors
    ///
    /// The allocator had none; the error holds the value.
    #[cfg_attr(feature = "alloc-sites", track_caller)]
    pub fn try_new_in(heap: &Heap, value: T) -> Result<Self, AllocError<T>> {
        Self::try_new_at(Place::In(heap.state()), value).map_err(AllocError)
    }

    #[inline(always)]
    #[cfg_attr(feature = "alloc-sites", track_caller)]
    pub(crate) fn new_at(place: Place, value: T) -> Self {
        Self::fill(object_at_hand::<T>(place).unwrap_or_else(|| object_or_die::<T>(place)), value)
    }

    #[cfg_attr(feature = "alloc-sites", track_caller)]
    fn try_new_at(place: Place, value: T) -> Result<Self, T> {
        match object_for::<T>(place.heap(), Life::Alive) {
            Some(object) => Ok(Self::fill(object, value)),
            None => Err(value),
        }
    }

    /// Writes the value of a new object, before any user code can see it.
    #[inline(always)]
    #[cfg_attr(feature = "alloc-sites", track_caller)]
    fn fill(object: ObjectRef, value: T) -> Self {
        // SAFETY: the slot was made for a `T` and has none yet.
        unsafe { object.value().cast::<T>().write(value) };
        sites::note(object);
        // SAFETY: the object holds a `T`, and its count of one is for this handle.
        unsafe { Self::from_object(object) }
    }

    /// Makes a value that holds a weak handle to itself.
    ///
    /// The weak handle is dead until the value is there. If `make` panics, it is dead for ever.
    ///
    /// ```
    /// use gc_core::{Gc, Trace, Weak};
    ///
    /// #[derive(Trace)]
    /// struct Gadget {
    ///     me: Weak<Gadget>,
    /// }
    ///
    /// let gadget = Gc::new_cyclic(|me| Gadget { me: me.clone() });
    /// assert!(Gc::ptr_eq(&gadget, &gadget.me.upgrade().unwrap()));
    /// ```
    #[cfg_attr(feature = "alloc-sites", track_caller)]
    pub fn new_cyclic<F: FnOnce(&Weak<T>) -> T>(make: F) -> Self {
        Self::new_cyclic_at(Place::Default.heap(), make)
    }

    /// Makes a value that holds a weak handle to itself, in this heap.
    ///
    /// ```
    /// use gc_core::{Gc, Heap, Trace, Weak};
    ///
    /// #[derive(Trace)]
    /// struct Gadget {
    ///     me: Weak<Gadget>,
    /// }
    ///
    /// let heap = Heap::new();
    /// let gadget = Gc::new_cyclic_in(&heap, |me| Gadget { me: me.clone() });
    /// assert!(Gc::ptr_eq(&gadget, &gadget.me.upgrade().unwrap()));
    /// assert_eq!(Gc::heap(&gadget), heap);
    /// ```
    #[cfg_attr(feature = "alloc-sites", track_caller)]
    pub fn new_cyclic_in<F: FnOnce(&Weak<T>) -> T>(heap: &Heap, make: F) -> Self {
        Self::new_cyclic_at(heap.state(), make)
    }

    #[cfg_attr(feature = "alloc-sites", track_caller)]
    fn new_cyclic_at<F: FnOnce(&Weak<T>) -> T>(heap: HeapRef, make: F) -> Self {
        let Some(object) = object_for::<T>(heap, Life::Empty) else { out_of_memory::<T>() };
        // Declared before the weak handle, so that it is dropped after it.
        let unbuilt = Unbuilt(object);
        // SAFETY: the slot was made for a `T`.
        let weak = unsafe { Weak::<T>::to_object(object, object.value().cast()) };
        let value = make(&weak);
        std::mem::forget(unbuilt);
        // SAFETY: the slot was made for a `T` and has none yet: weak handles cannot give it one.
        unsafe { object.value().cast::<T>().write(value) };
        object.set_field(object.page().heap().field_of(Generation::Young));
        object.enter(Life::Alive);
        sites::note(object);
        // SAFETY: the object holds a `T` now; the count of one with which it was made is for this.
        unsafe { Self::from_object(object) }
    }

    /// Puts a value into the thread's default heap for good: it never moves, not even by
    /// [`Gc::try_unwrap`].
    ///
    /// ```
    /// let pinned = gc_core::Gc::pin(std::marker::PhantomPinned);
    /// # drop(pinned);
    /// ```
    #[must_use = "dropping the handle drops the value"]
    #[cfg_attr(feature = "alloc-sites", track_caller)]
    pub fn pin(value: T) -> Pin<Gc<T>> {
        Self::pin_handle(Self::new(value))
    }

    /// Puts a value into this heap for good.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let pinned = Gc::pin_in(&heap, 5);
    /// assert_eq!((*pinned, heap.live_count()), (5, 1));
    /// ```
    #[must_use = "dropping the handle drops the value"]
    #[cfg_attr(feature = "alloc-sites", track_caller)]
    pub fn pin_in(heap: &Heap, value: T) -> Pin<Gc<T>> {
        Self::pin_handle(Self::new_in(heap, value))
    }
}

/// A new object of which nothing was at hand. Without the value: passed on, it would have to be in memory
/// on the quick path, too.
#[cold]
#[inline(never)]
fn object_or_die<T: Trace>(place: Place) -> ObjectRef {
    object_for::<T>(place.heap(), Life::Alive).unwrap_or_else(|| out_of_memory::<T>())
}

#[cold]
#[inline(never)]
pub(crate) fn out_of_memory<T>() -> ! {
    std::alloc::handle_alloc_error(std::alloc::Layout::new::<T>())
}

/// There was no memory for a new object. Holds the value that was to go there.
pub struct AllocError<T>(pub(crate) T);

impl<T> AllocError<T> {
    /// The value, back.
    ///
    /// ```
    /// use gc_core::Gc;
    ///
    /// let five = match Gc::try_new("five".to_owned()) {
    ///     Ok(handle) => Gc::unwrap_or_clone(handle),
    ///     Err(error) => error.into_inner(), // no memory, but nothing is lost
    /// };
    /// assert_eq!(five, "five");
    /// ```
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> std::fmt::Debug for AllocError<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AllocError")
    }
}

impl<T> std::fmt::Display for AllocError<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("out of memory")
    }
}

impl<T> std::error::Error for AllocError<T> {}

// ---- the handle itself -----------------------------------------------------------------------------

impl<T: ?Sized> Gc<T> {
    /// The value stays where it is from here on.
    pub(crate) fn pin_handle(gc: Self) -> Pin<Gc<T>> {
        gc.object().set(LOCKED);
        // SAFETY: with the flag set nothing gives out `&mut` to the value or moves it, through this
        // handle or another, until it is dropped in place.
        unsafe { Pin::new_unchecked(gc) }
    }

    #[inline(always)]
    pub(crate) fn object(&self) -> ObjectRef {
        // SAFETY: `value` is that of an object, by construction.
        unsafe { ObjectRef::of_value(self.value) }
    }

    #[inline(always)]
    pub(crate) fn value_ptr(&self) -> NonNull<T> {
        self.value
    }

    /// # Safety
    /// `value` points to the initialized value of an object, as its type or as one that it unsizes
    /// to; one count of the object belongs to the new handle.
    #[inline(always)]
    pub(crate) unsafe fn from_value(value: NonNull<T>) -> Self {
        Self { value, invariant: PhantomData }
    }
}

impl<T> Gc<T> {
    /// # Safety
    /// The object's value is a `T` and initialized; one count belongs to the new handle.
    #[inline(always)]
    pub(crate) unsafe fn from_object(object: ObjectRef) -> Self {
        Self { value: object.value().cast(), invariant: PhantomData }
    }
}

impl<T: ?Sized> Deref for Gc<T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        // SAFETY: the handle's count keeps the value initialized; nobody has `&mut` to it without
        // having this handle exclusively (`GcMut`).
        unsafe { self.value.as_ref() }
    }
}

impl<T: ?Sized> Clone for Gc<T> {
    /// One handle more to the same object.
    #[inline]
    fn clone(&self) -> Self {
        #[cfg(feature = "stress")]
        crate::stress::opportunity(self.object().page().heap(), crate::stress::At::Clone);
        self.object().add_ref();
        Self { value: self.value, invariant: PhantomData }
    }
}

impl<T: ?Sized> Drop for Gc<T> {
    /// One handle less. The last one ends the object; see [What may `drop` do?](Gc#what-may-drop-do)
    #[inline]
    fn drop(&mut self) {
        release(self.object());
    }
}

// SAFETY: reports its own handle, once. Dropping it gives back just that one; that `Gc` implements
// `Drop` is harmless, since it reads the object's header alone.
unsafe impl<T: ?Sized + 'static> Trace for Gc<T> {
    #[inline]
    fn trace(&self, tracer: &mut Tracer<'_>) {
        tracer.edge(self.object());
    }

    fn inspect(&self, inspector: Inspector<'_>) {
        inspector.edge(self.object());
    }

    #[inline(always)]
    fn may_hold_gc(_: Depth) -> bool {
        true
    }
}

// SAFETY: reports the pinned handle, once.
unsafe impl<T: ?Sized + 'static> Trace for Pin<Gc<T>> {
    #[inline]
    fn trace(&self, tracer: &mut Tracer<'_>) {
        // SAFETY: a pinned handle is a handle; the value behind it is not touched.
        let gc = unsafe { &*std::ptr::from_ref(self).cast::<Gc<T>>() };
        tracer.edge(gc.object());
    }

    fn inspect(&self, inspector: Inspector<'_>) {
        // SAFETY: as in `trace`.
        let gc = unsafe { &*std::ptr::from_ref(self).cast::<Gc<T>>() };
        inspector.edge(gc.object());
    }

    #[inline(always)]
    fn may_hold_gc(_: Depth) -> bool {
        true
    }
}

// ---- what `Rc` has ---------------------------------------------------------------------------------

impl<T: ?Sized> Gc<T> {
    /// Whether both are handles to the same object.
    ///
    /// ```
    /// use gc_core::Gc;
    ///
    /// let five = Gc::new(5);
    /// assert!(Gc::ptr_eq(&five, &five.clone()));
    /// assert!(!Gc::ptr_eq(&five, &Gc::new(5)));
    /// ```
    #[inline]
    #[must_use]
    pub fn ptr_eq(this: &Self, other: &Self) -> bool {
        std::ptr::addr_eq(this.value.as_ptr(), other.value.as_ptr())
    }

    /// How many handles there are to this object. The heap's own pins do not show.
    ///
    /// ```
    /// use gc_core::Gc;
    ///
    /// let five = Gc::new(5);
    /// let _other = five.clone();
    /// assert_eq!(Gc::strong_count(&five), 2);
    /// ```
    #[inline]
    #[must_use]
    pub fn strong_count(this: &Self) -> usize {
        this.object().strong_count()
    }

    /// How many weak handles there are to this object, those inside watches included.
    ///
    /// ```
    /// use gc_core::Gc;
    ///
    /// let five = Gc::new(5);
    /// let _weak = Gc::downgrade(&five);
    /// let _watch = Gc::watch(&five, || ());
    /// assert_eq!(Gc::weak_count(&five), 2);
    /// ```
    #[inline]
    #[must_use]
    pub fn weak_count(this: &Self) -> usize {
        Side::get(this.object()).map_or(0, |side| side.weak.get())
    }

    /// A weak handle to the same object, which does not keep it alive.
    ///
    /// ```
    /// use gc_core::Gc;
    ///
    /// let five = Gc::new(5);
    /// let weak = Gc::downgrade(&five);
    /// assert!(weak.upgrade().is_some());
    /// drop(five);
    /// assert!(weak.upgrade().is_none());
    /// ```
    #[must_use = "an unused weak handle does nothing"]
    pub fn downgrade(this: &Self) -> Weak<T> {
        // SAFETY: the value's place is that of the object.
        unsafe { Weak::to_object(this.object(), this.value) }
    }

    /// `&mut` to the value, if this is its only handle and no weak one exists.
    ///
    /// `None` too for a pinned value, and while the heap holds the object for its finalizer. The
    /// collector and every enumeration leave the object out until the guard is dropped.
    ///
    /// ```
    /// use gc_core::Gc;
    ///
    /// let mut five = Gc::new(5);
    /// *Gc::get_mut(&mut five).unwrap() += 1;
    /// assert_eq!(*five, 6);
    /// let _other = five.clone();
    /// assert!(Gc::get_mut(&mut five).is_none());
    /// ```
    #[inline]
    pub fn get_mut(this: &mut Self) -> Option<GcMut<'_, T>> {
        if Self::is_unique(this) && Self::weak_count(this) == 0 {
            // SAFETY: the only handle is borrowed for as long as the guard lives, and there is no
            // weak one to make another from.
            Some(unsafe { GcMut::new(this) })
        } else {
            None
        }
    }

    /// Whether nobody else could reach the value, weak handles aside, and it may be moved.
    #[inline]
    pub(crate) fn is_unique(this: &Self) -> bool {
        let object = this.object();
        object.refs() == 1 && object.life() == Life::Alive && !object.has(LOCKED)
    }

    /// A pointer to the value, good as long as the object lives.
    ///
    /// ```
    /// use gc_core::Gc;
    ///
    /// let five = Gc::new(5);
    /// assert_eq!(Gc::as_ptr(&five), &raw const *five);
    /// assert_eq!(Gc::as_ptr(&five), Gc::as_ptr(&five.clone()));
    /// ```
    #[inline]
    #[must_use]
    pub fn as_ptr(this: &Self) -> *const T {
        this.value.as_ptr()
    }

    /// Turns the handle into a pointer to its value. The count stays; [`Gc::from_raw`] takes it back.
    ///
    /// ```
    /// use gc_core::Gc;
    ///
    /// let raw = Gc::into_raw(Gc::new(5));
    /// // SAFETY: `raw` comes from `into_raw` and is taken back once.
    /// let five = unsafe { Gc::from_raw(raw) };
    /// assert_eq!(*five, 5);
    /// ```
    #[inline]
    #[must_use = "losing the pointer leaks the object"]
    pub fn into_raw(this: Self) -> *const T {
        ManuallyDrop::new(this).value.as_ptr()
    }

    /// Takes back a handle that [`Gc::into_raw`] gave away.
    ///
    /// ```
    /// use gc_core::Gc;
    ///
    /// let raw = Gc::into_raw(Gc::new(5));
    /// // SAFETY: `raw` comes from `into_raw` and is taken back once.
    /// let five = unsafe { Gc::from_raw(raw) };
    /// assert_eq!(Gc::strong_count(&five), 1);
    /// ```
    ///
    /// # Safety
    ///
    /// `ptr` comes from `Gc::into_raw` (of any heap, on this thread), at most unsized or transmuted
    /// to a type of the same layout for which the object's value is valid; the count is taken back
    /// once.
    #[inline]
    pub unsafe fn from_raw(ptr: *const T) -> Self {
        // SAFETY: `into_raw` gave it out, so it is not null.
        let value = unsafe { NonNull::new_unchecked(ptr.cast_mut()) };
        // SAFETY: the caller's duty.
        unsafe { Self::from_value(value) }
    }

    /// Adds one to the count of the object that `ptr` points into.
    ///
    /// ```
    /// use gc_core::Gc;
    ///
    /// let raw = Gc::into_raw(Gc::new(5));
    /// // SAFETY: `raw` comes from `into_raw`, and its count keeps the object alive.
    /// unsafe { Gc::increment_strong_count(raw) };
    /// // SAFETY: there are two counts, and each is taken back once.
    /// let (one, _other) = unsafe { (Gc::from_raw(raw), Gc::from_raw(raw)) };
    /// assert_eq!(Gc::strong_count(&one), 2);
    /// ```
    ///
    /// # Safety
    ///
    /// `ptr` comes from `Gc::into_raw`, and the object lives.
    #[inline]
    pub unsafe fn increment_strong_count(ptr: *const T) {
        // SAFETY: the caller's duty; the handle is not dropped here.
        let gc = ManuallyDrop::new(unsafe { Self::from_raw(ptr) });
        std::mem::forget(Gc::clone(&gc));
    }

    /// Takes one from the count of the object that `ptr` points into, as dropping a handle does.
    ///
    /// ```
    /// use gc_core::Gc;
    ///
    /// let five = Gc::new(5);
    /// let raw = Gc::into_raw(five.clone());
    /// assert_eq!(Gc::strong_count(&five), 2);
    /// // SAFETY: `raw` comes from `into_raw`, and its count is not taken back otherwise.
    /// unsafe { Gc::decrement_strong_count(raw) };
    /// assert_eq!(Gc::strong_count(&five), 1);
    /// ```
    ///
    /// # Safety
    ///
    /// `ptr` comes from `Gc::into_raw`, and the object lives with a count that the caller may take.
    #[inline]
    pub unsafe fn decrement_strong_count(ptr: *const T) {
        // SAFETY: the caller's duty.
        drop(unsafe { Self::from_raw(ptr) });
    }
}

impl<T> Gc<T> {
    /// The value, if this is its only handle. Weak handles die, watches and cleanups are called, and
    /// the finalizer does not run.
    ///
    /// # Errors
    ///
    /// The handle comes back if there are others, if the value is pinned, or while the heap holds the
    /// object for its finalizer.
    ///
    /// ```
    /// use gc_core::Gc;
    ///
    /// assert_eq!(Gc::try_unwrap(Gc::new(5)), Ok(5));
    /// ```
    pub fn try_unwrap(this: Self) -> Result<T, Self> {
        if !Self::is_unique(&this) {
            return Err(this);
        }
        let this = ManuallyDrop::new(this);
        // SAFETY: the only handle, and it is not used again; weak ones die in the next step, before
        // any user code runs.
        let value = unsafe { this.value.read() };
        value_was_taken(this.object());
        Ok(value)
    }

    /// The value, if this is its only handle; else the handle is dropped.
    ///
    /// Of several handles that are all given to it, the last returns the value.
    ///
    /// ```
    /// use gc_core::Gc;
    ///
    /// let five = Gc::new(5);
    /// let other = five.clone();
    /// assert_eq!(Gc::into_inner(five), None);
    /// assert_eq!(Gc::into_inner(other), Some(5));
    /// ```
    #[must_use = "the value is lost otherwise"]
    pub fn into_inner(this: Self) -> Option<T> {
        Self::try_unwrap(this).ok()
    }
}

impl<T: Clone> Gc<T> {
    /// The value, moved out if this is its only handle, else a clone of it.
    ///
    /// ```
    /// use gc_core::Gc;
    ///
    /// let text = Gc::new("five".to_owned());
    /// let _other = text.clone();
    /// assert_eq!(Gc::unwrap_or_clone(text), "five");
    /// ```
    pub fn unwrap_or_clone(this: Self) -> T {
        Self::try_unwrap(this).unwrap_or_else(|gc| (*gc).clone())
    }
}

// ---- what `Rc` has not -----------------------------------------------------------------------------

impl<T: ?Sized> Gc<T> {
    /// Whether the type may hold handles, so that the collector knows its objects. The twin of
    /// `gc.is_tracked`.
    ///
    /// ```
    /// use gc_core::Gc;
    ///
    /// assert!(!Gc::is_tracked(&Gc::new("a string".to_owned())));
    /// assert!(Gc::is_tracked(&Gc::new(Some(Gc::new(5)))));
    /// ```
    #[must_use]
    pub fn is_tracked(this: &Self) -> bool {
        !this.object().has(LEAF)
    }

    /// Whether its finalizer has run. The twin of `gc.is_finalized`.
    ///
    /// ```
    /// use gc_core::{Finalize, FinalizeCx, Gc, Slot, Trace};
    /// use std::rc::Rc;
    ///
    /// #[derive(Trace)]
    /// #[trace(finalize)]
    /// struct Phoenix {
    ///     #[trace(skip)]
    ///     nest: Rc<Slot<Phoenix>>,
    /// }
    ///
    /// impl Finalize for Phoenix {
    ///     fn finalize(&self, cx: &FinalizeCx<'_, Self>) {
    ///         self.nest.set(Some(cx.handle()));
    ///     }
    /// }
    ///
    /// let nest = Rc::new(Slot::empty());
    /// let phoenix = Gc::new(Phoenix { nest: nest.clone() });
    /// assert!(!Gc::is_finalized(&phoenix));
    /// drop(phoenix);
    /// assert!(Gc::is_finalized(&nest.take().unwrap()));
    /// ```
    #[must_use]
    pub fn is_finalized(this: &Self) -> bool {
        this.object().has(FINALIZED)
    }

    /// The generation that the object is in.
    ///
    /// ```
    /// use gc_core::{Gc, Generation, Heap};
    ///
    /// let heap = Heap::new();
    /// let node = Gc::new_in(&heap, Some(Gc::new_in(&heap, 5)));
    /// assert_eq!(Gc::generation(&node), Generation::Young);
    /// heap.collect();
    /// assert_eq!(Gc::generation(&node), Generation::Old);
    /// ```
    #[must_use]
    pub fn generation(this: &Self) -> Generation {
        this.object().generation()
    }

    /// A heap value for the heap that the object lives in.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// assert_eq!(Gc::heap(&Gc::new_in(&heap, 5)), heap);
    /// assert_eq!(Gc::heap(&Gc::new(5)), Heap::current());
    /// ```
    #[must_use]
    pub fn heap(this: &Self) -> Heap {
        Heap::of(this.object().page().heap())
    }

    /// The object's identity, which no other object ever has, in any heap. The twin of `id`.
    ///
    /// Given out at the first ask; objects that nobody asks cost nothing.
    ///
    /// ```
    /// use gc_core::Gc;
    ///
    /// let (five, six) = (Gc::new(5), Gc::new(6));
    /// assert_eq!(Gc::id(&five), Gc::id(&five.clone()));
    /// assert_ne!(Gc::id(&five), Gc::id(&six));
    /// ```
    #[must_use]
    pub fn id(this: &Self) -> crate::any::ObjectId {
        crate::any::ObjectId::of(this.object())
    }
}
