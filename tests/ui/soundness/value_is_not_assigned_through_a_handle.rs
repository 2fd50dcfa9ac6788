// A handle gives no `&mut`.
use gc_core::Gc;

fn main() {
    let five = Gc::new(5);
    *five = 6;
}
