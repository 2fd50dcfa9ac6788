//! indexmap 2.

use indexmap_2::{IndexMap, IndexSet};

use crate::gc_free::GcFree;
use crate::std_impls::{is_worth_a_visit, part_may_hold_gc};
use crate::trace::{Depth, Trace, Tracer};

by_items! {
    IndexSet<T; S> { value => [value] }
    IndexMap<K, V; S> { (key, value) => [key, value] }
}

free_as_their_parts! {
    [T: GcFree, S: 'static] IndexSet<T, S>;
    [K: GcFree, V: GcFree, S: 'static] IndexMap<K, V, S>;
}
