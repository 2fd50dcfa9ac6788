//! [`PauseLog`]: the last collections of a heap, and how long they took.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::fmt;
use std::rc::Rc;
use std::time::{Duration, Instant};

use crate::event::{Phase, Subscription};
use crate::heap::Heap;
use crate::report::Collection;

/// Keeps the figures of a heap's last collections, as long as it exists.
///
/// ```
/// use gc_core::{Heap, PauseLog};
///
/// let heap = Heap::new();
/// let log = PauseLog::new(&heap, 100);
/// heap.collect();
/// assert_eq!(log.entries().len(), 1);
/// assert!(log.longest() >= log.quantile(0.5));
/// ```
#[must_use = "dropping a `PauseLog` ends it at once"]
pub struct PauseLog {
    entries: Rc<RefCell<VecDeque<PauseEntry>>>,
    _subscription: Subscription,
}

/// A collection in a [`PauseLog`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PauseEntry {
    /// When it ended, counted from the beginning of the log.
    pub ended: Duration,
    /// What it did.
    pub collection: Collection,
}

impl PauseLog {
    /// A log of the last `most` collections from now on.
    ///
    /// ```
    /// use gc_core::{Heap, PauseLog};
    ///
    /// let heap = Heap::new();
    /// heap.collect(); // before the log
    /// let log = PauseLog::new(&heap, 2);
    /// assert_eq!(log.entries().len(), 0);
    /// (0..3).for_each(|_| drop(heap.collect()));
    /// assert_eq!(log.entries().len(), 2);
    /// ```
    pub fn new(heap: &Heap, most: usize) -> Self {
        let entries = Rc::new(RefCell::new(VecDeque::new()));
        let (log, start) = (entries.clone(), Instant::now());
        let subscription = heap.on_collection(move |event| {
            if event.phase == Phase::Stop && most > 0 {
                let mut log = log.borrow_mut();
                if log.len() == most {
                    log.pop_front();
                }
                let (ended, collection) = (start.elapsed(), event.collection.clone());
                log.push_back(PauseEntry { ended, collection });
            }
        });
        Self { entries, _subscription: subscription }
    }

    /// The collections, the oldest first.
    ///
    /// ```
    /// use gc_core::{Generation, Heap, PauseLog};
    ///
    /// let heap = Heap::new();
    /// let log = PauseLog::new(&heap, 100);
    /// heap.collect_generation(Generation::Young);
    /// heap.collect();
    /// let entries = log.entries();
    /// assert_eq!(entries[0].collection.generation, Generation::Young);
    /// assert!(entries[0].ended <= entries[1].ended);
    /// ```
    #[must_use]
    pub fn entries(&self) -> Vec<PauseEntry> {
        self.entries.borrow().iter().cloned().collect()
    }

    /// The longest pause; zero if there was none.
    ///
    /// ```
    /// use gc_core::{Heap, PauseLog};
    ///
    /// let heap = Heap::new();
    /// let log = PauseLog::new(&heap, 100);
    /// assert!(log.longest().is_zero());
    /// let pauses = [heap.collect().duration, heap.collect().duration];
    /// assert_eq!(log.longest(), pauses[0].max(pauses[1]));
    /// ```
    #[must_use]
    pub fn longest(&self) -> Duration {
        self.quantile(1.0)
    }

    /// The pause that this share of all pauses does not exceed: `0.5` the median, `0.99` all but the
    /// longest hundredth. Zero if there was none.
    ///
    /// ```
    /// use gc_core::{Heap, PauseLog};
    ///
    /// let heap = Heap::new();
    /// let log = PauseLog::new(&heap, 100);
    /// let mut pauses = [(); 3].map(|()| heap.collect().duration);
    /// pauses.sort();
    /// assert_eq!(log.quantile(0.5), pauses[1]);
    /// assert_eq!(log.quantile(1.0), log.longest());
    /// ```
    #[must_use]
    pub fn quantile(&self, share: f64) -> Duration {
        let entries = self.entries.borrow();
        let mut pauses: Vec<_> = entries.iter().map(|entry| entry.collection.duration).collect();
        pauses.sort_unstable();
        #[expect(clippy::cast_precision_loss, reason = "a share of a count")]
        let rank = (pauses.len() as f64 * share.clamp(0.0, 1.0)).ceil();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between zero and the number of pauses"
        )]
        let rank = rank as usize;
        pauses.get(rank.saturating_sub(1)).copied().unwrap_or_default()
    }
}

impl fmt::Debug for PauseLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PauseLog")
            .field("len", &self.entries.borrow().len())
            .finish_non_exhaustive()
    }
}
