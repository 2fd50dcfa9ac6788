//! A closure without the handle that keeps its captures.

use gc_core::{Gc, gc_fn};

fn main() {
    let a = Gc::new(1);
    let f = gc_fn!([a] || **a);
    let bare = (*f).clone();
    drop(f);
    bare();
}
