// hole: M06_deep_list_refcount_drop
// class: stack overflow
// needs: -
// expected of a sound library: ok
// why: A linked list of 1 000 000 nodes dies by reference counting (recursive drop overflows the stack, as with
// Rc).
node! { struct N { next: Slot<N>, x: P<u64> } }
pub(crate) fn main() {
    let mut head = gc(N { next: slot(), x: P(0) });
    for i in 0..1_000_000u64 {
        let n = gc(N { next: slot(), x: P(i) });
        put(&n.next, head);
        head = n;
    }
    drop(head);
    collect();
}
