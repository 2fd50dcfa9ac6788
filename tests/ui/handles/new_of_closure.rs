//! A closure is no value that the heap knows.

use gc_core::Gc;

fn main() {
    let next = Gc::new(1);
    let _ = Gc::new(move || *next);
}
