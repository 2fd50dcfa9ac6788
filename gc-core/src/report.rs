//! What a collection, a heap's life, and a heap's end have to report.

use std::time::Duration;

use crate::settings::Generation;

/// Why a collection happened.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Reason {
    /// Somebody asked for it.
    Requested,
    /// A threshold was passed.
    Threshold,
    /// The heap was coming to its end.
    Shutdown,
}

/// Why a collection, asked for, did nothing.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Skipped {
    /// One is running in this heap already.
    AlreadyCollecting,
}

/// Why a collection stopped with everything alive.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum GivenUp {
    /// There was no memory for the work lists.
    OutOfMemory,
    /// A hand-written `Trace` panicked.
    TracePanicked,
    /// A hand-written `Trace` allocated, dropped or collected.
    TraceMisbehaved,
}

/// What one collection did.
///
/// ```
/// use gc_core::{Gc, Heap, Slot, Trace};
///
/// #[derive(Trace)]
/// struct Node {
///     next: Slot<Node>,
/// }
///
/// let heap = Heap::new();
/// let node = Gc::new_in(&heap, Node { next: Slot::empty() });
/// node.next.set(Some(node.clone()));
/// drop(node);
/// let collection = heap.collect();
/// assert_eq!(collection.collected, 1);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Collection {
    /// The oldest generation that was judged.
    pub generation: Generation,
    /// Why it happened.
    pub reason: Reason,
    /// Objects that the judgement visited: suspects, and what they lead to.
    pub candidates: usize,
    /// Objects that were found to be garbage and freed: cycles, and what hung off them in the judged
    /// generations. Leaves and older objects that died with them, by count, are not in it.
    pub collected: usize,
    /// Finalizers that ran.
    pub finalized: usize,
    /// Objects that finalizers brought back.
    pub resurrected: usize,
    /// Garbage that was kept: by [`DebugFlags::SAVE_ALL`](crate::DebugFlags::SAVE_ALL).
    pub uncollectable: usize,
    /// Bytes of the slots of the collected objects.
    pub bytes_freed: usize,
    /// From start to end, hooks included.
    pub duration: Duration,
    /// Set if nothing was done.
    pub skipped: Option<Skipped>,
    /// Set if the collection stopped with everything alive.
    pub given_up: Option<GivenUp>,
    /// Whether every suspect of the generation was judged; `false` if a budget ran out.
    pub complete: bool,
}

impl Collection {
    pub(crate) fn new(generation: Generation, reason: Reason) -> Self {
        Self {
            generation,
            reason,
            candidates: 0,
            collected: 0,
            finalized: 0,
            resurrected: 0,
            uncollectable: 0,
            bytes_freed: 0,
            duration: Duration::ZERO,
            skipped: None,
            given_up: None,
            complete: false,
        }
    }
}

/// Figures of one generation since the heap began. The twin of an entry of `gc.get_stats`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct GenerationStats {
    /// Collections that judged up to this generation.
    pub collections: usize,
    /// The sums of what they reported.
    pub candidates: usize,
    /// Objects collected.
    pub collected: usize,
    /// Finalizers run.
    pub finalized: usize,
    /// Objects brought back.
    pub resurrected: usize,
    /// Objects kept although garbage.
    pub uncollectable: usize,
    /// Time of all of them together.
    pub total_pause: Duration,
    /// Time of the longest.
    pub longest_pause: Duration,
}

impl GenerationStats {
    pub(crate) fn add(&mut self, collection: &Collection) {
        self.collections += 1;
        self.candidates += collection.candidates;
        self.collected += collection.collected;
        self.finalized += collection.finalized;
        self.resurrected += collection.resurrected;
        self.uncollectable += collection.uncollectable;
        self.total_pause += collection.duration;
        self.longest_pause = self.longest_pause.max(collection.duration);
    }
}

/// Figures of a heap.
///
/// ```
/// use gc_core::{Gc, Generation, Heap};
///
/// let heap = Heap::new();
/// let _kept = Gc::new_in(&heap, [0_u64; 4]);
/// heap.collect();
/// let stats = heap.stats();
/// assert_eq!(stats.live_objects, 1);
/// assert_eq!(stats[Generation::Old].collections, 1);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct HeapStats {
    /// By generation, Young first. Index the stats with a [`Generation`] instead.
    pub generations: [GenerationStats; 3],
    /// Objects alive now, of all types.
    pub live_objects: usize,
    /// Bytes of their slots, headers included.
    pub live_bytes: usize,
    /// Bytes of the pages that hold them.
    pub page_bytes: usize,
    /// Bytes that objects hold elsewhere, as reported by `Heap::adjust_external_bytes`.
    pub external_bytes: usize,
}

impl std::ops::Index<Generation> for HeapStats {
    type Output = GenerationStats;

    fn index(&self, generation: Generation) -> &GenerationStats {
        &self.generations[generation.index()]
    }
}

/// How a heap ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[must_use = "it says whether objects are still held from outside"]
pub struct ShutdownReport {
    /// Cleanups that ran although their objects lived on.
    pub cleanups: usize,
    /// Objects that the last collections freed.
    pub collected: usize,
    /// Objects that handles outside still hold. They live on until those go.
    pub outstanding: usize,
}
