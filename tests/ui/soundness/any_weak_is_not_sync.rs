// No `AnyWeak` is shared between threads.
use gc_core::AnyWeak;

struct Holder(AnyWeak);

trait IsSync {
    fn is_sync() {}
}

impl<T: Sync> IsSync for T {}

fn main() {
    Holder::is_sync();
}
