//! A union.

use gc_core::{DeepClone, Trace};

#[derive(Trace, DeepClone)]
#[trace(leaf)]
union Bits {
    int: u32,
    float: f32,
}

fn main() {}
