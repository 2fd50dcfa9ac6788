//! jrsonnet-gcmodule: counting, and CPython's search through a list of all tracked objects.

use std::cell::RefCell;

use jrsonnet_gcmodule::{Cc as Handle, Trace, Tracer};

use super::{Back, Edge};

type Cell<T> = RefCell<Option<Handle<T>>>;
type BackCell<T> = Cell<T>;

nodes!();

trace_by_hand!(Trace, Tracer<'_>);

impl<const W: usize> Trace for Words<W> {
    fn is_type_tracked() -> bool {
        false
    }
}

graph! { reclaims: CyclesByHand, collect: { let _ = jrsonnet_gcmodule::collect_thread_cycles(); } }
