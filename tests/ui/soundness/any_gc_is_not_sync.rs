// No `AnyGc` is shared between threads.
use gc_core::AnyGc;

struct Holder(AnyGc);

trait IsSync {
    fn is_sync() {}
}

impl<T: Sync> IsSync for T {}

fn main() {
    Holder::is_sync();
}
