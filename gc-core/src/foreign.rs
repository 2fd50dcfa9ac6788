//! [`Trace`](crate::Trace) for the types of other crates, each behind a feature named after the crate and
//! its version.
//!
//! What std has a twin of does what the twin does: containers report what their elements report, cells
//! what their content reports unless it is being written, and what shares its content is a leaf of
//! [`GcFree`](crate::GcFree) content. The page "Other crates" has the table.
//!
//! As for std, no impl here runs any code of the user's but `Trace`: where a crate lets users implement a
//! trait that shows the elements, the impl is for the crate's own types alone.

mod leaf;
#[cfg(any(feature = "ecow-0_3", feature = "rpds-1"))]
mod shared;

#[cfg(feature = "arrayvec-0_7")]
mod arrayvec;
#[cfg(feature = "dashmap-6")]
mod dashmap;
#[cfg(feature = "either-1")]
mod either;
#[cfg(feature = "hashbrown-0_17")]
mod hashbrown;
#[cfg(feature = "indexmap-2")]
mod indexmap;
#[cfg(feature = "once_cell-1")]
mod once_cell;
#[cfg(feature = "parking_lot-0_13")]
mod parking_lot;
#[cfg(feature = "petgraph-0_8")]
mod petgraph;
#[cfg(feature = "petgraph-0_8")]
mod petgraph_heap;
#[cfg(feature = "slotmap-1")]
mod slotmap;
#[cfg(feature = "smallvec-1")]
mod smallvec;
#[cfg(feature = "thin-vec-0_2")]
mod thin_vec;
#[cfg(feature = "tinyvec-1")]
mod tinyvec;
