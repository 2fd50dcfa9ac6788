// No `Heap` leaves its thread.
use gc_core::Heap;

struct Holder(Heap);

trait IsSend {
    fn is_send() {}
}

impl<T: Send> IsSend for T {}

fn main() {
    Holder::is_send();
}
