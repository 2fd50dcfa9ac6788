//! Debug flags and the records they produce: leak debugging as CPython's `gc.set_debug` has it, as
//! data instead of text.

use std::fmt;
use std::ops::{BitOr, BitOrAssign};
use std::time::Duration;

use crate::error::{Hook, guarded, tell_stderr};
use crate::settings::Generation;
use crate::state::HeapRef;

/// What a heap tells and keeps for debugging. The twin of CPython's `DEBUG_…` constants.
///
/// ```
/// use gc_core::{DebugFlags, Heap};
///
/// let heap = Heap::new();
/// heap.set_debug(DebugFlags::STATS | DebugFlags::SAVE_ALL);
/// assert!(heap.debug().contains(DebugFlags::SAVE_ALL));
/// # heap.set_debug(DebugFlags::NONE);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct DebugFlags(u8);

impl DebugFlags {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// A record at each collection's start and end.
    pub const STATS: Self = Self(1);
    /// A record for each object found to be garbage, whether it is dropped or kept.
    pub const COLLECTABLE: Self = Self(2);
    /// A record for each object that is garbage and kept, instead of that of `COLLECTABLE`.
    pub const UNCOLLECTABLE: Self = Self(4);
    /// Garbage is kept, for `Heap::take_garbage`, instead of dropped.
    pub const SAVE_ALL: Self = Self(32);
    /// What finds leaks: all but the statistics.
    pub const LEAK: Self = Self(2 | 4 | 32);

    /// These without `other`.
    ///
    /// ```
    /// use gc_core::DebugFlags;
    ///
    /// let quiet = DebugFlags::LEAK.without(DebugFlags::COLLECTABLE | DebugFlags::UNCOLLECTABLE);
    /// assert_eq!(quiet, DebugFlags::SAVE_ALL);
    /// ```
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether all of `other` is set.
    ///
    /// ```
    /// use gc_core::DebugFlags;
    ///
    /// assert!(DebugFlags::LEAK.contains(DebugFlags::SAVE_ALL));
    /// assert!(!DebugFlags::LEAK.contains(DebugFlags::STATS | DebugFlags::SAVE_ALL));
    /// ```
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

impl BitOr for DebugFlags {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for DebugFlags {
    fn bitor_assign(&mut self, other: Self) {
        *self = *self | other;
    }
}

impl fmt::Debug for DebugFlags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = [
            (Self::STATS, "STATS"),
            (Self::COLLECTABLE, "COLLECTABLE"),
            (Self::UNCOLLECTABLE, "UNCOLLECTABLE"),
            (Self::SAVE_ALL, "SAVE_ALL"),
        ];
        let set = names.into_iter().filter(|&(flag, _)| self.contains(flag)).map(|(_, name)| name);
        write!(f, "DebugFlags({})", set.collect::<Vec<_>>().join(" | "))
    }
}

/// One record for a debug sink. Without a sink, its text goes to stderr.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum DebugRecord {
    /// A collection begins.
    Start {
        /// The oldest generation that it judges.
        generation: Generation,
        /// Tracked objects in each generation, Young first.
        sizes: [usize; 3],
        /// Objects frozen.
        frozen: usize,
    },
    /// An object was found to be garbage.
    Collectable {
        /// The type of its value.
        type_name: &'static str,
        /// Where it is.
        address: usize,
    },
    /// An object is garbage and was kept.
    Uncollectable {
        /// The type of its value.
        type_name: &'static str,
        /// Where it is.
        address: usize,
    },
    /// A collection has ended.
    Done {
        /// Objects found unreachable.
        unreachable: usize,
        /// Those of them that were kept.
        uncollectable: usize,
        /// How long it took.
        elapsed: Duration,
    },
}

impl fmt::Display for DebugRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start { generation, sizes: [young, middle, old], frozen } => write!(
                f,
                "collecting {generation:?}: {young} young, {middle} middle, {old} old, {frozen} frozen"
            ),
            Self::Collectable { type_name, address } => {
                write!(f, "collectable <{type_name} at {address:#x}>")
            }
            Self::Uncollectable { type_name, address } => {
                write!(f, "uncollectable <{type_name} at {address:#x}>")
            }
            Self::Done { unreachable, uncollectable, elapsed } => write!(
                f,
                "done, {unreachable} unreachable, {uncollectable} uncollectable, {elapsed:?} elapsed"
            ),
        }
    }
}

pub(crate) type Sink = Box<dyn FnMut(DebugRecord)>;

/// Hands a record to the heap's sink, or to stderr.
pub(crate) fn tell(heap: HeapRef, record: DebugRecord) {
    // Taken out for the call: the sink may replace itself.
    match heap.debug_sink.take() {
        None => tell_stderr(format_args!("{record}")),
        Some(mut sink) => {
            let replaced = heap.debug_sinks_set.get();
            guarded(heap, Hook::DebugSink, None, || sink(record));
            if heap.debug_sinks_set.get() == replaced {
                heap.debug_sink.replace(Some(sink));
            } else {
                guarded(heap, Hook::DebugSink, None, || drop(sink));
            }
        }
    }
}
