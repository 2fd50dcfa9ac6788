//! boa_gc: counts to tell what is held from outside, marks from there, and sweeps.

use boa_gc::{Finalize, Gc as Handle, GcRefCell, Trace};

use super::{Back, Edge};

type Cell<T> = GcRefCell<Option<Handle<T>>>;
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

graph! { reclaims: Tracing, collect: { boa_gc::force_collect(); } }
