//! gc: marks from the objects that are held from outside, and sweeps.

#![expect(non_local_definitions, reason = "the derives put their impls into a constant")]

use gc::{Finalize, Gc as Handle, GcCell, Trace};

use super::{Back, Edge};

type Cell<T> = GcCell<Option<Handle<T>>>;
type BackCell<T> = Cell<T>;

impl<T: Trace> Edge<Handle<T>> for Cell<T> {
    fn holding(handle: Option<Handle<T>>) -> Self {
        Self::new(handle)
    }

    fn handle(&self) -> Option<Handle<T>> {
        self.borrow().clone()
    }

    fn set(&self, handle: Option<Handle<T>>) {
        *self.borrow_mut() = handle;
    }
}

nodes!(#[derive(Trace, Finalize)]);

graph! { reclaims: Tracing, collect: { gc::force_collect(); } }
