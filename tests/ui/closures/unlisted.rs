//! A capture that is not listed.

use gc_core::{Gc, GcFn, gc_fn};

fn main() {
    let (a, b) = (Gc::new(1), Gc::new(2));
    let _: GcFn<dyn Fn() -> i32> = gc_fn!([a] || **a + *b);
}
