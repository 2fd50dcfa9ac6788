//! The list of captures is missing.

use gc_core::gc_fn;

fn main() {
    let _ = gc_fn!(|x: u32| x + 1);
}
