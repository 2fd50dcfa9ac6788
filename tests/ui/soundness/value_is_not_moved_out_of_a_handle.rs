// A value does not move out of its object.
use gc_core::Gc;

fn main() {
    let text = Gc::new(String::new());
    let _moved = *text;
}
