// hole: M05_large_payload
// class: large objects
// needs: -
// expected of a sound library: ok
// why: 4 MiB payloads allocated in place or moved, in cycles.
node! { struct N { next: Slot<N>, big: P<[u8; 200_000]>, tag: P<Tag> } }
pub(crate) fn main() {
    let base = live();
    for i in 0..100 {
        let a = gc(N { next: slot(), big: P([i as u8; 200_000]), tag: P(Tag::new("a")) });
        put(&a.next, a.clone());
        check!(a.big.0[199_999] == i as u8, "x");
    }
    collect();
    collect();
    want!(live() == base, "leaked {}", live() - base);
}
