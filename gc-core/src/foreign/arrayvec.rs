//! arrayvec 0.7.

use arrayvec_0_7::ArrayVec;

use crate::gc_free::GcFree;
use crate::inspect::Inspector;
use crate::std_impls::part_may_hold_gc;
use crate::trace::{Depth, Trace, Tracer};

// SAFETY: the list owns its elements, and each is visited once, in place.
unsafe impl<T: Trace, const CAP: usize> Trace for ArrayVec<T, CAP> {
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

impl<T: GcFree, const CAP: usize> GcFree for ArrayVec<T, CAP> {}
