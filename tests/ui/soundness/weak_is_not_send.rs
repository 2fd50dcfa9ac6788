// No `Weak` leaves its thread.
use gc_core::Weak;

struct Holder(Weak<i32>);

trait IsSend {
    fn is_send() {}
}

impl<T: Send> IsSend for T {}

fn main() {
    Holder::is_send();
}
