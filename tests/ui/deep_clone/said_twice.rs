//! The same, twice.

use gc_core::{DeepClone, Gc, Trace};

#[derive(Trace, DeepClone)]
struct Element {
    #[deep_clone(clone)]
    #[deep_clone(clone)]
    style: Gc<u8>,
}

fn main() {}
