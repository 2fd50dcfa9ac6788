// hole: CF10_boxed_closure_field
// expected of a sound library: either (document)
// why: Box<dyn Fn()> may capture handles: CE, or opaque (leak).
// here: compile error, which tells of `#[trace(skip)]`: captured handles then count as held from outside.

use gc_core::Trace;

#[derive(Trace)]
struct Node {
    call: Box<dyn Fn()>,
}

fn main() {
    let _ = Node { call: Box::new(|| ()) };
}
