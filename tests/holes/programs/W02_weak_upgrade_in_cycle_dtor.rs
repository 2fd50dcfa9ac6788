// hole: W02_weak_upgrade_in_cycle_dtor
// class: weak upgrade during sweep
// needs: weak dtor
// expected of a sound library: ok panic
// forgets: the handles that the destructors got, in boxes of their own.
// why: During the sweep the destructor of a upgrades a weak handle to b of the same garbage (not yet destroyed),
// keeps it as &'static.
thread_local!(static STASH: RefCell<Vec<&'static Gc<N>>> = const { RefCell::new(Vec::new()) });
node_dtor! { struct N { next: Slot<N>, w: WSlot<N>, tag: P<Tag> } dtor(s) { if let Some(g) = wget(&s.w) { let r: &'static Gc<N> = Box::leak(Box::new(g)); let _ = STASH.try_with(|t| t.borrow_mut().push(r)); } } }
pub(crate) fn main() {
    {
        let v: Vec<_> = (0..4)
            .map(|i| gc(N { next: slot(), w: wcell(), tag: P(Tag::new(&format!("n{i}"))) }))
            .collect();
        for i in 0..4 {
            put(&v[i].next, v[(i + 1) % 4].clone());
            wput(&v[i].w, downgrade(&v[(i + 2) % 4]));
        }
    }
    let refs: RefCell<Vec<&'static N>> = RefCell::new(vec![]);
    let e = catch(collect);
    let e1 = catch(|| {
        STASH.with(|t| {
            for g in t.borrow().iter() {
                let r: &'static N = &***g;
                refs.borrow_mut().push(r);
                let s = r.tag.0.read();
                check!(drops(&s) == 0, "upgraded handle to a destroyed value {s}")
            }
        })
    });
    let e2 = catch(collect);
    for r in refs.borrow().iter() {
        let s = r.tag.0.read();
        check!(drops(&s) == 0, "destroyed under a live handle {s}")
    }
    if e.is_err() || e1.is_err() || e2.is_err() {
        panic!("clean panic {e:?} {e1:?} {e2:?}")
    }
}
