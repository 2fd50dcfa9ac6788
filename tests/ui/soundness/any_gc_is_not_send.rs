// No `AnyGc` leaves its thread.
use gc_core::AnyGc;

struct Holder(AnyGc);

trait IsSend {
    fn is_send() {}
}

impl<T: Send> IsSend for T {}

fn main() {
    Holder::is_send();
}
