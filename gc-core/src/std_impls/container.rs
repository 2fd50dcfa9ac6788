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
use crate::inspect::Inspector;
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

    fn inspect(&self, mut inspector: Inspector<'_>) {
        if needs_drop::<T>() {
            for (index, element) in self.iter().enumerate() {
                element.inspect(inspector.index(index));
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

    fn inspect(&self, inspector: Inspector<'_>) {
        self.as_slice().inspect(inspector);
    }

    #[inline]
    fn may_hold_gc(depth: Depth) -> bool {
        part_may_hold_gc::<T>(depth)
    }

    #[inline]
    fn drops_nothing(&mut self) -> bool {
        self.iter_mut().all(T::drops_nothing)
    }
}

// SAFETY: as for the slice of what it has not yet yielded.
unsafe impl<T: Trace, const N: usize> Trace for array::IntoIter<T, N> {
    #[inline]
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.as_slice().trace(tracer);
    }

    fn inspect(&self, inspector: Inspector<'_>) {
        self.as_slice().inspect(inspector);
    }

    #[inline]
    fn may_hold_gc(depth: Depth) -> bool {
        part_may_hold_gc::<T>(depth)
    }
}

/// Types whose parts a pattern, or an accessor that hands out references, can name.
macro_rules! by_parts {
    ($($whole:ident<$($param:ident),+> {
        $($pattern:pat => [$($name:literal $part:expr),*]),+ $(,)?
    })+) => {$(
        // SAFETY: the type owns the parts that are named, each once. It hands them out without
        // running code of theirs, drops them when it is dropped, and has no other code then.
        unsafe impl<$($param: Trace),+> Trace for $whole<$($param),+> {
            #[inline]
            fn trace(&self, tracer: &mut Tracer<'_>) {
                match self {
                    $($pattern => { $($part.trace(tracer);)* })+
                }
            }

            #[allow(unused_mut, unused_variables, reason = "a variant may have no part")]
            fn inspect(&self, mut inspector: Inspector<'_>) {
                match self {
                    $($pattern => { $($part.inspect(inspector.field($name));)* })+
                }
            }

            #[inline]
            fn may_hold_gc(depth: Depth) -> bool {
                $(part_may_hold_gc::<$param>(depth))||+
            }
        }
    )+};
}

// SAFETY: as for `by_parts`.
unsafe impl<T: Trace> Trace for Option<T> {
    #[inline]
    fn trace(&self, tracer: &mut Tracer<'_>) {
        if let Some(value) = self {
            value.trace(tracer);
        }
    }

    fn inspect(&self, mut inspector: Inspector<'_>) {
        if let Some(value) = self {
            value.inspect(inspector.field("Some.0"));
        }
    }

    #[inline]
    fn may_hold_gc(depth: Depth) -> bool {
        part_may_hold_gc::<T>(depth)
    }

    #[inline(always)]
    fn drops_nothing(&mut self) -> bool {
        self.as_mut().is_none_or(T::drops_nothing)
    }
}

by_parts! {
    Result<T, E> { Ok(value) => ["Ok.0" value], Err(error) => ["Err.0" error] }
    Poll<T> { Poll::Ready(value) => ["Ready.0" value], Poll::Pending => [] }
    ControlFlow<B, C> {
        ControlFlow::Break(value) => ["Break.0" value],
        ControlFlow::Continue(value) => ["Continue.0" value],
    }

    Reverse<T> { Reverse(value) => ["0" value] }
    Wrapping<T> { Wrapping(value) => ["0" value] }
    Saturating<T> { Saturating(value) => ["0" value] }
    AssertUnwindSafe<T> { AssertUnwindSafe(value) => ["0" value] }
    PoisonError<T> { error => ["data" error.get_ref()] }
    TryLockError<T> {
        TryLockError::Poisoned(error) => ["Poisoned.0" error],
        TryLockError::WouldBlock => [],
    }
    SendError<T> { SendError(value) => ["0" value] }
    TrySendError<T> {
        TrySendError::Full(value) => ["Full.0" value],
        TrySendError::Disconnected(value) => ["Disconnected.0" value],
    }

    Bound<T> {
        Bound::Included(value) => ["Included.0" value],
        Bound::Excluded(value) => ["Excluded.0" value],
        Bound::Unbounded => [],
    }
    Range<T> { Range { start, end } => ["start" start, "end" end] }
    RangeFrom<T> { RangeFrom { start } => ["start" start] }
    RangeTo<T> { RangeTo { end } => ["end" end] }
    RangeToInclusive<T> { RangeToInclusive { end } => ["end" end] }
    RangeInclusive<T> { range => ["start" range.start(), "end" range.end()] }
}

/// Lists in a buffer of their own: the slices that they consist of, and how many elements the buffer
/// has room for, as far as can be told; and whether there is none to be freed.
macro_rules! lists {
    ($($list:ident { $this:ident => [$($slice:expr),+] of $room:expr $(, $none:expr)? })+) => {$(
        // SAFETY: the list owns the elements of its slices, each in one of them. It hands them out
        // without running code of theirs, drops them when it is dropped, and has no other code then.
        unsafe impl<T: Trace> Trace for $list<T> {
            #[inline]
            fn trace(&self, tracer: &mut Tracer<'_>) {
                let $this = self;
                $($slice.trace(tracer);)+
            }

            fn inspect(&self, mut inspector: Inspector<'_>) {
                let $this = self;
                inspector.owns($room * size_of::<T>());
                if needs_drop::<T>() {
                    let elements = std::iter::empty()$(.chain($slice))+;
                    for (index, element) in elements.enumerate() {
                        element.inspect(inspector.index(index));
                    }
                }
            }

            #[inline]
            fn may_hold_gc(depth: Depth) -> bool {
                part_may_hold_gc::<T>(depth)
            }

            $(#[inline]
            fn drops_nothing(&mut self) -> bool {
                let $this = self;
                $none
            })?
        }
    )+};
}

lists! {
    Vec { list => [list.as_slice()] of list.capacity(), list.capacity() == 0 }
    BinaryHeap { heap => [heap.as_slice()] of heap.capacity() }
    VecIntoIter { rest => [rest.as_slice()] of rest.len() }
    VecDeque { ring => [ring.as_slices().0, ring.as_slices().1] of ring.capacity() }
}

/// Collections that are walked item by item. What stands after `;` is not traced: a hasher that
/// holds a handle counts as outside.
///
/// An item is told by its key if it has one, else by its `place` (a number or a name), and owns about so
/// many bytes.
macro_rules! by_items {
    ($(
        $whole:ident<$($param:ident),+ $(; $hasher:ident)?> {
            $item:pat => [$($part:expr),+]
            $($place:ident)?, $bytes:expr
        }
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

            fn inspect(&self, mut inspector: Inspector<'_>) {
                let (whole, bytes): (&Self, fn(&Self) -> usize) = (self, $bytes);
                inspector.owns(bytes(whole));
                if $(std::mem::needs_drop::<$param>())||+ {
                    for (number, $item) in self.iter().enumerate() {
                        by_items! { @inspect inspector number $($part),+; $($place)? }
                    }
                }
            }

            #[inline]
            fn may_hold_gc(depth: Depth) -> bool {
                $(part_may_hold_gc::<$param>(depth))||+
            }
        }
    )+};
    (@inspect $inspector:ident $number:ident $part:expr; $place:ident) => {
        $part.inspect($inspector.$place($number));
    };
    (@inspect $inspector:ident $number:ident $key:expr, $value:expr;) => {
        $crate::std_impls::container::inspect_entry($key, $value, $number, &mut $inspector);
    };
}

