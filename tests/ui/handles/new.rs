//! `Gc::new` of a value whose type does not derive `Trace`.

use gc_core::Gc;

struct Style;

fn main() {
    let _ = Gc::new(Style);
}
