// No `Interner` is shared between threads.
use gc_core::Interner;

struct Holder(Interner<i32>);

trait IsSync {
    fn is_sync() {}
}

impl<T: Sync> IsSync for T {}

fn main() {
    Holder::is_sync();
}
