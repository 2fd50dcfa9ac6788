//! A closure with another number of parameters than expected.

use gc_core::{GcFn, gc_fn};

fn main() {
    let _: GcFn<dyn Fn(u32) -> u32> = gc_fn!([] |x: u32, y: u32| x + y);
}
