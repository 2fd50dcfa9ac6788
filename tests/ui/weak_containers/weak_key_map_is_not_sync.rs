// No `WeakKeyMap` is shared between threads.
use gc_core::WeakKeyMap;

struct Holder(WeakKeyMap<i32, i32>);

trait IsSync {
    fn is_sync() {}
}

impl<T: Sync> IsSync for T {}

fn main() {
    Holder::is_sync();
}
