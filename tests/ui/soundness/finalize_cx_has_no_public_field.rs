// Only the heap makes a `FinalizeCx`.
use gc_core::{FinalizeCx, Gc};

fn main() {
    let five = Gc::new(5);
    let _cx = FinalizeCx { object: &five };
}
