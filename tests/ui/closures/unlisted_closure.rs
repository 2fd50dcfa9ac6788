//! A closure inside the body captures for the body.

use gc_core::{Gc, GcFn, gc_fn};

fn main() {
    let a = Gc::new(1);
    let _: GcFn<dyn Fn(i32) -> Box<dyn Fn() -> i32>> = gc_fn!([] |n| {
        let a = a.clone();
        Box::new(move || *a + n)
    });
}
