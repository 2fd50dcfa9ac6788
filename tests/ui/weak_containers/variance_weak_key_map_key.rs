// A map of functions for every lifetime is none of functions for one: what goes in through the one would
// come out of the other.
use gc_core::WeakKeyMap;

fn specialize(
    map: WeakKeyMap<for<'a> fn(&'a str), u8>,
) -> WeakKeyMap<fn(&'static str), u8> {
    map
}

fn main() {
    let _ = specialize;
}
