// hole: A02_dtor_leaks_static_ref
// class: destructor touches other gc objects
// needs: dtor
// expected of a sound library: ok panic
// forgets: a handle, in a box of its own.
// why: A destructor clones a handle to another dead object, leaks it (safe), and so gets a &'static to a value
// that the collector is about to destroy. Sound: resurrection is detected before any value is destroyed, or
// handles inside garbage are unusable.
thread_local!(static STASH: Cell<Option<&'static Node>> = const { Cell::new(None) });
node_dtor! { struct Node { peer: Slot<Node>, tag: P<Tag> } dtor(this) {
    if STASH.with(|s| s.get().is_none()) {
        if let Some(p) = get(&this.peer) {
            let leaked: &'static Gc<Node> = Box::leak(Box::new(p));
            let r: &'static Node = &**leaked;
            STASH.with(|s| s.set(Some(r)));
        }
    }
} }
pub(crate) fn main() {
    let a = gc(Node { peer: slot(), tag: P(Tag::new("a")) });
    let b = gc(Node { peer: slot(), tag: P(Tag::new("b")) });
    put(&a.peer, b.clone());
    put(&b.peer, a.clone());
    drop(a);
    drop(b);
    let e = catch(|| {
        collect();
        collect();
    });
    if let Some(r) = STASH.with(|s| s.get()) {
        let _ = r.tag.0.read();
        check!(drops(&r.tag.0.read()) == 0, "value destroyed while a &'static to it exists");
    }
    if let Err(e) = e {
        panic!("{e}")
    }
}
