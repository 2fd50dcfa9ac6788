// Every field is traced, or skipped in so many words.
use gc_core::{Gc, Trace};

struct Foreign;

#[derive(Trace)]
struct Node {
    foreign: Foreign,
}

fn main() {
    let _node = Gc::new(Node { foreign: Foreign });
}
