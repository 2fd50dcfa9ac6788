// hole: X03_safe_trace_bogus_pointer
// class: wrong Trace in safe code
// expected of a sound library: CE
// why: The tracer is a plain FnMut(*const ()): safe code can call it with any address.

use gc_core::Tracer;

fn reports(tracer: &mut Tracer<'_>, address: *const ()) {
    tracer.edge(address);
}

fn main() {
    let _ = Tracer::new();
}
