// hole: A09_dtor_allocates_cycles
// class: collection re-entrancy
// needs: dtor
// expected of a sound library: ok panic
// why: dumpster#48/#50: a destructor creates new cyclic garbage during the sweep; it must not be lost (leaked)
// nor confuse the running sweep.
node_dtor! { struct N { me: Slot<N>, tag: P<Tag>, rank: P<u32> } dtor(s) {
    if s.rank.0 > 0 { let n = gc(N { me: slot(), tag: P(Tag::new(&format!("g{}", s.rank.0 - 1))), rank: P(s.rank.0 - 1) }); put(&n.me, n.clone()); }
} }
pub(crate) fn main() {
    let base = live();
    {
        let n = gc(N { me: slot(), tag: P(Tag::new("g5")), rank: P(5) });
        put(&n.me, n.clone());
    }
    for _ in 0..12 {
        collect();
    }
    want!(live() == base, "cycles made by destructors leaked: {}", live() - base);
    for i in 0..=5 {
        check!(drops(&format!("g{i}")) <= 1, "g{i} destroyed twice");
    }
}
