// A finalizer needs a context, which only the heap has.
use gc_core::{Finalize, FinalizeCx, Gc, Trace};

#[derive(Trace)]
#[trace(finalize)]
struct Resource;

impl Finalize for Resource {
    fn finalize(&self, _: &FinalizeCx<'_, Self>) {}
}

fn main() {
    Gc::new(Resource).finalize();
}
