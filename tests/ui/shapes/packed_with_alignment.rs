//! A packed struct that says how far.

use gc_core::{Gc, Trace};

#[derive(Trace)]
#[repr(packed(2))]
struct Record(Gc<u8>);

fn main() {}
