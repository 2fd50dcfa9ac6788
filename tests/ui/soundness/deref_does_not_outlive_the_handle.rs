// A reference to the value lives no longer than the handle that it was taken from.
use gc_core::Gc;

fn main() {
    let five = Gc::new(5);
    let value = &*five;
    drop(five);
    assert_eq!(*value, 5);
}
