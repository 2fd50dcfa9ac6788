//! Containers: types that own values of other types, and report what those report.
//!
//! Nobody can change a container while it is read here: to change it takes a `&mut` to it, and
//! objects lend one only through a cell (see `cell`) or while they are hidden from the collector.

use std::any::{Any, TypeId};
use std::array;
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::error::Error;
use std::ffi::{CString, OsString};
use std::mem::needs_drop;
use std::num::{Saturating, Wrapping};
use std::ops::{Bound, ControlFlow, Range, RangeFrom, RangeInclusive, RangeTo, RangeToInclusive};
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::mpsc::{SendError, TrySendError};
use std::sync::{PoisonError, TryLockError};
use std::task::Poll;
use std::vec::IntoIter as VecIntoIter;

use super::{is_worth_a_visit, part_may_hold_gc};
use crate::gc_free::GcFree;
use crate::trace::{Depth, Trace, Tracer};

// SAFETY: a slice owns its elements, and each is visited once, in place.
unsafe impl<T: Trace> Trace for [T] {
    #[inline]
    fn trace(&self, tracer: &mut Tracer<'_>) {
        if is_worth_a_visit::<T>() {
            for element in self {
                element.trace(tracer);
            }
        }
    }
}

// SAFETY: as for the slice that the array is.
unsafe impl<T: Trace, const N: usize> Trace for [T; N] {
    #[inline]
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.as_slice().trace(tracer);
    }

    #[inline]
    fn may_hold_gc(depth: Depth) -> bool {
        part_may_hold_gc::<T>(depth)
    }
}

// SAFETY: as for the slice of what it has not yet yielded.
unsafe impl<T: Trace, const N: usize> Trace for array::IntoIter<T, N> {
    #[inline]
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.as_slice().trace(tracer);
    }

    #[inline]
    fn may_hold_gc(depth: Depth) -> bool {
        part_may_hold_gc::<T>(depth)
    }
}

/// Types whose parts a pattern, or an accessor that hands out references, can name.
macro_rules! by_parts {
    ($($whole:ident<$($param:ident),+> { $($pattern:pat => [$($part:expr),*]),+ $(,)? })+) => {$(
        // SAFETY: the type owns the parts that are named, each once. It hands them out without
        // running code of theirs, drops them when it is dropped, and has no other code then.
        unsafe impl<$($param: Trace),+> Trace for $whole<$($param),+> {
            #[inline]
            fn trace(&self, tracer: &mut Tracer<'_>) {
                match self {
                    $($pattern => { $($part.trace(tracer);)* })+
                }
            }

            #[inline]
            fn may_hold_gc(depth: Depth) -> bool {
                $(part_may_hold_gc::<$param>(depth))||+
            }
        }
    )+};
}

by_parts! {
    Option<T> { Some(value) => [value], None => [] }
    Result<T, E> { Ok(value) => [value], Err(error) => [error] }
    Poll<T> { Poll::Ready(value) => [value], Poll::Pending => [] }
    ControlFlow<B, C> {
        ControlFlow::Break(value) => [value],
        ControlFlow::Continue(value) => [value],
    }

    Reverse<T> { Reverse(value) => [value] }
    Wrapping<T> { Wrapping(value) => [value] }
    Saturating<T> { Saturating(value) => [value] }
    AssertUnwindSafe<T> { AssertUnwindSafe(value) => [value] }
    PoisonError<T> { error => [error.get_ref()] }
    TryLockError<T> {
        TryLockError::Poisoned(error) => [error],
        TryLockError::WouldBlock => [],
    }
    SendError<T> { SendError(value) => [value] }
    TrySendError<T> {
        TrySendError::Full(value) => [value],
        TrySendError::Disconnected(value) => [value],
    }

    Bound<T> {
        Bound::Included(value) => [value],
        Bound::Excluded(value) => [value],
        Bound::Unbounded => [],
    }
    Range<T> { Range { start, end } => [start, end] }
    RangeFrom<T> { RangeFrom { start } => [start] }
    RangeTo<T> { RangeTo { end } => [end] }
    RangeToInclusive<T> { RangeToInclusive { end } => [end] }
    RangeInclusive<T> { range => [range.start(), range.end()] }

    Vec<T> { list => [list.as_slice()] }
    BinaryHeap<T> { heap => [heap.as_slice()] }
    VecIntoIter<T> { rest => [rest.as_slice()] }
    VecDeque<T> { ring => [ring.as_slices().0, ring.as_slices().1] }
}

