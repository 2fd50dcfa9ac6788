//! A skipped variant has no field to skip.

use gc_core::Trace;

#[derive(Trace)]
enum Element {
    #[trace(skip)]
    Raw(#[trace(skip)] *const u8),
}

fn main() {}
