//! The promise of `unsafe_drop` is made by its name alone.

use gc_core::{Gc, Trace};

#[derive(Trace)]
#[trace(unsafe_drop = "close")]
struct Element(Gc<u8>);

impl Drop for Element {
    fn drop(&mut self) {}
}

fn main() {}
