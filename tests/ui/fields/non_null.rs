//! A raw pointer that is not null.

use gc_core::Trace;
use std::ptr::NonNull;

#[derive(Trace)]
struct Buffer(NonNull<u8>);

fn main() {}
