// No `WeakValueMap` leaves its thread.
use gc_core::WeakValueMap;

struct Holder(WeakValueMap<i32, i32>);

trait IsSend {
    fn is_send() {}
}

impl<T: Send> IsSend for T {}

fn main() {
    Holder::is_send();
}
