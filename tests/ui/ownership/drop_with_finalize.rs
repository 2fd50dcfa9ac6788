//! A finalizer does not make a `Drop` sound.

use gc_core::{Finalize, FinalizeCx, Gc, Trace};

#[derive(Trace)]
#[trace(finalize)]
struct Element(Gc<u8>);

impl Finalize for Element {
    fn finalize(&self, _: &FinalizeCx<'_, Self>) {}
}

impl Drop for Element {
    fn drop(&mut self) {}
}

fn main() {}
