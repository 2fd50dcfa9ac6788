// While there is a `GcMut`, its handle is not to be had.
use gc_core::Gc;

fn main() {
    let mut five = Gc::new(5);
    let mut guard = Gc::get_mut(&mut five).unwrap();
    let other = five.clone();
    *guard += 1;
    drop(other);
}
