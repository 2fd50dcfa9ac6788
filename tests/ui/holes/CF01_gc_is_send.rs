// hole: CF01_gc_is_send
// expected of a sound library: compile error
// why: Gc<T> of the thread-local heap must not be Send.

use gc_core::Gc;

fn need<T: Send>(_: T) {}

fn main() {
    need(Gc::new(0));
}