by_items! {
    // Two links for each element.
    LinkedList<T> { value => [value] index, |list| list.len() * size_of::<(T, [usize; 2])>() }
    // Nodes are about three quarters full.
    BTreeSet<T> { value => [value] entry, |set| set.len() * size_of::<T>() / 3 * 4 }
    BTreeMap<K, V> { (key, value) => [key, value], |map| map.len() * size_of::<(K, V)>() / 3 * 4 }
    HashSet<T; S> { value => [value] entry, |set| table_bytes::<T>(set.capacity()) }
    HashMap<K, V; S> { (key, value) => [key, value], |map| table_bytes::<(K, V)>(map.capacity()) }
}

/// A hash table with room for so many: an eighth is left free, and each has a byte beside it.
pub(crate) fn table_bytes<T>(capacity: usize) -> usize {
    (capacity + capacity.div_ceil(7)) * (size_of::<T>() + 1)
}

/// One entry of a map. Making text of a key takes time, and is done only where an edge may need it.
pub(crate) fn inspect_entry<K: Trace, V: Trace>(
    key: &K,
    value: &V,
    place: usize,
    inspector: &mut Inspector<'_>,
) {
    if needs_drop::<K>() {
        key.inspect(inspector.entry(place).field("key"));
    }
    if is_worth_a_visit::<V>() {
        value.inspect(inspector.key(key, place));
    } else if needs_drop::<V>() {
        value.inspect(inspector.entry(place));
    }
}

/// What the parts of a tuple are called.
const NUMBERS: [&str; 16] =
    ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15"];

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

            fn inspect(&self, mut inspector: Inspector<'_>) {
                #[allow(non_snake_case, reason = "each part is called like its type")]
                let ($($part,)+) = self;
                let mut numbers = NUMBERS.into_iter();
                $($part.inspect(inspector.field(numbers.next().unwrap_or_default()));)+
            }

            #[inline]
            fn may_hold_gc(depth: Depth) -> bool {
                $(part_may_hold_gc::<$part>(depth))||+
            }

            #[inline]
            fn drops_nothing(&mut self) -> bool {
                #[allow(non_snake_case, reason = "each part is called like its type")]
                let ($($part,)+) = self;
                $($part.drops_nothing())&&+
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

    fn inspect(&self, inspector: Inspector<'_>) {
        if let Cow::Owned(value) = self {
            value.inspect(inspector);
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

    fn inspect(&self, mut inspector: Inspector<'_>) {
        inspector.owns(size_of_val::<T>(self));
        T::inspect(self, inspector);
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

    fn inspect(&self, mut inspector: Inspector<'_>) {
        inspector.owns(size_of_val::<T>(self));
        T::inspect(self, inspector);
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
