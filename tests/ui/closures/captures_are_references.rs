//! A capture is lent to the body, which may run again.

use gc_core::{Gc, GcFn, gc_fn};

fn main() {
    let a = Gc::new(1);
    let _: GcFn<dyn Fn() -> Gc<i32>> = gc_fn!([a] || a);
}
