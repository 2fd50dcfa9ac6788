//! Ours.

use gc_core::{Gc as Handle, Slot as Cell, Slot as BackCell, Trace};

use super::{Back, Edge};

impl<T> Edge<Handle<T>> for Cell<T> {
    fn holding(handle: Option<Handle<T>>) -> Self {
        Self::new(handle)
    }

    fn handle(&self) -> Option<Handle<T>> {
        self.get()
    }

    fn set(&self, handle: Option<Handle<T>>) {
        Cell::set(self, handle);
    }
}

nodes!(#[derive(Trace)]);

graph! { reclaims: Cycles, collect: { gc_core::collect(); } }
