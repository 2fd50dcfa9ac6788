// No `WeakSet` leaves its thread.
use gc_core::WeakSet;

struct Holder(WeakSet<i32>);

trait IsSend {
    fn is_send() {}
}

impl<T: Send> IsSend for T {}

fn main() {
    Holder::is_send();
}
