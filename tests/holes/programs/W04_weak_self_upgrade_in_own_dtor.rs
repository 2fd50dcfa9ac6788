// hole: W04_weak_self_upgrade_in_own_dtor
// class: weak upgrade during drop
// needs: weak
// expected of a sound library: ok panic
// why: Plain refcount death: the value's own plain field upgrades a weak handle to the dying object and stashes
// it.
thread_local!(static STASH: RefCell<Option<Gc<N>>> = const { RefCell::new(None) });
thread_local!(static W: RefCell<Option<Weak<N>>> = const { RefCell::new(None) });
node! { struct N { next: Slot<N>, hook: P<Hook>, tag: P<Tag> } }
pub(crate) fn main() {
    let a = gc(N {
        next: slot(),
        tag: P(Tag::new("a")),
        hook: P(Hook::new(|| {
            let g = W.with(|w| w.borrow().as_ref().and_then(upgrade));
            STASH.with(|s| *s.borrow_mut() = g);
        })),
    });
    let w = downgrade(&a);
    W.with(|x| *x.borrow_mut() = Some(w));
    drop(a);
    collect();
    let e = catch(|| {
        if let Some(g) = STASH.with(|s| s.borrow_mut().take()) {
            let n = g.tag.0.read();
            check!(drops(&n) == 0, "destroyed value handed out");
        }
    });
    check!(drops("a") <= 1, "destroyed twice");
    collect();
    if let Err(e) = e {
        panic!("{e}")
    }
}
