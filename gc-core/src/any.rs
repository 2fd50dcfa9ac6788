//! [`AnyGc`] and [`AnyWeak`]: handles to objects of any type; [`ObjectId`]: an object's identity.

use std::any::{Any, TypeId};
use std::fmt;
use std::mem::ManuallyDrop;

use crate::ephemeron::{Pass, trace_entries_in};
use crate::gc::Gc;
use crate::gc_free::GcFree;
use crate::heap::Heap;
use crate::inspect::Inspector;
use crate::object::{EXCLUSIVE, FINALIZED, LEAF, ObjectRef};
use crate::reclaim::release;
use crate::room::ByLength;
use crate::settings::Generation;
use crate::side::Side;
use crate::trace::{Depth, Trace, Tracer};
use crate::weak::Weak;

/// The identity of an object: unique among all objects of the process, for ever.
///
/// From [`Gc::id`]. Orders by age of the identity, not of the object.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId(u64);

impl ObjectId {
    pub(crate) fn of(object: ObjectRef) -> Self {
        Self(Side::get_or_make(object).id())
    }

    /// The identity of an object to which one was given before.
    pub(crate) fn known(object: ObjectRef) -> Option<Self> {
        Side::get(object).and_then(Side::known_id).map(Self)
    }

    /// The identity as a number.
    ///
    /// ```
    /// use gc_core::Gc;
    ///
    /// let (older, newer) = (Gc::id(&Gc::new(5)), Gc::id(&Gc::new(6)));
    /// assert!(older.get() < newer.get());
    /// assert_eq!(format!("#{}", older.get()), older.to_string());
    /// ```
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

// SAFETY: a number; it reports nothing.
unsafe impl Trace for ObjectId {
    fn trace(&self, _: &mut Tracer<'_>) {}

    #[inline(always)]
    fn may_hold_gc(_: Depth) -> bool {
        false
    }
}

impl GcFree for ObjectId {}

/// A counted handle to an object of any type. What every reference is in CPython.
///
/// ```
/// use gc_core::{AnyGc, Gc};
///
/// let any = AnyGc::from(Gc::new(5));
/// assert_eq!(any.type_name(), "i32");
/// assert_eq!(*any.downcast::<i32>().unwrap(), 5);
/// ```
pub struct AnyGc {
    object: ObjectRef,
    /// Neither `Send` nor `Sync`, like every handle.
    _local: std::marker::PhantomData<*mut ()>,
}

impl AnyGc {
    /// A new handle to the object, if it may be shown: it lives, and nobody has `&mut` to it.
    pub(crate) fn new(object: ObjectRef) -> Option<Self> {
        let shown = object.can_upgrade() && !object.has(EXCLUSIVE);
        // SAFETY: the count was just added.
        shown.then(|| unsafe { Self::from_counted(object.add_ref()) })
    }

    /// # Safety
    /// One count of the object belongs to the new handle.
    pub(crate) unsafe fn from_counted(object: ObjectRef) -> Self {
        Self { object, _local: std::marker::PhantomData }
    }

    pub(crate) fn object(&self) -> ObjectRef {
        self.object
    }

    /// The name of the value's type.
    ///
    /// ```
    /// use gc_core::{AnyGc, Gc};
    ///
    /// assert_eq!(AnyGc::from(Gc::new(5)).type_name(), "i32");
    /// assert_eq!(AnyGc::from(Gc::<str>::from("five")).type_name(), "str");
    /// ```
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        self.object.type_name()
    }

    /// The value's type.
    ///
    /// ```
    /// use gc_core::{AnyGc, Gc};
    /// use std::any::TypeId;
    ///
    /// assert_eq!(AnyGc::from(Gc::new(5)).type_id(), TypeId::of::<i32>());
    /// ```
    #[must_use]
    pub fn type_id(&self) -> TypeId {
        (self.object.info().type_id)()
    }

    /// Whether the value is a `T`.
    ///
    /// ```
    /// use gc_core::{AnyGc, Gc};
    ///
    /// assert!(AnyGc::from(Gc::new(5)).is::<i32>());
    /// assert!(AnyGc::from(Gc::<str>::from("five")).is::<str>());
    /// ```
    #[must_use]
    pub fn is<T: ?Sized + 'static>(&self) -> bool {
        self.object.is::<T>()
    }

