// hole: CF06_safe_trace_impl
// expected of a sound library: compile error
// why: Trace must be an unsafe trait (or unable to cause UB): a safe manual impl must not compile.

use gc_core::{Gc, Trace, Tracer};

struct Node;

impl Trace for Node {
    fn trace(&self, _: &mut Tracer<'_>) {}
}

fn main() {
    let _ = Gc::new(Node);
}
