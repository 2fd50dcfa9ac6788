//! The table of a type: what the heap does with objects once their type is gone.

use std::any::TypeId;
use std::mem::{ManuallyDrop, needs_drop};

use crate::finalize::FinalizeCx;
use crate::gc::Gc;
use crate::inspect::Inspector;
use crate::object::{FINALIZER, LEAF, ObjectRef};
use crate::reclaim::end;
use crate::trace::{Depth, Trace, Tracer};

/// Does what is to be done when a handle has gone: mostly, ends the object, at once or when its turn
/// comes.
///
/// # Safety
/// The value is initialized, and of the type in whose table this stands. If no handle is left, the
/// last one has just gone, and nobody uses the value again.
pub(crate) type End = unsafe fn(ObjectRef);

/// The table of a type: what the heap needs to know where the type is gone.
///
/// Like a [`Side`](crate::side::Side) it begins with how its objects end, so that a dropped handle finds
/// that without asking which of the two the header leads to.
#[repr(C)]
pub(crate) struct Info {
    end: End,
    pub(crate) trace: unsafe fn(ObjectRef, &mut Tracer<'_>),
    pub(crate) inspect: unsafe fn(ObjectRef, Inspector<'_>),
    pub(crate) finalize: unsafe fn(ObjectRef),
    /// Drops the value; `None` where there is nothing to do.
    pub(crate) drop: Option<unsafe fn(ObjectRef)>,
    pub(crate) type_id: fn() -> TypeId,
    pub(crate) type_name: fn() -> &'static str,
    /// Bytes of one value; of one element, for slices.
    pub(crate) size: usize,
    pub(crate) is_slice: bool,
}

/// Carries the table of `T` as a constant.
pub(crate) struct InfoOf<T: ?Sized>(std::marker::PhantomData<T>);

impl<T: Trace> InfoOf<T> {
    /// The table of objects that hold one `T`.
    pub(crate) const ONE: &'static Info = &Info {
        end: end_one::<T>,
        trace: trace_one::<T>,
        inspect: inspect_one::<T>,
        finalize: finalize_value::<T>,
        drop: if needs_drop::<T>() { Some(drop_one::<T>) } else { None },
        type_id: TypeId::of::<T>,
        type_name: std::any::type_name::<T>,
        size: size_of::<T>(),
        is_slice: false,
    };

    /// The table of objects that hold a slice of `T`.
    pub(crate) const SLICE: &'static Info = &Info {
        end: end_slice::<T>,
        trace: trace_slice::<T>,
        inspect: inspect_slice::<T>,
        finalize: |_| {},
        drop: if needs_drop::<T>() { Some(drop_slice::<T>) } else { None },
        type_id: TypeId::of::<[T]>,
        type_name: std::any::type_name::<[T]>,
        size: size_of::<T>(),
        is_slice: true,
    };

    /// Whether objects of `T` are leaves. Folds to a constant.
    #[inline(always)]
    pub(crate) fn is_leaf() -> bool {
        !T::may_hold_gc(Depth::START)
    }

    /// The flags with which an object of `T` is born. Folds to a constant.
    #[inline(always)]
    pub(crate) fn flags() -> u32 {
        (if Self::is_leaf() { LEAF } else { 0 })
            | (if T::finalizer().is_some() { FINALIZER } else { 0 })
    }
}

impl<T: ?Sized + 'static> InfoOf<T> {
    /// The table of objects that hold a string of some kind: bytes, and nothing to trace or drop.
    pub(crate) const BYTES: &'static Info = &Info {
        end: end_bytes,
        trace: |_, _| {},
        inspect: |_, _| {},
        finalize: |_| {},
        drop: None,
        type_id: TypeId::of::<T>,
        type_name: std::any::type_name::<T>,
        size: 1,
        is_slice: true,
    };
}

// What the tables lead to. Functions with a name: of a closure there would be a copy in each unit that is
// compiled by itself, as there is of the tables, and calls that lead to several places are not foreseen.

