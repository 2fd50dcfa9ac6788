// hole: CF14_move_fields_out
// expected of a sound library: compiles (convenience)
// why: destructuring a derived type (impossible where derive adds Drop).
// expected: ok
node! { struct N { x: P<Tag>, y: Slot<N> } }
pub(crate) fn main() {
    let N { x, y } = N { x: P(Tag::new("x")), y: slot() };
    check!(x.0.read() == "x" && get(&y).is_none(), "another value");
    drop(x);
    check!(drops("x") == 1, "dropped {} times", drops("x"));
}
