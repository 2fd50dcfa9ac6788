// What a map lends cannot be kept longer than the map.
use gc_core::{Gc, WeakKeyMap};

fn main() {
    let key = Gc::new(5);
    let lent = {
        let map = WeakKeyMap::new();
        map.insert(&key, 6);
        map.get(&key)
    };
    drop(lent);
}
