//! dashmap 6: a shard that is held for writing is opaque, the others are read. Nothing here waits.

use std::hash::{BuildHasher, Hash};

use dashmap_6::{DashMap, DashSet};

use crate::gc_free::GcFree;
use crate::inspect::Inspector;
use crate::std_impls::container::inspect_entry;
use crate::std_impls::{is_worth_a_visit, part_may_hold_gc};
use crate::trace::{Depth, Trace, Tracer};

// SAFETY: the map owns its entries. Each is visited once, under the lock of its shard; the walk reads
// control bytes alone and runs no `Hash` or `Eq`, and neither does the drop.
unsafe impl<K, V, S> Trace for DashMap<K, V, S>
where
    K: Trace + Eq + Hash,
    V: Trace,
    S: BuildHasher + Clone + 'static,
{
    fn trace(&self, tracer: &mut Tracer<'_>) {
        if !(is_worth_a_visit::<K>() || is_worth_a_visit::<V>()) {
            return;
        }
        for shard in self.shards().iter().filter_map(|shard| shard.try_read()) {
            // SAFETY: the table outlives the iterator, under the guard, and is not changed meanwhile.
            for bucket in unsafe { shard.iter() } {
                // SAFETY: the iterator yields full buckets alone.
                let (key, value) = unsafe { bucket.as_ref() };
                key.trace(tracer);
                value.get().trace(tracer);
            }
        }
    }

    fn inspect(&self, mut inspector: Inspector<'_>) {
        let mut place = 0;
        for shard in self.shards().iter().filter_map(|shard| shard.try_read()) {
            inspector.owns(shard.allocation_info().1.size());
            // SAFETY: as in `trace`.
            for bucket in unsafe { shard.iter() } {
                // SAFETY: as in `trace`.
                let (key, value) = unsafe { bucket.as_ref() };
                inspect_entry(key, value.get(), place, &mut inspector);
                place += 1;
            }
        }
    }

    #[inline]
    fn may_hold_gc(depth: Depth) -> bool {
        part_may_hold_gc::<K>(depth) || part_may_hold_gc::<V>(depth)
    }
}

// SAFETY: as for the map.
unsafe impl<K, S> Trace for DashSet<K, S>
where
    K: Trace + Eq + Hash,
    S: BuildHasher + Clone + 'static,
{
    fn trace(&self, tracer: &mut Tracer<'_>) {
        if !is_worth_a_visit::<K>() {
            return;
        }
        for shard in self.shards().iter().filter_map(|shard| shard.try_read()) {
            // SAFETY: the table outlives the iterator, under the guard, and is not changed meanwhile.
            for bucket in unsafe { shard.iter() } {
                // SAFETY: the iterator yields full buckets alone.
                let (key, _) = unsafe { bucket.as_ref() };
                key.trace(tracer);
            }
        }
    }

    fn inspect(&self, mut inspector: Inspector<'_>) {
        let mut place = 0;
        for shard in self.shards().iter().filter_map(|shard| shard.try_read()) {
            inspector.owns(shard.allocation_info().1.size());
            // SAFETY: as in `trace`.
            for bucket in unsafe { shard.iter() } {
                // SAFETY: as in `trace`.
                let (key, _) = unsafe { bucket.as_ref() };
                key.inspect(inspector.entry(place));
                place += 1;
            }
        }
    }

    #[inline]
    fn may_hold_gc(depth: Depth) -> bool {
        part_may_hold_gc::<K>(depth)
    }
}

free_as_their_parts! {
    [K: GcFree, V: GcFree, S: 'static] DashMap<K, V, S>;
    [K: GcFree, S: 'static] DashSet<K, S>;
}
