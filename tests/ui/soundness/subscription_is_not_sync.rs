// No `Subscription` is shared between threads.
use gc_core::Subscription;

struct Holder(Subscription);

trait IsSync {
    fn is_sync() {}
}

impl<T: Sync> IsSync for T {}

fn main() {
    Holder::is_sync();
}
