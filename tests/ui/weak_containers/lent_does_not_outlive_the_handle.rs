// Nor longer than the handle by which it was asked for: that keeps the entry.
use gc_core::{Gc, WeakKeyMap};

fn main() {
    let map = WeakKeyMap::new();
    let key = Gc::new(5);
    map.insert(&key, 6);
    let lent = map.get(&key);
    drop(key);
    drop(lent);
}
