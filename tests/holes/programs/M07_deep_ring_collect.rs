// hole: M07_deep_ring_collect
// class: stack overflow
// needs: -
// expected of a sound library: ok
// why: A ring of 1 000 000 nodes is collected (recursive trace or recursive destruction overflows the stack:
// rust-gc#161).
node! { struct N { next: Slot<N>, x: P<u64> } }
pub(crate) fn main() {
    {
        let first = gc(N { next: slot(), x: P(0) });
        let mut prev = first.clone();
        for i in 0..1_000_000u64 {
            let n = gc(N { next: slot(), x: P(i) });
            put(&prev.next, n.clone());
            prev = n;
        }
        put(&prev.next, first);
    }
    collect();
    collect();
}
