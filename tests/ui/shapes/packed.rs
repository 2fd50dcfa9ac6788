//! A packed struct with a field that is visited.

use gc_core::{Gc, Trace};

#[derive(Trace)]
#[repr(C, packed)]
struct Record {
    kind: u8,
    next: Gc<u8>,
}

fn main() {}
