// What a watch captures lives as long as it may be called.
use gc_core::Gc;

fn main() {
    let text = String::from("short-lived");
    let five = Gc::new(5);
    let _watch = Gc::watch(&five, || println!("{text}"));
}
