// What is in a heap borrows nothing: its finalizer may run at any time.
use gc_core::Gc;

fn main() {
    let text = String::from("short-lived");
    let _gc = Gc::new(text.as_str());
}
