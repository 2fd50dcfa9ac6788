//! `finalize` on a generic type whose `Finalize` asks more of the parameter than the type does.

use gc_core::{Finalize, FinalizeCx, Trace};

#[derive(Trace)]
#[trace(finalize)]
struct Connection<T> {
    peer: T,
}

impl<T: Clone> Finalize for Connection<T> {
    fn finalize(&self, _: &FinalizeCx<'_, Self>) {}
}

fn main() {}
