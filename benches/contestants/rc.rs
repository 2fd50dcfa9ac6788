//! `std::rc::Rc`, the measure. Edges to parents are weak, as everyone writes them with `Rc`; other
//! cycles leak.

use std::cell::RefCell;
use std::rc::{Rc as Handle, Weak};

use super::{Back, Edge};

type Cell<T> = RefCell<Option<Handle<T>>>;

pub(crate) struct BackCell<T>(RefCell<Weak<T>>);

impl<T> Back<Handle<T>> for BackCell<T> {
    fn empty() -> Self {
        Self(RefCell::new(Weak::new()))
    }

    fn parent(&self) -> Option<Handle<T>> {
        self.0.borrow().upgrade()
    }

    fn point(&self, parent: &Handle<T>) {
        drop(self.0.replace(Handle::downgrade(parent)));
    }
}

nodes!();

graph! { reclaims: ByCount, collect: {} }
