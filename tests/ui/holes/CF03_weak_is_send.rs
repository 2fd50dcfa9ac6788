// hole: CF03_weak_is_send
// expected of a sound library: compile error
// why: Weak<T> must not be Send.

use gc_core::Gc;

fn need<T: Send>(_: T) {}

fn main() {
    need(Gc::downgrade(&Gc::new(0)));
}
