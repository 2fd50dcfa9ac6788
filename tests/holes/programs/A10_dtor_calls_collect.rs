// hole: A10_dtor_calls_collect
// class: collection re-entrancy
// needs: dtor
// expected of a sound library: ok panic
// why: A destructor that runs inside a collection calls collect().
node_dtor! { struct N { next: Slot<N>, tag: P<Tag> } dtor(s) { collect(); let _ = s.tag.0.read(); collect(); } }
pub(crate) fn main() {
    let keep = gc(N { next: slot(), tag: P(Tag::new("keep")) });
    {
        let v: Vec<_> =
            (0..10).map(|i| gc(N { next: slot(), tag: P(Tag::new(&format!("n{i}"))) })).collect();
        for i in 0..10 {
            put(&v[i].next, v[(i + 1) % 10].clone());
        }
    }
    collect();
    collect();
    for i in 0..10 {
        check!(drops(&format!("n{i}")) <= 1, "destroyed twice");
        want!(drops(&format!("n{i}")) == 1, "n{i} not reclaimed");
    }
    check!(keep.tag.0.read() == "keep", "live object damaged");
}
