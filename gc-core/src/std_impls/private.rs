//! Types that own values and let nobody look at them: iterators and their kin.
//!
//! What nobody can see cannot be traced, so these are leaves, and what they own has to be
//! [`GcFree`]. (`#[trace(skip)]` and `Leaf` take the others.)

use std::future::{Pending, Ready};
use std::iter::{
    Chain, Cloned, Copied, Cycle, Empty, Enumerate, Fuse, Once, Peekable, Repeat, Rev, Skip,
    StepBy, Take, Zip,
};
use std::sync::mpsc;
use std::{collections, option, result, slice, str};

use crate::gc_free::GcFree;
use crate::trace::{Depth, Trace, Tracer};

// What they walk over.
leaves! {
    [T: GcFree] slice::Iter<'static, T>;
    [T: GcFree] option::IntoIter<T>;
    [T: GcFree] result::IntoIter<T>;
    [T: GcFree] collections::vec_deque::IntoIter<T>;
    [T: GcFree] collections::linked_list::IntoIter<T>;
    [T: GcFree] collections::binary_heap::IntoIter<T>;
    [T: GcFree] collections::btree_set::IntoIter<T>;
    [K: GcFree, V: GcFree] collections::btree_map::IntoIter<K, V>;
    [T: GcFree] collections::hash_set::IntoIter<T>;
    [K: GcFree, V: GcFree] collections::hash_map::IntoIter<K, V>;
    [T: GcFree] mpsc::IntoIter<T>;
    [] str::Chars<'static>;
    [] str::CharIndices<'static>;
    [] str::Bytes<'static>;
    [] str::Lines<'static>;
    [] str::SplitWhitespace<'static>;
    [] str::SplitAsciiWhitespace<'static>;
}

// What they do on the way.
leaves! {
    [I: GcFree + Iterator<Item: GcFree>] Peekable<I>;
    [I: GcFree] Enumerate<I>;
    [I: GcFree] Rev<I>;
    [I: GcFree] Fuse<I>;
    [I: GcFree] Cycle<I>;
    [I: GcFree] Skip<I>;
    [I: GcFree] Take<I>;
    [I: GcFree] StepBy<I>;
    [I: GcFree] Cloned<I>;
    [I: GcFree] Copied<I>;
    [A: GcFree, B: GcFree] Chain<A, B>;
    [A: GcFree + Iterator, B: GcFree + Iterator] Zip<A, B>;
    [T: GcFree] Once<T>;
    [T: GcFree] Repeat<T>;
    [T: 'static] Empty<T>;
    [T: GcFree] Ready<T>;
    [T: 'static] Pending<T>;
}
