// A map has to know what its values lead to.
use gc_core::{Gc, WeakKeyMap};

struct Plain;

fn main() {
    let map = WeakKeyMap::new();
    map.insert(&Gc::new(5), Plain);
}
