// A `Drop` could look at a neighbour that is gone.
use gc_core::{Gc, Trace};

#[derive(Trace)]
struct Node {
    next: Option<Gc<Node>>,
}

impl Drop for Node {
    fn drop(&mut self) {
        println!("{}", self.next.is_some());
    }
}

fn main() {
    let _node = Gc::new(Node { next: None });
}
