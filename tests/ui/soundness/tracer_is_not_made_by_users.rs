// Only the heap makes a `Tracer`.
use gc_core::Tracer;

fn main() {
    let (mut edges, mut overflow) = (Vec::new(), false);
    let _tracer = Tracer::new(&mut edges, &mut overflow);
}