    /// The handle as one of its type.
    ///
    /// ```
    /// use gc_core::{AnyGc, Gc};
    ///
    /// let any = AnyGc::from(Gc::new(5));
    /// let any = any.downcast::<String>().unwrap_err();
    /// assert_eq!(*any.downcast::<i32>().unwrap(), 5);
    /// ```
    ///
    /// # Errors
    ///
    /// The value is no `T`; the handle comes back.
    pub fn downcast<T: 'static>(self) -> Result<Gc<T>, AnyGc> {
        if self.is::<T>() {
            let object = ManuallyDrop::new(self).object;
            // SAFETY: the table says that the value is a `T`; the count moves to the new handle.
            Ok(unsafe { Gc::from_object(object) })
        } else {
            Err(self)
        }
    }

    /// The handle as one of a slice.
    ///
    /// ```
    /// use gc_core::{AnyGc, Gc};
    ///
    /// let any = AnyGc::from(Gc::<[i32]>::from([1, 2, 3]));
    /// assert_eq!(*any.downcast_slice::<i32>().unwrap(), [1, 2, 3]);
    /// ```
    ///
    /// # Errors
    ///
    /// The value was not made as a slice of `T`: an array, even one that was coerced to a slice since,
    /// is an array here. The handle comes back.
    pub fn downcast_slice<T: Trace>(self) -> Result<Gc<[T]>, AnyGc> {
        self.downcast_by_length()
    }

    /// The handle as one of a `str`.
    ///
    /// ```
    /// use gc_core::{AnyGc, Gc};
    ///
    /// let any = AnyGc::from(Gc::<str>::from("five"));
    /// assert_eq!(&*any.downcast_str().unwrap(), "five");
    /// ```
    ///
    /// # Errors
    ///
    /// The value is no `str`; the handle comes back.
    pub fn downcast_str(self) -> Result<Gc<str>, AnyGc> {
        self.downcast_by_length()
    }

    fn downcast_by_length<U: ?Sized + ByLength>(self) -> Result<Gc<U>, AnyGc> {
        if !self.is::<U>() {
            return Err(self);
        }
        let object = ManuallyDrop::new(self).object;
        // SAFETY: the table says that the value is a `U`, and those are made with a length.
        let len = unsafe { object.length() };
        // SAFETY: the value is a `U` of this length; the count moves to the new handle.
        Ok(unsafe { Gc::from_value(U::with_len(object.value(), len)) })
    }

    /// The heap that the object lives in.
    ///
    /// ```
    /// use gc_core::{AnyGc, Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// assert_eq!(AnyGc::from(Gc::new_in(&heap, 5)).heap(), heap);
    /// ```
    #[must_use]
    pub fn heap(&self) -> Heap {
        Heap::of(self.object.page().heap())
    }

    /// Bytes of the value, without what it owns elsewhere.
    ///
    /// ```
    /// use gc_core::{AnyGc, Gc};
    ///
    /// assert_eq!(AnyGc::from(Gc::new(5_u64)).size(), 8);
    /// let text = AnyGc::from(Gc::new("five".repeat(100)));
    /// assert_eq!(text.size(), size_of::<String>()); // without the text
    /// ```
    #[must_use]
    pub fn size(&self) -> usize {
        self.object.value_size()
    }

    /// The generation that the object is in.
    ///
    /// ```
    /// use gc_core::{AnyGc, Gc, Generation, Heap};
    ///
    /// let heap = Heap::new();
    /// let any = AnyGc::from(Gc::new_in(&heap, Some(Gc::new_in(&heap, 5))));
    /// assert_eq!(any.generation(), Generation::Young);
    /// heap.collect();
    /// assert_eq!(any.generation(), Generation::Old);
    /// ```
    #[must_use]
    pub fn generation(&self) -> Generation {
        self.object.generation()
    }

    /// The object's identity.
    ///
    /// ```
    /// use gc_core::{AnyGc, Gc};
    ///
    /// let five = Gc::new(5);
    /// assert_eq!(AnyGc::from(five.clone()).id(), Gc::id(&five));
    /// assert_ne!(AnyGc::from(Gc::new(5)).id(), Gc::id(&five));
    /// ```
    #[must_use]
    pub fn id(&self) -> ObjectId {
        ObjectId::of(self.object)
    }

    /// How many handles there are, this one included.
    ///
    /// ```
    /// use gc_core::{AnyGc, Gc};
    ///
    /// let five = Gc::new(5);
    /// let any = AnyGc::from(five.clone());
    /// assert_eq!(any.strong_count(), 2);
    /// drop(five);
    /// assert_eq!(any.strong_count(), 1);
    /// ```
    #[must_use]
    pub fn strong_count(&self) -> usize {
        self.object.strong_count()
    }

    /// Whether the collector knows the object: its type may hold handles.
    ///
    /// ```
    /// use gc_core::{AnyGc, Gc};
    ///
    /// assert!(!AnyGc::from(Gc::new(5)).is_tracked());
    /// assert!(AnyGc::from(Gc::new(Some(Gc::new(5)))).is_tracked());
    /// ```
    #[must_use]
    pub fn is_tracked(&self) -> bool {
        !self.object.has(LEAF)
    }

    /// Whether its finalizer has run.
    ///
    /// ```
    /// # use gc_core::{AnyGc, Finalize, FinalizeCx, Gc, Slot, Trace};
    /// # use std::rc::Rc;
    /// #
    /// # #[derive(Trace)]
    /// # #[trace(finalize)]
    /// # struct Phoenix {
    /// #     #[trace(skip)]
    /// #     nest: Rc<Slot<Phoenix>>,
    /// # }
    /// #
    /// # impl Finalize for Phoenix {
    /// #     fn finalize(&self, cx: &FinalizeCx<'_, Self>) {
    /// #         self.nest.set(Some(cx.handle()));
    /// #     }
    /// # }
    /// #
    /// // The finalizer of a `Phoenix` stores a handle to it in the nest.
    /// let nest = Rc::new(Slot::empty());
    /// let phoenix = Gc::new(Phoenix { nest: nest.clone() });
    /// assert!(!AnyGc::from(phoenix.clone()).is_finalized());
    /// drop(phoenix);
    /// assert!(AnyGc::from(nest.take().unwrap()).is_finalized());
    /// ```
    #[must_use]
    pub fn is_finalized(&self) -> bool {
        self.object.has(FINALIZED)
    }

    /// Whether both are handles to the same object.
    ///
    /// ```
    /// use gc_core::{AnyGc, Gc};
    ///
    /// let five = AnyGc::from(Gc::new(5));
    /// assert!(five.ptr_eq(&five.clone()));
    /// assert!(!five.ptr_eq(&AnyGc::from(Gc::new(5))));
    /// ```
    #[must_use]
    pub fn ptr_eq(&self, other: &Self) -> bool {
        self.object == other.object
    }

    /// A weak handle to the object.
    ///
    /// ```
    /// use gc_core::{AnyGc, Gc};
    ///
    /// let any = AnyGc::from(Gc::new(5));
    /// let weak = any.downgrade();
    /// assert!(weak.upgrade().is_some());
    /// drop(any);
    /// assert!(weak.upgrade().is_none());
    /// ```
    #[must_use = "an unused weak handle does nothing"]
    pub fn downgrade(&self) -> AnyWeak {
        // SAFETY: the place of the object's value, as bytes that nobody reads.
        AnyWeak { weak: unsafe { Weak::to_object(self.object, self.object.value().cast()) } }
    }

    /// The handles that the value owns. The twin of `gc.get_referents`.
    ///
    /// ```
    /// use gc_core::{AnyGc, Gc};
    ///
    /// let five = Gc::new(5);
    /// let referents = AnyGc::from(Gc::new((five.clone(), "five"))).referents();
    /// assert_eq!(referents.len(), 1);
    /// assert!(referents[0].ptr_eq(&AnyGc::from(five)));
    /// ```
    #[must_use]
    pub fn referents(&self) -> Vec<AnyGc> {
        referents(self.object)
    }
}

