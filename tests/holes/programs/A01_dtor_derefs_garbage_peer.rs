// hole: A01_dtor_derefs_garbage_peer
// class: destructor touches other gc objects
// needs: dtor
// expected of a sound library: ok panic
// why: rust-gc#7/#37, bacon-rajan-cc#6/#40, dumpster 0.1.1: during the sweep one member of a dead cycle reads
// another that may already be destroyed. Sound: finalizers run while every member is intact, or a dead handle
// panics/returns None.
node_dtor! { struct Node { peer: Slot<Node>, tag: P<Tag> } dtor(this) {
    if let Some(p) = get(&this.peer) { let s = p.tag.0.read(); log(&s); }
} }
pub(crate) fn main() {
    let a = gc(Node { peer: slot(), tag: P(Tag::new("a")) });
    let b = gc(Node { peer: slot(), tag: P(Tag::new("b")) });
    put(&a.peer, b.clone());
    put(&b.peer, a.clone());
    drop(a);
    drop(b);
    collect();
    collect();
    want!(
        drops("a") == 1 && drops("b") == 1,
        "cycle not reclaimed: a={} b={}",
        drops("a"),
        drops("b")
    );
}
