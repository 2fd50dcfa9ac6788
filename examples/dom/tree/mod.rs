//! A document: its nodes, how a page becomes them, and what can be done with them.
//!
//! All files know their pointers by the names in `super::pointer` alone, so that the same source runs over
//! another pointer: `Gc`, the counted handle; `Slot`, a link that keeps its node; `Back`, a link against the
//! direction in which nodes are owned, if anybody has to own them; `Closure` and `closure!`.

pub(crate) mod node;
pub(crate) mod change;
pub(crate) mod events;
pub(crate) mod sink;
pub(crate) mod select;
