//! thin-vec 0.2.

use thin_vec_0_2::ThinVec;

use crate::gc_free::GcFree;
use crate::inspect::Inspector;
use crate::std_impls::part_may_hold_gc;
use crate::trace::{Depth, Trace, Tracer};

// SAFETY: the list owns its elements, and each is visited once, in place.
unsafe impl<T: Trace> Trace for ThinVec<T> {
    #[inline]
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.as_slice().trace(tracer);
    }

    fn inspect(&self, mut inspector: Inspector<'_>) {
        inspector.owns(self.capacity() * size_of::<T>());
        self.as_slice().inspect(inspector);
    }

    #[inline]
    fn may_hold_gc(depth: Depth) -> bool {
        part_may_hold_gc::<T>(depth)
    }
}

impl<T: GcFree> GcFree for ThinVec<T> {}
