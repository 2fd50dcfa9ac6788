// Keys can lead somewhere, too.
use gc_core::{Gc, WeakValueMap};

#[derive(PartialEq, Eq, Hash)]
struct Plain;

fn main() {
    let map = WeakValueMap::new();
    map.insert(Plain, &Gc::new(5));
}
