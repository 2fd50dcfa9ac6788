// No `Gc` leaves its thread.
use gc_core::Gc;

struct Holder(Gc<i32>);

trait IsSend {
    fn is_send() {}
}

impl<T: Send> IsSend for T {}

fn main() {
    Holder::is_send();
}
