// Visiting needs a tracer, which only the heap has.
use gc_core::{Gc, Trace};

fn main() {
    let five = Gc::new(5);
    five.trace();
}
