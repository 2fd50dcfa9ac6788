// Two entries could share what an `Rc` holds, and report it twice.
use std::rc::Rc;

use gc_core::{Gc, WeakKeyMap};

fn main() {
    let map = WeakKeyMap::new();
    let key = Gc::new(5);
    map.insert(&key, Rc::new(key.clone()));
}
