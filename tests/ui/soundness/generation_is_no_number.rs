// A generation is named, not numbered.
use gc_core::Heap;

fn main() {
    Heap::new().collect_generation(1);
}
