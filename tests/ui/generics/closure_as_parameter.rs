//! A closure in a field that is visited.

use gc_core::{Gc, Trace};

#[derive(Trace)]
struct Button<F> {
    on_click: F,
}

fn main() {
    let _ = Gc::new(Button { on_click: || {} });
}
