// No `Gc` is shared between threads.
use gc_core::Gc;

struct Holder(Gc<i32>);

trait IsSync {
    fn is_sync() {}
}

impl<T: Sync> IsSync for T {}

fn main() {
    Holder::is_sync();
}
