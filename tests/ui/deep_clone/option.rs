//! An option that does not exist.

use gc_core::{DeepClone, Gc, Trace};

#[derive(Trace, DeepClone)]
struct Element {
    #[deep_clone(skip)]
    style: Gc<u8>,
}

fn main() {}
