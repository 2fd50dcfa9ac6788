// Nor can a map be moved into a value that it lends.
use std::cell::Cell;

use gc_core::{Gc, Trace, WeakKeyMap};

#[derive(Trace)]
struct Value(Cell<Option<WeakKeyMap<u8, Value>>>);

fn main() {
    let map = WeakKeyMap::new();
    let key = Gc::new(5);
    map.insert(&key, Value(Cell::new(None)));
    map.get(&key).unwrap().0.set(Some(map));
}
