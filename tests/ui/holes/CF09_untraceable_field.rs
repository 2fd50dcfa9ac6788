// hole: CF09_untraceable_field
// expected of a sound library: compile error
// why: derive(Trace) on a field type without Trace must not compile (else edges are silently missed).

use gc_core::Trace;

struct NoTrace;

#[derive(Trace)]
struct Node {
    foreign: NoTrace,
}

fn main() {
    let _ = Node { foreign: NoTrace };
}
