//! A slice of elements without `Trace`, made from an iterator.

use gc_core::Gc;

struct Style;

fn main() {
    let _: Gc<[Style]> = Gc::from_iter([Style]);
}
