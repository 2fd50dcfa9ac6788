// Weak handles are equal or not, and have no order.
use gc_core::Weak;

fn main() {
    let (one, other) = (Weak::<i32>::new(), Weak::<i32>::new());
    let _ = one < other;
}
