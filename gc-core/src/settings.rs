//! What a user sets: generations, thresholds, budgets.

use std::time::Duration;

/// One of the three ages that objects go through, as in CPython.
///
/// A collection of one generation judges the younger ones with it; its survivors move up.
///
/// ```
/// use gc_core::{Gc, Generation, Heap};
///
/// let heap = Heap::new();
/// let node = Gc::new_in(&heap, Some(Gc::new_in(&heap, 1)));
/// assert_eq!(Gc::generation(&node), Generation::Young);
/// heap.collect_generation(Generation::Young);
/// assert_eq!(Gc::generation(&node), Generation::Middle);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Generation {
    /// Born since the last collection.
    Young,
    /// Survived a collection of the young.
    Middle,
    /// Survived a collection of the middle generation, or of all.
    Old,
}

impl Generation {
    pub(crate) const ALL: [Generation; 3] = [Self::Young, Self::Middle, Self::Old];

    pub(crate) fn index(self) -> usize {
        self as usize
    }
}

/// When automatic collections happen. The twin of `gc.get_threshold` and `gc.set_threshold`.
///
/// The default is (2000, 10, 10) as in CPython 3.13, an Old collection only when what waits exceeds
/// a quarter of what is old, and 64 MiB of growth.
///
/// ```
/// use gc_core::{Heap, Thresholds};
///
/// let heap = Heap::new();
/// assert_eq!(heap.thresholds(), Thresholds::default());
/// heap.set_thresholds(Thresholds { young: 1000, middle: 20, old: 5, ..Thresholds::default() });
/// assert_eq!(heap.thresholds().middle, 20);
/// ```
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Thresholds {
    /// A Young collection is due when the allocations of tracked objects since the last collection,
    /// less those freed, exceed this. Zero: never by count.
    pub young: usize,
    /// Middle is due when more than this many Young collections have passed since the last.
    pub middle: usize,
    /// Old is due when more than this many Middle collections have passed since the last, and
    /// `full_ratio` allows it.
    pub old: usize,
    /// Old waits until what has grown old since the last Old collection exceeds this share of what
    /// was old before (CPython's quarter rule).
    pub full_ratio: f64,
    /// A collection is due when the heap's pages, with what `Heap::adjust_external_bytes` reported,
    /// have grown by more bytes than this since the last collection. Zero: never by bytes.
    pub young_bytes: usize,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { young: 2000, middle: 10, old: 10, full_ratio: 0.25, young_bytes: 64 << 20 }
    }
}

/// What has accumulated towards the thresholds. The twin of `gc.get_count`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// Tracked objects allocated since the last collection, less those freed; never below zero.
    pub young: usize,
    /// Young collections since the last of Middle or Old.
    pub middle: usize,
    /// Middle collections since the last of Old.
    pub old: usize,
}

/// How much a [`collect_within`](crate::Heap::collect_within) may do.
///
/// ```
/// use gc_core::{Budget, Heap};
/// use std::time::Duration;
///
/// let heap = Heap::new();
/// assert!(heap.collect_within(Budget::objects(1000)).complete);
/// assert!(heap.collect_within(Budget::time(Duration::from_millis(5))).complete);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Budget {
    pub(crate) objects: usize,
    pub(crate) time: Option<Duration>,
}

impl Budget {
    /// Visits about this many objects at most.
    ///
    /// ```
    /// use gc_core::{Budget, Gc, Heap, Slot, Trace};
    ///
    /// #[derive(Trace)]
    /// struct Node(Slot<Node>);
    ///
    /// let heap = Heap::new();
    /// for _ in 0..100 {
    ///     let node = Gc::new_in(&heap, Node(Slot::empty()));
    ///     node.0.set(Some(node.clone())); // a cycle
    /// }
    /// let collection = heap.collect_within(Budget::objects(10));
    /// assert!(!collection.complete && collection.candidates < 100);
    /// ```
    #[must_use]
    pub const fn objects(objects: usize) -> Self {
        Self { objects, time: None }
    }

    /// Stops looking for garbage when this much time has passed. What was found by then is swept,
    /// which takes time of its own.
    ///
    /// ```
    /// use gc_core::{Budget, Heap};
    /// use std::time::Duration;
    ///
    /// let heap = Heap::new();
    /// let frame = Budget::time(Duration::from_millis(16));
    /// assert!(heap.collect_within(frame).complete); // there is nothing to do
    /// ```
    #[must_use]
    pub const fn time(time: Duration) -> Self {
        Self { objects: usize::MAX, time: Some(time) }
    }
}
