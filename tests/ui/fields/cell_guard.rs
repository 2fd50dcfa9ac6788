//! The guard of a borrowed cell.

use gc_core::Trace;
use std::sync::MutexGuard;

#[derive(Trace)]
struct Editor {
    lock: MutexGuard<'static, u8>,
}

fn main() {}
