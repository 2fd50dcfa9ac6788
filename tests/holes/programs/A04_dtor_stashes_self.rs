// hole: A04_dtor_stashes_self
// class: destructor touches other gc objects
// needs: dtor
// expected of a sound library: ok panic
// why: Self-cycle; the destructor stashes a handle to its own object (resurrection after the destructor began).
thread_local!(static STASH: RefCell<Option<Gc<Node>>> = const { RefCell::new(None) });
node_dtor! { struct Node { me: Slot<Node>, tag: P<Tag> } dtor(this) {
    if let Some(p) = get(&this.me) { let _ = STASH.try_with(|s| { if s.borrow().is_none() { *s.borrow_mut() = Some(p) } }); }
} }
pub(crate) fn main() {
    let a = gc(Node { me: slot(), tag: P(Tag::new("a")) });
    put(&a.me, a.clone());
    drop(a);
    let e = catch(collect);
    let g = STASH.with(|s| s.borrow_mut().take());
    let mut p = 0;
    if let Some(g) = g {
        match catch(|| g.tag.0.read()) {
            Ok(n) => check!(drops(&n) == 0, "read a destroyed value {n}"),
            Err(_) => p += 1,
        }
        let e2 = catch(move || drop(g));
        if e2.is_err() {
            p += 1
        }
    }
    let e3 = catch(collect);
    if p > 0 || e.is_err() || e3.is_err() {
        panic!("clean panic p={p} {e:?} {e3:?}")
    }
    check!(drops("a") <= 1, "destroyed twice");
    want!(drops("a") == 1, "never reclaimed after the resurrected handle died");
}
