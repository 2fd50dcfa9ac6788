// hole: A03_dtor_stashes_peer_handle
// class: destructor touches other gc objects
// needs: dtor
// expected of a sound library: ok panic
// why: A destructor copies a handle to another dead object into a thread-local. Later use must see an intact
// value, a panic, or None.
thread_local!(static STASH: RefCell<Vec<Gc<Node>>> = const { RefCell::new(Vec::new()) });
node_dtor! { struct Node { peer: Slot<Node>, tag: P<Tag> } dtor(this) {
    if let Some(p) = get(&this.peer) { let _ = STASH.try_with(|s| { if s.borrow().len() < 2 { s.borrow_mut().push(p) } }); }
} }
pub(crate) fn main() {
    let a = gc(Node { peer: slot(), tag: P(Tag::new("a")) });
    let b = gc(Node { peer: slot(), tag: P(Tag::new("b")) });
    put(&a.peer, b.clone());
    put(&b.peer, a.clone());
    drop(a);
    drop(b);
    let e = catch(collect);
    let v = STASH.with(|s| std::mem::take(&mut *s.borrow_mut()));
    let mut p = 0;
    for g in &v {
        match catch(|| g.tag.0.read()) {
            Ok(n) => check!(drops(&n) == 0, "read a destroyed value {n}"),
            Err(_) => p += 1,
        }
    }
    let e2 = catch(move || drop(v));
    let e3 = catch(collect);
    if p > 0 || e.is_err() || e2.is_err() || e3.is_err() {
        panic!("clean panic: reads={p} collect={e:?} drop={e2:?} collect2={e3:?}")
    }
}
