// No `Weak` is shared between threads.
use gc_core::Weak;

struct Holder(Weak<i32>);

trait IsSync {
    fn is_sync() {}
}

impl<T: Sync> IsSync for T {}

fn main() {
    Holder::is_sync();
}
