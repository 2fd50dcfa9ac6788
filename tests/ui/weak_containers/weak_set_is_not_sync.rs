// No `WeakSet` is shared between threads.
use gc_core::WeakSet;

struct Holder(WeakSet<i32>);

trait IsSync {
    fn is_sync() {}
}

impl<T: Sync> IsSync for T {}

fn main() {
    Holder::is_sync();
}
