//! indexmap 2.

use indexmap_2::{IndexMap, IndexSet};

use crate::gc_free::GcFree;
use crate::inspect::Inspector;
use crate::std_impls::container::table_bytes;
use crate::std_impls::{is_worth_a_visit, part_may_hold_gc};
use crate::trace::{Depth, Trace, Tracer};

by_items! {
    // A table of places, and a list of elements, each with its hash.
    IndexSet<T; S> { value => [value] index, |set| list_bytes::<T>(set.capacity()) }
    IndexMap<K, V; S> { (key, value) => [key, value], |map| list_bytes::<(K, V)>(map.capacity()) }
}

fn list_bytes<T>(capacity: usize) -> usize {
    table_bytes::<usize>(capacity) + capacity * size_of::<(usize, T)>()
}

free_as_their_parts! {
    [T: GcFree, S: 'static] IndexSet<T, S>;
    [K: GcFree, V: GcFree, S: 'static] IndexMap<K, V, S>;
}
