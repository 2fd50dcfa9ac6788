// hole: M08_live_deep_list_traced
// class: stack overflow
// needs: -
// expected of a sound library: ok
// why: A live list of 1 000 000 nodes (with a back edge so that it is a candidate) survives collect(), then is
// unlinked iteratively.
node! { struct N { next: Slot<N>, x: P<u64> } }
pub(crate) fn main() {
    let first = gc(N { next: slot(), x: P(0) });
    let mut prev = first.clone();
    for i in 0..1_000_000u64 {
        let n = gc(N { next: slot(), x: P(i) });
        put(&prev.next, n.clone());
        prev = n;
    }
    drop(prev);
    drop(first.clone());
    collect();
    collect();
    let mut cur = Some(first);
    let mut n = 0u64;
    while let Some(c) = cur {
        n += 1;
        cur = take(&c.next);
    }
    check!(n == 1_000_001, "lost nodes {n}");
    collect();
}
