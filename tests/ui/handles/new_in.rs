//! The same in a heap of one's own.

use gc_core::{Gc, Heap};

struct Style;

fn main() {
    let _ = Gc::new_in(&Heap::new(), Style);
}
