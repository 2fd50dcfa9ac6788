//! A heap's counters, as the documentation of thresholds, counts and statistics has them.

/// What the model knows of a heap.
#[derive(Default)]
pub(crate) struct KnownHeap {
    /// Objects of tracked types, and the least of them since the last collection.
    pub(crate) tracked: usize,
    pub(crate) floor: usize,
    /// All objects.
    pub(crate) live: usize,
    pub(crate) middle: usize,
    pub(crate) old: usize,
    old_total: usize,
    old_pending: usize,
    pub(crate) auto: bool,
    pub(crate) pauses: usize,
    pub(crate) threshold: usize,
    pub(crate) collecting: bool,
    pub(crate) closed: bool,
    pub(crate) save_all: bool,
    /// What SAVE_ALL kept.
    pub(crate) kept: usize,
    /// Objects of tracked types made since the last collection of Old.
    pub(crate) allocated: usize,
    /// Collections that came by themselves, and the last one's generation.
    pub(crate) automatic: usize,
    pub(crate) last: usize,
    /// Collections at the heap's end.
    pub(crate) sweeps_at_end: usize,
    /// What the collections reported, by generation: how many there were, what they collected,
    /// finalized and resurrected.
    pub(crate) stats: [[usize; 4]; 3],
}

/// For `middle` and `old` of the thresholds.
pub(crate) const PASSES: usize = 2;

impl KnownHeap {
    pub(crate) fn new(auto: bool, threshold: usize) -> Self {
        Self { auto, threshold, ..Self::default() }
    }

    pub(crate) fn counts(&self) -> (usize, usize, usize) {
        (self.tracked - self.floor, self.middle, self.old)
    }

    /// The generation whose collection the next allocation sets off.
    pub(crate) fn due(&self) -> Option<usize> {
        let may = self.auto && self.pauses == 0 && !self.collecting && !self.closed;
        let young = self.tracked - self.floor;
        if !may || self.threshold == 0 || young < self.threshold {
            return None;
        }
        // A quarter of what is old has to have grown old since.
        if self.old > PASSES && self.old_pending * 4 > self.old_total {
            Some(2)
        } else {
            Some(usize::from(self.middle > PASSES))
        }
    }

    /// Whether a full collection may come for old suspects that wait: as much was allocated as one
    /// costs.
    pub(crate) fn suspects_may_wait(&self) -> bool {
        self.allocated > self.tracked.max(self.threshold * 10)
    }

    pub(crate) fn less(&mut self, tracked: bool) {
        self.live -= 1;
        if tracked {
            self.tracked -= 1;
            self.floor = self.floor.min(self.tracked);
        }
    }

    /// The counters of a collection of this generation, once it has judged.
    pub(crate) fn next_epoch(&mut self, age: usize) {
        match age {
            0 => self.middle += 1,
            1 => {
                self.middle = 0;
                self.old += 1;
                self.old_pending = self.tracked.saturating_sub(self.old_total);
            }
            _ => (self.middle, self.old, self.allocated) = (0, 0, 0),
        }
        self.floor = self.tracked;
    }

    /// A full collection has come to its end.
    pub(crate) fn all_was_judged(&mut self) {
        (self.old_total, self.old_pending) = (self.tracked, 0);
    }
}
