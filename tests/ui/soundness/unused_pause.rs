// A pause that is dropped at once pauses nothing.
#![deny(unused_must_use)]
use gc_core::Heap;

fn main() {
    Heap::new().pause();
}
