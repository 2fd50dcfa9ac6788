// No `AnyWeak` leaves its thread.
use gc_core::AnyWeak;

struct Holder(AnyWeak);

trait IsSend {
    fn is_send() {}
}

impl<T: Send> IsSend for T {}

fn main() {
    Holder::is_send();
}
