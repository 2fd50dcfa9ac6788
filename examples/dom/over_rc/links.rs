//! What only `Rc` needs: weak links back, and drops without recursion. A node owns its first child and its
//! next sibling, and a long list of them would overflow the stack. The comparison counts these lines.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use gc_core::{Leaf, Trace};

use super::names::{Counted, Gc};

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
pub(super) fn let_go(owned: Rc<dyn Any>) {
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
