//! A capture that is not listed, and that the body takes.

use gc_core::{Gc, GcFn, gc_fn};

fn main() {
    let a = Gc::new(1);
    let _: GcFn<dyn Fn()> = gc_fn!([] || drop(a));
}
