//! A reference to a local variable.

use gc_core::Gc;

fn main() {
    let number = 1;
    let _ = Gc::new(&number);
}
