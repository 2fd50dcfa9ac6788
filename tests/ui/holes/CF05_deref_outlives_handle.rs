// hole: CF05_deref_outlives_handle
// expected of a sound library: compile error
// why: A reference from Deref must not outlive the handle.

use gc_core::Gc;

fn main() {
    let number: &i32;
    {
        let handle = Gc::new(0);
        number = &*handle;
    }
    let _ = number + 1;
}
