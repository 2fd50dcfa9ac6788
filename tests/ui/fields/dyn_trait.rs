//! A boxed trait object whose trait does not ask for `Trace`.

use gc_core::Trace;

trait Shape {
    fn area(&self) -> f64;
}

#[derive(Trace)]
struct Drawing {
    shapes: Vec<Box<dyn Shape>>,
}

fn main() {}
