//! A handle is never free of handles, whatever is written above the type around it.

use gc_core::{Gc, GcFree};

fn shared<T: GcFree>(_: T) {}

fn main() {
    shared(Gc::new(1));
}
