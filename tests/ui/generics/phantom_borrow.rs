//! A parameter in `PhantomData` needs no `Trace`, but lives as long as the heap.

use gc_core::{Gc, Trace};
use std::marker::PhantomData;

#[derive(Trace)]
struct Id<T>(u32, PhantomData<T>);

fn make<T>() -> Gc<Id<T>> {
    Gc::new(Id(1, PhantomData))
}

fn main() {}
