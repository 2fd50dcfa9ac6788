// A subscription that is dropped at once hears nothing.
#![deny(unused_must_use)]
use gc_core::Heap;

fn main() {
    Heap::new().on_collection(|_| println!("a collection"));
}
