// Only the heap makes a `Tracer`.
use gc_core::Tracer;

fn main() {
    let _tracer = Tracer::new();
}
