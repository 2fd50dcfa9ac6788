// No `Subscription` leaves its thread.
use gc_core::Subscription;

struct Holder(Subscription);

trait IsSend {
    fn is_send() {}
}

impl<T: Send> IsSend for T {}

fn main() {
    Holder::is_send();
}
