//! An attribute that says nothing.

use gc_core::{DeepClone, Gc, Trace};

#[derive(Trace, DeepClone)]
struct Element {
    #[deep_clone()]
    style: Gc<u8>,
}

#[derive(Trace, DeepClone)]
struct Text {
    #[deep_clone]
    style: Gc<u8>,
}

fn main() {}
