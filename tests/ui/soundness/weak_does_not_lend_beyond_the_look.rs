// A reference to the value does not leave `Weak::with`.
use gc_core::Gc;

fn main() {
    let five = Gc::new(5);
    let weak = Gc::downgrade(&five);
    let _value: Option<&i32> = weak.with(|value| value);
}
