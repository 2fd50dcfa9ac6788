// hole: X05_safe_trace_inconsistent
// class: wrong Trace in safe code
// expected of a sound library: CE
// why: A safe Trace implementation reports different edges on different passes.

use gc_core::{Gc, Slot, Trace, Tracer};
use std::cell::Cell;

struct Flips {
    visits: Cell<u32>,
    edge: Slot<Flips>,
}

impl Trace for Flips {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.visits.set(self.visits.get() + 1);
        if self.visits.get() % 2 == 0 {
            self.edge.trace(tracer);
        }
    }
}

fn main() {
    let _ = Gc::new(Flips { visits: Cell::new(0), edge: Slot::empty() });
}
