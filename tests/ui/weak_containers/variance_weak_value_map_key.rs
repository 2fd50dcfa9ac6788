// The lifetime in the keys of a map cannot be shortened.
use gc_core::WeakValueMap;

fn shorten<'a, 'm>(map: &'m WeakValueMap<&'static str, u8>) -> &'m WeakValueMap<&'a str, u8> {
    map
}

fn main() {
    let _ = shorten;
}
