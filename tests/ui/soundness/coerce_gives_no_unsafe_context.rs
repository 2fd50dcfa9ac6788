// The operand of `coerce!` is safe code.
use gc_core::{Gc, coerce};

fn main() {
    let five = Gc::into_raw(Gc::new([5]));
    let _slice = coerce!(Gc::from_raw(five) => [i32]);
}
