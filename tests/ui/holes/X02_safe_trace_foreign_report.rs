// hole: X02_safe_trace_foreign_report
// class: wrong Trace in safe code
// expected of a sound library: CE
// why: A safe Trace implementation reports a handle that it does not own (a global root).

use gc_core::{Gc, Trace, Tracer};
use std::cell::RefCell;

thread_local! {
    static FOREIGN: RefCell<Option<Gc<Reports>>> = const { RefCell::new(None) };
}

struct Reports;

impl Trace for Reports {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        FOREIGN.with(|foreign| foreign.trace(tracer));
    }
}

fn main() {
    FOREIGN.set(Some(Gc::new(Reports)));
}
