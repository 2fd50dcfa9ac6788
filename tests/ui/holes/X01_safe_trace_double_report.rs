// hole: X01_safe_trace_double_report
// class: wrong Trace in safe code
// expected of a sound library: CE
// why: bacon-rajan-cc#41: Trace is a safe trait; an implementation that reports a field twice makes the
// collector free a live object. Sound: unsafe trait, or counts that cannot underflow.

use gc_core::{Gc, Slot, Trace, Tracer};

struct Twice {
    edge: Slot<Twice>,
}

impl Trace for Twice {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.edge.trace(tracer);
        self.edge.trace(tracer);
    }
}

fn main() {
    let _ = Gc::new(Twice { edge: Slot::empty() });
}
