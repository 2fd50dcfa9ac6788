// hole: W01_weak_none_after_collect
// class: weak handles
// needs: weak
// expected of a sound library: ok
// why: A weak handle to a collected cycle upgrades to None and may outlive it.
node! { struct N { me: Slot<N>, tag: P<Tag> } }
pub(crate) fn main() {
    let w;
    {
        let a = gc(N { me: slot(), tag: P(Tag::new("a")) });
        put(&a.me, a.clone());
        w = downgrade(&a);
        check!(upgrade(&w).is_some(), "weak to live is None");
    }
    let w2 = w.clone();
    collect();
    collect();
    want!(drops("a") == 1, "not reclaimed");
    check!(upgrade(&w).is_none() == (drops("a") == 1), "upgrade disagrees with liveness");
    drop(w);
    let _ = upgrade(&w2);
    drop(w2);
    collect();
}
