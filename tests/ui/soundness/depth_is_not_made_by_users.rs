// Only the heap asks whether a type may hold a handle.
use gc_core::{Depth, Trace};

fn main() {
    let _answer = <u8 as Trace>::may_hold_gc(Depth(3));
}
