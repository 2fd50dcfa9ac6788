//! A raw pointer that can change.

use gc_core::Trace;
use std::sync::atomic::AtomicPtr;

#[derive(Trace)]
struct Buffer {
    start: AtomicPtr<u8>,
}

fn main() {}
