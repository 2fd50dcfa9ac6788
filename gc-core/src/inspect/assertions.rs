//! Assertions for tests of programs. Each fails with the way, by names of fields, that keeps an object
//! alive.

use std::collections::HashSet;

use super::snapshot::{Object, Snapshot};
use crate::any::AnyWeak;
use crate::heap::Heap;

/// Asserts that the object of a [`Weak`](crate::Weak) or [`AnyWeak`] is gone, after a
/// collection of its heap if need be.
///
/// # Panics
///
/// Says what keeps the object alive, by names of fields.
///
/// ```should_panic
/// use gc_core::{Gc, Heap, assert_collected};
///
/// let heap = Heap::new();
/// let page = Gc::new_in(&heap, "page".to_owned());
/// let weak = Gc::downgrade(&page);
/// let cache = Gc::new_in(&heap, vec![page]);
/// // Vec<Gc<String>>[0] → String, and somebody holds the list.
/// assert_collected!(weak);
/// # drop(cache);
/// ```
#[macro_export]
macro_rules! assert_collected {
    ($weak:expr $(,)?) => {
        $crate::assert_collected_as(
            &::core::convert::Into::<$crate::AnyWeak>::into(&$weak),
            ::core::stringify!($weak),
        )
    };
}

/// What [`assert_collected!`] calls.
#[doc(hidden)]
#[track_caller]
pub fn assert_collected_as(weak: &AnyWeak, expression: &str) {
    let Some(object) = weak.upgrade() else { return };
    let heap = object.heap();
    drop(object);
    heap.collect();
    if weak.is_dead() {
        return;
    }
    let snapshot = heap.snapshot();
    let reason = snapshot.find(weak).map_or_else(
        || "it is at its end, being made, or somebody has `&mut` to it".to_owned(),
        reason,
    );
    panic!("`{expression}` was not collected: {reason}");
}

/// Asserts that doing some work over and over leaves no more objects behind: after two rounds to fill
/// caches, `rounds` more may not add an object of any type. Collects before it counts.
///
/// # Panics
///
/// Says which types have grown, and what keeps one of the new objects of each alive.
///
/// ```
/// use gc_core::{Gc, Heap, assert_no_growth};
///
/// let heap = Heap::new();
/// let mut last = None;
/// assert_no_growth(&heap, 10, || last = Some(Gc::new_in(&heap, vec![1])));
/// ```
#[track_caller]
pub fn assert_no_growth(heap: &Heap, rounds: usize, mut work: impl FnMut()) {
    let settled = || {
        heap.collect();
        heap.snapshot()
    };
    (0..2).for_each(|_| work());
    let before = settled();
    (0..rounds).for_each(|_| work());
    let after = settled();
    let diff = after.diff(&before);
    let known: HashSet<_> = before.objects().map(|o| (o.address(), o.type_id())).collect();
    let grown = diff.rows().iter().filter(|row| row.count > 0).map(|row| {
        let is_new = |object: &Object<'_>| {
            let (address, type_id) = (object.address(), object.type_id());
            type_id == row.type_id() && !known.contains(&(address, type_id))
        };
        let example = after.objects().find(is_new).map(reason).unwrap_or_default();
        format!("\n  {:+} {}: {example}", row.count, row.type_name)
    });
    let grown = grown.collect::<String>();
    assert!(grown.is_empty(), "the heap has grown in {rounds} rounds:{grown}");
}

/// What [`Heap::assert_empty`] says of a heap that is not.
pub(crate) fn what_is_left(snapshot: &Snapshot) -> String {
    let left = snapshot.histogram();
    let lines = left.rows().iter().map(|row| {
        let is_one = |object: &Object<'_>| object.type_id() == row.type_id();
        // Those that are held from outside tell more than what hangs off them.
        let held = snapshot.held_from_outside().find(is_one);
        let example = held.or_else(|| snapshot.objects().find(is_one));
        let reason = example.map(reason).unwrap_or_default();
        format!("\n  {} {}: {reason}", row.count, row.type_name)
    });
    lines.collect()
}

/// Why an object is there, in words.
fn reason(object: Object<'_>) -> String {
    let outside = |object: Object<'_>| match object.external_count() {
        1 => "1 handle from outside".to_owned(),
        more => format!("{more} handles from outside"),
    };
    match object.snapshot.why_alive(object) {
        None => "garbage that is not collected yet".to_owned(),
        Some(path) if path.len() == 0 => format!("held by {}", outside(object)),
        Some(path) => {
            format!("{path}, and the {} is held by {}", path.root(), outside(path.root()))
        }
    }
}
