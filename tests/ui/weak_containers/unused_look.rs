// A look that nobody takes is a mistake.
#![deny(unused_must_use)]
use gc_core::{Gc, WeakKeyMap};

fn main() {
    let map = WeakKeyMap::new();
    let key = Gc::new(5);
    map.insert(&key, 6);
    map.get(&key);
}
