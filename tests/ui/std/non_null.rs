//! A raw pointer that is not null.

use gc_core::Trace;
use std::ptr::NonNull;

#[derive(Trace)]
struct Field(NonNull<u8>);

fn main() {}
