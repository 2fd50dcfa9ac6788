// Nor is it in its values.
use gc_core::WeakKeyMap;

fn specialize(
    map: &WeakKeyMap<u8, for<'a> fn(&'a str)>,
) -> &WeakKeyMap<u8, fn(&'static str)> {
    map
}

fn main() {
    let _ = specialize;
}
