// No `Interner` leaves its thread.
use gc_core::Interner;

struct Holder(Interner<i32>);

trait IsSend {
    fn is_send() {}
}

impl<T: Send> IsSend for T {}

fn main() {
    Holder::is_send();
}
