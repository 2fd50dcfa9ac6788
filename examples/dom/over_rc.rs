//! The same document over `Rc`: what somebody has to write for it, what it costs, and what it leaks.
//!
//! `links` is what any program over `Rc` needs for such a document. `names` gives it all the names that the
//! document uses, which a program that was written for `Rc` would not need; it is not counted.

mod links;
mod names;

/// The names under which the document knows its pointers.
pub(crate) mod pointer {
    pub(crate) use super::links::Back;
    pub(crate) use super::names::{Closure, Gc, Heap, Slot, Trace, closure};
}

#[path = "tree/mod.rs"]
#[allow(clippy::duplicate_mod, reason = "the same source over another pointer is the point")]
#[allow(dead_code, reason = "the story is told of the other one")]
pub(crate) mod tree;

#[path = "job.rs"]
#[allow(clippy::duplicate_mod, reason = "as above")]
pub(crate) mod job;
