// hole: A14_finalizer_runs_once
// class: finalizer resurrection
// needs: fin
// expected of a sound library: ok panic
// why: A resurrected object dies a second time: the finalizer runs at most once (CPython PEP 442) or is
// documented otherwise; the value is destroyed exactly once.
thread_local!(static STASH: RefCell<Option<Gc<N>>> = const { RefCell::new(None) });
node_fin! { struct N { me: Slot<N>, tag: P<Tag> } fin(s) { log("fin"); if let Some(m) = get(&s.me) { let _ = STASH.try_with(|t| *t.borrow_mut() = Some(m)); } } }
pub(crate) fn main() {
    {
        let a = gc(N { me: slot(), tag: P(Tag::new("a")) });
        put(&a.me, a.clone());
    }
    for _ in 0..4 {
        collect();
        if let Some(x) = STASH.with(|t| t.borrow_mut().take()) {
            check!(drops("a") == 0, "destroyed while resurrected");
            let _ = x.tag.0.read();
        }
    }
    collect();
    collect();
    let f = LOG.with(|l| l.borrow().len());
    check!(drops("a") <= 1, "destroyed twice");
    want!(f == 1, "finalizer ran {f} times");
    want!(drops("a") == 1, "immortal object");
}
