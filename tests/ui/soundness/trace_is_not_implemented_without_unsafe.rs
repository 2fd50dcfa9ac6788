// Who writes `Trace` by hand answers for it.
use gc_core::{Gc, Trace, Tracer};

struct Handle(Gc<i32>);

impl Trace for Handle {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.0.trace(tracer);
        self.0.trace(tracer);
    }
}

fn main() {
    let _ = Handle(Gc::new(5));
}
