//! dumpster 2, the flavour for one thread: counting, with a collection after as many drops as there
//! are handles.
//!
//! Its derive puts the spans of the fields on variables of its own, which hygiene forbids where a
//! macro wrote the fields; so its trait is implemented by hand, as the derive would.

use std::cell::RefCell;

use dumpster::unsync::Gc as Handle;
use dumpster::{TraceWith, Visitor};

use super::{Back, Edge};

type Cell<T> = RefCell<Option<Handle<T>>>;
type BackCell<T> = Cell<T>;

nodes!();

// SAFETY: it owns no handle.
unsafe impl<V: Visitor, const W: usize> TraceWith<V> for Words<W> {
    fn accept(&self, _: &mut V) -> Result<(), ()> {
        Ok(())
    }
}

// SAFETY: every handle that the value owns is visited, in the order of the fields.
unsafe impl<V: Visitor, const W: usize> TraceWith<V> for Chain<W> {
    fn accept(&self, visitor: &mut V) -> Result<(), ()> {
        self.next.accept(visitor)
    }
}

// SAFETY: as for `Chain`.
unsafe impl<V: Visitor> TraceWith<V> for Tree {
    fn accept(&self, visitor: &mut V) -> Result<(), ()> {
        self.left.accept(visitor)?;
        self.right.accept(visitor)
    }
}

// SAFETY: as for `Chain`.
unsafe impl<V: Visitor, const E: usize> TraceWith<V> for Knot<E> {
    fn accept(&self, visitor: &mut V) -> Result<(), ()> {
        self.edges.accept(visitor)
    }
}

// SAFETY: as for `Chain`.
unsafe impl<V: Visitor, const E: usize> TraceWith<V> for Kin<E> {
    fn accept(&self, visitor: &mut V) -> Result<(), ()> {
        self.children.accept(visitor)?;
        self.parent.accept(visitor)
    }
}

graph! { reclaims: Cycles, collect: { dumpster::unsync::collect(); } }
