// hole: CF04_non_static_payload
// expected of a sound library: compile error
// why: bacon-rajan-cc#1: a payload that borrows from the stack could be destroyed (and run Drop) after the borrow ended.

use gc_core::{Gc, Trace};

#[derive(Trace)]
struct Borrows<'a> {
    text: &'a String,
}

fn main() {
    let borrows;
    {
        let text = String::from("x");
        borrows = Gc::new(Borrows { text: &text });
    }
    let _ = borrows.text.len();
}
