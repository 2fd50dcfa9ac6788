// hole: A13_dtor_alloc_storm
// class: collection re-entrancy
// needs: -
// expected of a sound library: ok panic
// why: A destructor allocates 20 000 objects while the sweep runs (tables grow, automatic collection triggers).
node! { struct N { next: Slot<N>, tag: P<Tag>, hook: P<Hook> } }
fn mk(s: &str, h: Hook) -> Gc<N> {
    gc(N { next: slot(), tag: P(Tag::new(s)), hook: P(h) })
}
pub(crate) fn main() {
    let base = live();
    {
        let v: Vec<_> = (0..8)
            .map(|i| {
                mk(
                    "a",
                    if i % 2 == 0 {
                        Hook::new(|| {
                            let mut prev = mk("s", Hook::none());
                            for _ in 0..5_000 {
                                let n = mk("s", Hook::none());
                                put(&n.next, prev.clone());
                                put(&prev.next, n.clone());
                                prev = n;
                            }
                        })
                    } else {
                        Hook::none()
                    },
                )
            })
            .collect();
        for i in 0..8 {
            put(&v[i].next, v[(i + 1) % 8].clone());
        }
    }
    for _ in 0..4 {
        collect();
    }
    want!(live() == base, "leaked {} objects", live() - base);
}
