//! Looking inside a heap: a picture of it at one moment, and the questions that a picture answers.
//!
//! Nothing here is on the collector's path. A picture holds numbers and names, no handles: it keeps
//! nothing alive, and stays as it is while the heap goes on.

// How values tell what they hold, by names.
mod inspector;
mod labels;
mod mix;

// The picture.
mod take;
mod kept;
mod snapshot;
mod target;

// The questions.
mod histogram;
#[cfg(feature = "alloc-sites")]
mod by_site;
mod paths;
mod components;
mod dominators;
mod leaks;

// The picture for others.
mod dot;
mod text;
mod json_lines;
mod heap_snapshot;

// For tests.
mod assertions;

#[doc(hidden)]
pub use assertions::assert_collected_as;
pub use assertions::assert_no_growth;
pub(crate) use assertions::what_is_left;
#[cfg(feature = "alloc-sites")]
pub use by_site::SiteRow;
pub use dot::Dot;
pub use histogram::{Diff, DiffRow, Histogram, HistogramRow};
pub use inspector::Inspector;
pub use labels::{Label, Segment};
pub use leaks::{Leak, LeakReport, WeakCandidate};
#[cfg(feature = "alloc-sites")]
pub(crate) use mix::MixMap;
pub use paths::Path;
pub use snapshot::{Edge, Object, Snapshot};
pub use target::Target;
