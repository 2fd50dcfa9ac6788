//! What is lent to the body does not leave it.

use gc_core::{Gc, GcFn, gc_fn};

fn main() {
    let a = Gc::new(1);
    let _: GcFn<dyn Fn() -> &'static i32> = gc_fn!([a] || &**a);
}