/// Collections that are walked item by item. What stands after `;` is not traced: a hasher that
/// holds a handle counts as outside.
macro_rules! by_items {
    ($(
        $whole:ident<$($param:ident),+ $(; $hasher:ident)?> { $item:pat => [$($part:expr),+] }
    )+) => {$(
        // SAFETY: the collection owns its items. A walk over it meets each once, reads its links
        // or control bytes alone, and runs no `Hash`, `Eq` or `Ord`; neither does its drop.
        unsafe impl<$($param: Trace,)+ $($hasher: 'static)?> Trace
            for $whole<$($param,)+ $($hasher)?>
        {
            #[inline]
            fn trace(&self, tracer: &mut Tracer<'_>) {
                if $(is_worth_a_visit::<$param>())||+ {
                    for $item in self {
                        $($part.trace(tracer);)+
                    }
                }
            }

            #[inline]
            fn may_hold_gc(depth: Depth) -> bool {
                $(part_may_hold_gc::<$param>(depth))||+
            }
        }
    )+};
}

by_items! {
    LinkedList<T> { value => [value] }
    BTreeSet<T> { value => [value] }
    BTreeMap<K, V> { (key, value) => [key, value] }
    HashSet<T; S> { value => [value] }
    HashMap<K, V; S> { (key, value) => [key, value] }
}

macro_rules! tuples {
    () => {}; // a leaf
    ($($part:ident)+) => {
        // SAFETY: a tuple owns its parts, and each is visited once.
        unsafe impl<$($part: Trace),+> Trace for ($($part,)+) {
            #[inline]
            fn trace(&self, tracer: &mut Tracer<'_>) {
                #[allow(non_snake_case, reason = "each part is called like its type")]
                let ($($part,)+) = self;
                $($part.trace(tracer);)+
            }

            #[inline]
            fn may_hold_gc(depth: Depth) -> bool {
                $(part_may_hold_gc::<$part>(depth))||+
            }
        }
        impl<$($part: GcFree),+> GcFree for ($($part,)+) {}
    };
}

for_each_prefix! { tuples: A B C D E F G H I J K L M N O P }

// SAFETY: only what the `Cow` owns is visited, once; what it borrows has another owner.
unsafe impl<B: ?Sized + ToOwned<Owned: Trace> + 'static> Trace for Cow<'static, B> {
    #[inline]
    fn trace(&self, tracer: &mut Tracer<'_>) {
        if let Cow::Owned(value) = self {
            value.trace(tracer);
        }
    }

    #[inline]
    fn may_hold_gc(depth: Depth) -> bool {
        part_may_hold_gc::<B::Owned>(depth)
    }
}

// SAFETY: a box owns the one value in it, which is visited once.
unsafe impl<T: ?Sized + Trace> Trace for Box<T> {
    #[inline]
    fn trace(&self, tracer: &mut Tracer<'_>) {
        T::trace(self, tracer);
    }

    #[inline]
    fn may_hold_gc(_: Depth) -> bool {
        boxed_may_hold_gc::<T>()
    }
}

// SAFETY: as for the box; that it is pinned changes nothing for a reader.
unsafe impl<T: ?Sized + Trace> Trace for Pin<Box<T>> {
    #[inline]
    fn trace(&self, tracer: &mut Tracer<'_>) {
        T::trace(self, tracer);
    }

    #[inline]
    fn may_hold_gc(_: Depth) -> bool {
        boxed_may_hold_gc::<T>()
    }
}

/// [`Trace::may_hold_gc`] for a `T` that may be a `dyn Trait`, and so cannot be asked.
///
/// "It may", unless the compiler sees that it is plain: what needs no drop owns no handle, since
/// a reported handle is dropped with its owner; and some types are known by name. Both tests are
/// constants in an optimized build.
#[inline]
fn boxed_may_hold_gc<T: ?Sized + 'static>() -> bool {
    // A chain of `||`: the optimizer folds it at every level, unlike a search in a list.
    macro_rules! is_one_of {
        ($($plain:ty),+ $(,)?) => { $(TypeId::of::<T>() == TypeId::of::<$plain>())||+ };
    }
    needs_drop::<T>()
        && !is_one_of![
            String,
            [String],
            Vec<u8>,
            [Box<str>],
            PathBuf,
            OsString,
            CString,
            dyn Error + Send,
            dyn Error + Send + Sync,
            dyn Any + Send,
            dyn Any + Send + Sync,
        ]
}
