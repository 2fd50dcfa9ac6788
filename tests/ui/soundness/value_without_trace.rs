// What goes into a heap implements `Trace`.
use gc_core::Gc;

struct Foreign;

fn main() {
    let _gc = Gc::new(Foreign);
}
