// hole: M10_doubly_linked_list
// class: stack overflow
// needs: -
// expected of a sound library: ok
// why: A doubly linked list of 200 000 nodes dies (each node is in a cycle with its neighbours).
node! { struct N { next: Slot<N>, prev: Slot<N>, x: P<u64> } }
pub(crate) fn main() {
    {
        let mut v = vec![gc(N { next: slot(), prev: slot(), x: P(0) })];
        for i in 1..200_000u64 {
            let n = gc(N { next: slot(), prev: slot(), x: P(i) });
            put(&n.prev, v[i as usize - 1].clone());
            put(&v[i as usize - 1].next, n.clone());
            v.push(n);
        }
    }
    collect();
    collect();
}
