// No `WeakValueMap` is shared between threads.
use gc_core::WeakValueMap;

struct Holder(WeakValueMap<i32, i32>);

trait IsSync {
    fn is_sync() {}
}

impl<T: Sync> IsSync for T {}

fn main() {
    Holder::is_sync();
}
