// No `WeakKeyMap` leaves its thread.
use gc_core::WeakKeyMap;

struct Holder(WeakKeyMap<i32, i32>);

trait IsSend {
    fn is_send() {}
}

impl<T: Send> IsSend for T {}

fn main() {
    Holder::is_send();
}