/// Ends an object that holds one `T`.
///
/// # Safety
/// The duty of [`End`].
unsafe fn end_one<T: Trace>(object: ObjectRef) {
    let drop = |object| {
        // SAFETY: `end` calls it once, and the value is a `T`.
        unsafe { drop_one::<T>(object) }
    };
    let drops_nothing = |object: ObjectRef| {
        // SAFETY: `end` asks before it drops: the value is there, a `T`, and nobody else's.
        !needs_drop::<T>() || unsafe { object.value().cast::<T>().as_mut() }.drops_nothing()
    };
    // SAFETY: the caller's duty.
    unsafe { end(object, InfoOf::<T>::is_leaf, drops_nothing, drop) }
}

/// Ends an object that holds a slice of `T`.
///
/// # Safety
/// The duty of [`End`].
unsafe fn end_slice<T: Trace>(object: ObjectRef) {
    let drop = |object| {
        // SAFETY: `end` calls it once, and the value is a slice of `T`.
        unsafe { drop_slice::<T>(object) }
    };
    // SAFETY: the caller's duty.
    unsafe { end(object, InfoOf::<T>::is_leaf, |_| !needs_drop::<T>(), drop) }
}

/// Ends an object that holds a string of some kind.
///
/// # Safety
/// The duty of [`End`].
unsafe fn end_bytes(object: ObjectRef) {
    // SAFETY: the caller's duty; there is nothing to drop.
    unsafe { end(object, || true, |_| true, |_| {}) }
}

/// Reports the edges of a `T`.
///
/// # Safety
/// The object's value is a `T`, and initialized.
unsafe fn trace_one<T: Trace>(object: ObjectRef, tracer: &mut Tracer<'_>) {
    // SAFETY: the caller's duty.
    unsafe { object.value().cast::<T>().as_ref() }.trace(tracer)
}

/// Reports the edges of a slice of `T`.
///
/// # Safety
/// The object was made as a slice of `T`; its value is initialized.
unsafe fn trace_slice<T: Trace>(object: ObjectRef, tracer: &mut Tracer<'_>) {
    // SAFETY: the caller's duty.
    let slice = unsafe { object.slice_value::<T>() };
    // SAFETY: the caller's duty.
    unsafe { slice.as_ref() }.trace(tracer)
}

/// Has a `T` tell its edges by name.
///
/// # Safety
/// The object's value is a `T`, and initialized.
unsafe fn inspect_one<T: Trace>(object: ObjectRef, inspector: Inspector<'_>) {
    // SAFETY: the caller's duty.
    unsafe { object.value().cast::<T>().as_ref() }.inspect(inspector)
}

/// Has a slice of `T` tell its edges by name.
///
/// # Safety
/// The object was made as a slice of `T`; its value is initialized.
unsafe fn inspect_slice<T: Trace>(object: ObjectRef, inspector: Inspector<'_>) {
    // SAFETY: the caller's duty.
    let slice = unsafe { object.slice_value::<T>() };
    // SAFETY: the caller's duty.
    unsafe { slice.as_ref() }.inspect(inspector)
}

/// Drops the value of an object that holds one `T`.
///
/// # Safety
/// The value is a `T`, initialized, and nobody uses it again.
#[inline(always)]
unsafe fn drop_one<T>(object: ObjectRef) {
    // SAFETY: the caller's duty.
    unsafe { object.value().cast::<T>().drop_in_place() }
}

/// Drops the value of an object that holds a slice of `T`.
///
/// # Safety
/// The object was made as a slice of `T`; its value is initialized, and nobody uses it again.
#[inline(always)]
unsafe fn drop_slice<T>(object: ObjectRef) {
    // SAFETY: the caller's duty.
    let slice = unsafe { object.slice_value::<T>() };
    // SAFETY: the caller's duty.
    unsafe { slice.drop_in_place() }
}

/// Calls the finalizer of a `T`.
///
/// # Safety
/// The object's value is a `T`, initialized, and the caller holds a counted handle for the call.
unsafe fn finalize_value<T: Trace>(object: ObjectRef) {
    let Some(finalizer) = T::finalizer() else { return };
    // SAFETY: the value is a `T` and initialized, by the caller. The handle's count is the caller's,
    // to whom it goes back: it is never dropped.
    let handle = ManuallyDrop::new(unsafe { Gc::<T>::from_object(object) });
    finalizer.run(&handle, &FinalizeCx::new(&handle));
}
