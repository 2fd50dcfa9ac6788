//! A capture without `Trace`.

use gc_core::{GcFn, gc_fn};

fn main() {
    let args = std::env::args();
    let _: GcFn<dyn Fn() -> usize> = gc_fn!([args] || args.len());
}
