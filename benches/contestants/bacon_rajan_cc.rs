//! bacon_rajan_cc: counting, and trial deletion from the handles that were let go of.

use std::cell::RefCell;

use bacon_rajan_cc::{Cc as Handle, Trace, Tracer};

use super::{Back, Edge};

type Cell<T> = RefCell<Option<Handle<T>>>;
type BackCell<T> = Cell<T>;

nodes!();

trace_by_hand!(Trace, Tracer<'_>);

impl<const W: usize> Trace for Words<W> {
    fn trace(&self, _: &mut Tracer<'_>) {}
}

graph! { reclaims: CyclesByHand, collect: { bacon_rajan_cc::collect_cycles(); } }
