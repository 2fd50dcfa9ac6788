// No `Pause` leaves its thread.
use gc_core::Pause;

struct Holder(Pause);

trait IsSend {
    fn is_send() {}
}

impl<T: Send> IsSend for T {}

fn main() {
    Holder::is_send();
}
