//! A field that is to be cloned by a `Clone` that it does not have.

use gc_core::{DeepClone, Leaf, Trace};

#[derive(Trace, DeepClone)]
struct Program {
    #[deep_clone(clone)]
    args: Leaf<std::env::Args>,
}

fn main() {}
