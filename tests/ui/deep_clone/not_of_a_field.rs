//! An option of fields, at the type and at a variant.

use gc_core::{DeepClone, Gc, Trace};

#[derive(Trace, DeepClone)]
#[deep_clone(clone)]
struct Element {
    style: Gc<u8>,
}

#[derive(Trace, DeepClone)]
enum Content {
    #[deep_clone(clone)]
    Element(Gc<Element>),
    Text(Gc<str>),
}

fn main() {}
