// hole: W06_many_weaks
// class: weak counters
// needs: weak
// expected of a sound library: ok
// why: 100 000 weak handles to one object (counter width), then the object dies, then the handles.
node! { struct N { me: Slot<N>, tag: P<Tag> } }
pub(crate) fn main() {
    let a = gc(N { me: slot(), tag: P(Tag::new("a")) });
    put(&a.me, a.clone());
    let v: Vec<_> = (0..100_000).map(|_| downgrade(&a)).collect();
    drop(a);
    collect();
    collect();
    for w in &v {
        check!(upgrade(w).is_none() == (drops("a") == 1), "upgrade disagrees");
    }
    drop(v);
    collect();
    want!(drops("a") == 1, "not reclaimed");
}
