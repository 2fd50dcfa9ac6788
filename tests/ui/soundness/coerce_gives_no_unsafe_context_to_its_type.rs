// The type that `coerce!` unsizes to is safe code.
use gc_core::{Gc, coerce};

const unsafe fn length() -> usize {
    1
}

fn main() {
    let _array = coerce!(Gc::new([5]) => [i32; length()]);
}
