//! Plain data is listed, too.

use gc_core::{GcFn, gc_fn};

fn main() {
    let factor = 2;
    let _: GcFn<dyn Fn(u32) -> u32> = gc_fn!([] |n| n * factor);
}
