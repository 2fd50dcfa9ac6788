//! tinyvec 1, for lists in real arrays: its trait `Array` is safe to implement, and a type of the user's
//! could show handles that it does not own.
//!
//! The lists keep default values in the places of elements that were removed; such a value is not
//! reported, so what it may hold counts as held from outside.

use tinyvec_1::{Array, ArrayVec, TinyVec};

use crate::gc_free::GcFree;
use crate::inspect::Inspector;
use crate::std_impls::part_may_hold_gc;
use crate::trace::{Depth, Trace, Tracer};

macro_rules! lists {
    ($($list:ident)+) => {$(
        // SAFETY: the list owns its elements, and each is visited once, in place. For an array no code
        // of the user's shows them.
        unsafe impl<T: Trace, const N: usize> Trace for $list<[T; N]>
        where
            [T; N]: Array<Item = T>,
        {
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

        impl<T: GcFree, const N: usize> GcFree for $list<[T; N]> where [T; N]: Array<Item = T> {}
    )+};
}

lists! { ArrayVec TinyVec }
