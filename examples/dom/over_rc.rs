//! The same document over `Rc`: what somebody has to write for it, what it costs, and what it leaks.
//!
//! Here is what only `Rc` needs, and the comparison counts these lines. A node owns its first child and its
//! next sibling; all other links are weak. And what a node owns is not dropped by recursion, or a long list
//! of siblings would overflow the stack. `names` gives it all the names that the document uses, which a
//! program that was written for `Rc` would not need; it is not counted.

mod names;

/// The names under which the document knows its pointers.
pub(crate) mod pointer {
    pub(crate) use super::Back;
    pub(crate) use super::names::{Closure, Gc, Heap, Slot, Trace, closure};
}

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use gc_core::{Leaf, Trace};

use names::{Counted, Gc};

/// A link against the direction in which nodes are owned. It finds nothing once the node is gone.
#[derive(Trace)]
#[trace(leaf)]
pub(crate) struct Back<T: 'static>(Leaf<Cell<Weak<Counted<T>>>>);

impl<T> Back<T> {
    pub(crate) fn empty() -> Self {
        Self(Leaf(Cell::default()))
    }

    pub(crate) fn get(&self) -> Option<Gc<T>> {
        // A cell, as a link has no room for a borrow flag: the handle is out for a moment.
        let weak = self.0.take();
        let strong = weak.upgrade();
        self.0.set(weak);
        strong.map(Gc::from)
    }

    pub(crate) fn is_none(&self) -> bool {
        self.get().is_none()
    }

    pub(crate) fn set(&self, handle: Option<Gc<T>>) {
        self.0.set(handle.map_or_else(Weak::new, |handle| Rc::downgrade(handle.rc())));
    }

    pub(crate) fn take(&self) -> Option<Gc<T>> {
        self.0.take().upgrade().map(Gc::from)
    }

    pub(crate) fn replace(&self, handle: Option<Gc<T>>) -> Option<Gc<T>> {
        let old = self.get();
        self.set(handle);
        old
    }
}

thread_local! {
    static WAITING: RefCell<Vec<Rc<dyn Any>>> = const { RefCell::new(Vec::new()) };
    static IS_AT_IT: Cell<bool> = const { Cell::new(false) };
}

/// Drops what a link owned; whatever that owns waits until it is gone, and follows.
fn let_go(owned: Rc<dyn Any>) {
    if Rc::strong_count(&owned) > 1 {
        return;
    }
    WAITING.with_borrow_mut(|waiting| waiting.push(owned));
    if !IS_AT_IT.replace(true) {
        while let Some(next) = WAITING.with_borrow_mut(Vec::pop) {
            drop(next);
        }
        IS_AT_IT.set(false);
    }
}

#[path = "tree/mod.rs"]
#[allow(clippy::duplicate_mod, reason = "the same source over another pointer is the point")]
#[allow(dead_code, reason = "the story is told of the other one")]
pub(crate) mod tree;

#[path = "job.rs"]
#[allow(clippy::duplicate_mod, reason = "as above")]
pub(crate) mod job;
