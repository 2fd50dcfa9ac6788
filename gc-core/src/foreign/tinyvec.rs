//! tinyvec 1. Its lists keep default values in the places of elements that were removed; such a value is
//! not reported, so what it may hold counts as held from outside.

use tinyvec_1::{Array, ArrayVec, TinyVec};

use crate::gc_free::GcFree;
use crate::std_impls::part_may_hold_gc;
use crate::trace::{Depth, Trace, Tracer};

macro_rules! lists {
    ($($list:ident)+) => {$(
        // SAFETY: the list owns its elements, and each is visited once, in place.
        unsafe impl<A: Array<Item: Trace> + 'static> Trace for $list<A> {
            #[inline]
            fn trace(&self, tracer: &mut Tracer<'_>) {
                self.as_slice().trace(tracer);
            }

            #[inline]
            fn may_hold_gc(depth: Depth) -> bool {
                part_may_hold_gc::<A::Item>(depth)
            }
        }

        impl<A: Array<Item: GcFree> + 'static> GcFree for $list<A> {}
    )+};
}

lists! { ArrayVec TinyVec }
