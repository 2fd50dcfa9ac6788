// No `Watch` leaves its thread.
use gc_core::Watch;

struct Holder(Watch<i32>);

trait IsSend {
    fn is_send() {}
}

impl<T: Send> IsSend for T {}

fn main() {
    Holder::is_send();
}
