// A handle cannot be moved into the value that it is the way to: nobody would notice that it was the last.
use gc_core::{Gc, Slot, WeakKeyMap};

fn main() {
    let map = WeakKeyMap::new();
    let key = Gc::new(5);
    map.insert(&key, Slot::empty());
    map.get(&key).unwrap().set(Some(key));
}
