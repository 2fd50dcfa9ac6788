//! Collections that share their structure with their clones: leaves of [`GcFree`] content, as `Rc` is. Two
//! clones would report one handle twice.

use crate::gc_free::GcFree;
use crate::trace::{Depth, Trace, Tracer};

#[cfg(feature = "ecow-0_3")]
leaves! {
    [T: GcFree] ecow_0_3::EcoVec<T>;
}

#[cfg(feature = "rpds-1")]
mod rpds {
    use std::hash::Hash;

    use rpds_1::{
        HashTrieMap, HashTrieMapSync, HashTrieSet, HashTrieSetSync, List, ListSync, Queue,
        QueueSync, RedBlackTreeMap, RedBlackTreeMapSync, RedBlackTreeSet, RedBlackTreeSetSync,
        Stack, StackSync, Vector, VectorSync,
    };

    use super::*;

    // By `Rc`.
    leaves! {
        [T: GcFree] List<T>;
        [T: GcFree] Queue<T>;
        [T: GcFree] Stack<T>;
        [T: GcFree] Vector<T>;
        [T: GcFree + Ord] RedBlackTreeSet<T>;
        [K: GcFree + Ord, V: GcFree] RedBlackTreeMap<K, V>;
        [T: GcFree + Eq + Hash] HashTrieSet<T>;
        [K: GcFree + Eq + Hash, V: GcFree] HashTrieMap<K, V>;
    }

    // By `Arc`.
    leaves! {
        [T: GcFree] ListSync<T>;
        [T: GcFree] QueueSync<T>;
        [T: GcFree] StackSync<T>;
        [T: GcFree] VectorSync<T>;
        [T: GcFree + Ord] RedBlackTreeSetSync<T>;
        [K: GcFree + Ord, V: GcFree] RedBlackTreeMapSync<K, V>;
        [T: GcFree + Eq + Hash] HashTrieSetSync<T>;
        [K: GcFree + Eq + Hash, V: GcFree] HashTrieMapSync<K, V>;
    }
}
