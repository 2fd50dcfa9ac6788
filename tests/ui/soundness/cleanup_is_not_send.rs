// No `Cleanup` leaves its thread.
use gc_core::Cleanup;

struct Holder(Cleanup<i32>);

trait IsSend {
    fn is_send() {}
}

impl<T: Send> IsSend for T {}

fn main() {
    Holder::is_send();
}
