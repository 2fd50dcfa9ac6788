//! The document over `gc_core`: the real one.

/// The names under which the document knows its pointers. Nobody has to own anybody: a link back is a link.
pub(crate) mod pointer {
    pub(crate) use gc_core::{
        Gc, GcFn as Closure, Heap, Slot, Slot as Back, Trace, gc_fn as closure,
    };
}

#[path = "tree/mod.rs"]
pub(crate) mod tree;

#[path = "job.rs"]
pub(crate) mod job;