impl Gc<dyn Any> {
    /// The handle as one of its type.
    ///
    /// ```
    /// use gc_core::{Gc, coerce};
    /// use std::any::Any;
    ///
    /// let any: Gc<dyn Any> = coerce!(Gc::new(5) => dyn Any);
    /// let any = any.downcast::<String>().unwrap_err();
    /// assert_eq!(*any.downcast::<i32>().unwrap(), 5);
    /// ```
    ///
    /// # Errors
    ///
    /// The value is no `T`; the handle comes back.
    pub fn downcast<T: Any>(self) -> Result<Gc<T>, Self> {
        if !(*self).is::<T>() {
            return Err(self);
        }
        // SAFETY: the handle's own pointer, and the value is a `T`.
        Ok(unsafe { Gc::from_raw(Gc::into_raw(self).cast::<T>()) })
    }
}

impl<T: ?Sized> Gc<T> {
    /// The handles that the value owns, in the order in which it reports them; one that it owns twice
    /// is there twice. The twin of `gc.get_referents`.
    ///
    /// What the value hides (a borrowed cell, a skipped field) is left out.
    ///
    /// ```
    /// use gc_core::Gc;
    ///
    /// let five = Gc::new(5);
    /// let pair = Gc::new((five.clone(), five.clone()));
    /// assert_eq!(Gc::referents(&pair).len(), 2);
    /// ```
    #[must_use]
    pub fn referents(this: &Self) -> Vec<AnyGc> {
        referents(this.object())
    }
}

