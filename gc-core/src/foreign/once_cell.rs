//! once_cell 1: as the cells of std that came of it.

use std::mem::needs_drop;

use once_cell_1::sync::{Lazy as SyncLazy, OnceCell as SyncOnceCell};
use once_cell_1::unsync::{Lazy, OnceCell};

use crate::gc_free::GcFree;
use crate::inspect::Inspector;
use crate::std_impls::{is_worth_a_visit, part_may_hold_gc};
use crate::trace::{Depth, Trace, Tracer};

cells! {
    // Empty, or being initialized just now: there is nothing yet.
    OnceCell<T> { cell => cell.get() }
    SyncOnceCell<T> { cell => cell.get() }
}

macro_rules! lazy_cells {
    ($($lazy:ident)+) => {$(
        // SAFETY: as for the cells above. Where there is no value yet, none is made; the closure, and
        // what it captured, is never traced.
        unsafe impl<T: Trace, F: FnOnce() -> T + 'static> Trace for $lazy<T, F> {
            #[inline]
            fn trace(&self, tracer: &mut Tracer<'_>) {
                if is_worth_a_visit::<T>()
                    && let Some(value) = $lazy::get(self)
                {
                    value.trace(tracer);
                }
            }

            fn inspect(&self, inspector: Inspector<'_>) {
                if needs_drop::<T>()
                    && let Some(value) = $lazy::get(self)
                {
                    value.inspect(inspector);
                }
            }

            #[inline]
            fn may_hold_gc(depth: Depth) -> bool {
                part_may_hold_gc::<T>(depth)
            }
        }
    )+};
}

lazy_cells! { Lazy SyncLazy }

free_as_their_parts! {
    [T: GcFree] OnceCell<T>;
    [T: GcFree] SyncOnceCell<T>;
    [T: GcFree, F: GcFree] Lazy<T, F>;
    [T: GcFree, F: GcFree] SyncLazy<T, F>;
}
