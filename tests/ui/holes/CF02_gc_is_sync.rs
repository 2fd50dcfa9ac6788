// hole: CF02_gc_is_sync
// expected of a sound library: compile error
// why: &Gc<T> must not cross threads.

use gc_core::Gc;

fn need<T: Sync>(_: &T) {}

fn main() {
    need(&Gc::new(0));
}
