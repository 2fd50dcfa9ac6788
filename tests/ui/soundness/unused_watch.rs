// A watch that is dropped at once is never called.
#![deny(unused_must_use)]
use gc_core::Gc;

fn main() {
    let five = Gc::new(5);
    Gc::watch(&five, || println!("it died"));
}
