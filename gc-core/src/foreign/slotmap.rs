//! slotmap 1: the values are traced; a key holds nothing.

use std::mem::needs_drop;

use slotmap_1::{DenseSlotMap, Key, SecondaryMap, SlotMap};

use crate::gc_free::GcFree;
use crate::inspect::Inspector;
use crate::std_impls::{is_worth_a_visit, part_may_hold_gc};
use crate::trace::{Depth, Trace, Tracer};

macro_rules! maps {
    ($($map:ident)+) => {$(
        // SAFETY: the map owns its values, and each is visited once, without code of the key's.
        unsafe impl<K: Key + 'static, V: Trace> Trace for $map<K, V> {
            #[inline]
            fn trace(&self, tracer: &mut Tracer<'_>) {
                if is_worth_a_visit::<V>() {
                    self.values().for_each(|value| value.trace(tracer));
                }
            }

            fn inspect(&self, mut inspector: Inspector<'_>) {
                inspector.owns(self.capacity() * size_of::<(V, u32)>());
                if needs_drop::<V>() {
                    for (value, place) in self.values().zip(0..) {
                        value.inspect(inspector.entry(place));
                    }
                }
            }

            #[inline]
            fn may_hold_gc(depth: Depth) -> bool {
                part_may_hold_gc::<V>(depth)
            }
        }

        impl<K: Key + 'static, V: GcFree> GcFree for $map<K, V> {}
    )+};
}

maps! { SlotMap DenseSlotMap SecondaryMap }
