//! smallvec 1.

use smallvec_1::{Array, SmallVec};

use crate::gc_free::GcFree;
use crate::inspect::Inspector;
use crate::std_impls::part_may_hold_gc;
use crate::trace::{Depth, Trace, Tracer};

// SAFETY: the list owns its elements, and each is visited once, in place. (`Array` is an unsafe trait.)
unsafe impl<A: Array<Item: Trace> + 'static> Trace for SmallVec<A> {
    #[inline]
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.as_slice().trace(tracer);
    }

    fn inspect(&self, mut inspector: Inspector<'_>) {
        if self.spilled() {
            inspector.owns(self.capacity() * size_of::<A::Item>());
        }
        self.as_slice().inspect(inspector);
    }

    #[inline]
    fn may_hold_gc(depth: Depth) -> bool {
        part_may_hold_gc::<A::Item>(depth)
    }
}

impl<A: Array<Item: GcFree> + 'static> GcFree for SmallVec<A> {}
