// No `Heap` is shared between threads.
use gc_core::Heap;

struct Holder(Heap);

trait IsSync {
    fn is_sync() {}
}

impl<T: Sync> IsSync for T {}

fn main() {
    Holder::is_sync();
}
