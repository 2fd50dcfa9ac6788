// No `Pause` is shared between threads.
use gc_core::Pause;

struct Holder(Pause);

trait IsSync {
    fn is_sync() {}
}

impl<T: Sync> IsSync for T {}

fn main() {
    Holder::is_sync();
}
