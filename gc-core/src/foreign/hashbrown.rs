//! hashbrown 0.17.

use hashbrown_0_17::{HashMap, HashSet, HashTable};

use crate::gc_free::GcFree;
use crate::inspect::Inspector;
use crate::std_impls::container::table_bytes;
use crate::std_impls::{is_worth_a_visit, part_may_hold_gc};
use crate::trace::{Depth, Trace, Tracer};

by_items! {
    HashSet<T; S> { value => [value] entry, |set| table_bytes::<T>(set.capacity()) }
    HashMap<K, V; S> { (key, value) => [key, value], |map| table_bytes::<(K, V)>(map.capacity()) }
    HashTable<T> { value => [value] entry, |table| table_bytes::<T>(table.capacity()) }
}

free_as_their_parts! {
    [T: GcFree, S: 'static] HashSet<T, S>;
    [K: GcFree, V: GcFree, S: 'static] HashMap<K, V, S>;
    [T: GcFree] HashTable<T>;
}
