//! A function that hands its parameter to the heap without the bound.

use gc_core::Gc;

fn share<T>(value: T) -> Gc<T> {
    Gc::new(value)
}

fn main() {}