/// The edges of one object.
pub(crate) fn edges_of(object: ObjectRef) -> Vec<ObjectRef> {
    let mut tracer = Tracer::new(Pass::Inspect);
    if object.can_upgrade() && !object.has(EXCLUSIVE) {
        object.trace(&mut tracer);
        while let Some(registry) = tracer.registries.pop() {
            trace_entries_in(registry, &mut tracer);
        }
    }
    if tracer.overflow {
        std::alloc::handle_alloc_error(std::alloc::Layout::new::<ObjectRef>());
    }
    tracer.edges
}

fn referents(object: ObjectRef) -> Vec<AnyGc> {
    edges_of(object).into_iter().filter_map(AnyGc::new).collect()
}

impl Clone for AnyGc {
    fn clone(&self) -> Self {
        // SAFETY: the count was just added.
        unsafe { Self::from_counted(self.object.add_ref()) }
    }
}

impl Drop for AnyGc {
    fn drop(&mut self) {
        release(self.object);
    }
}

impl<T: ?Sized> From<Gc<T>> for AnyGc {
    fn from(gc: Gc<T>) -> Self {
        let object = ManuallyDrop::new(gc).object();
        // SAFETY: the count of the handle that was given away.
        unsafe { Self::from_counted(object) }
    }
}

impl fmt::Debug for AnyGc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AnyGc<{}>", self.type_name())
    }
}

// SAFETY: reports its own handle, once.
unsafe impl Trace for AnyGc {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        tracer.edge(self.object);
    }

    fn inspect(&self, inspector: Inspector<'_>) {
        inspector.edge(self.object);
    }

    #[inline(always)]
    fn may_hold_gc(_: Depth) -> bool {
        true
    }
}

/// A weak handle to an object of any type.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct AnyWeak {
    weak: Weak<()>,
}

impl AnyWeak {
    pub(crate) fn object(&self) -> Option<ObjectRef> {
        self.weak.object()
    }

    /// A strong handle, if the object lives.
    ///
    /// ```
    /// use gc_core::{AnyWeak, Gc};
    ///
    /// let five = Gc::new(5);
    /// let weak = AnyWeak::from(&five);
    /// assert_eq!(*weak.upgrade().unwrap().downcast::<i32>().unwrap(), 5);
    /// drop(five);
    /// assert!(weak.upgrade().is_none());
    /// ```
    #[must_use = "the handle is dropped at once otherwise"]
    pub fn upgrade(&self) -> Option<AnyGc> {
        let object = self.weak.object().filter(|object| object.can_upgrade())?;
        // SAFETY: the count was just added.
        Some(unsafe { AnyGc::from_counted(object.add_ref()) })
    }

    /// Whether the object is gone.
    ///
    /// ```
    /// use gc_core::{AnyWeak, Gc};
    ///
    /// let five = Gc::new(5);
    /// let weak = AnyWeak::from(&five);
    /// assert!(!weak.is_dead());
    /// drop(five);
    /// assert!(weak.is_dead());
    /// ```
    #[must_use]
    pub fn is_dead(&self) -> bool {
        self.weak.is_dead()
    }
}

impl From<&AnyWeak> for AnyWeak {
    fn from(weak: &AnyWeak) -> Self {
        weak.clone()
    }
}

impl<T: ?Sized> From<&Weak<T>> for AnyWeak {
    fn from(weak: &Weak<T>) -> Self {
        let Some(object) = weak.object() else { return Self { weak: Weak::new() } };
        // SAFETY: the place of the object's value, as bytes that nobody reads.
        Self { weak: unsafe { Weak::to_object(object, object.value().cast()) } }
    }
}

impl<T: ?Sized> From<&Gc<T>> for AnyWeak {
    fn from(gc: &Gc<T>) -> Self {
        let object = gc.object();
        // SAFETY: the place of the object's value, as bytes that nobody reads.
        Self { weak: unsafe { Weak::to_object(object, object.value().cast()) } }
    }
}

// SAFETY: a weak handle owns no count; it reports nothing.
unsafe impl Trace for AnyWeak {
    fn trace(&self, _: &mut Tracer<'_>) {}

    fn inspect(&self, inspector: Inspector<'_>) {
        self.weak.inspect(inspector);
    }

    #[inline(always)]
    fn may_hold_gc(_: Depth) -> bool {
        false
    }
}
