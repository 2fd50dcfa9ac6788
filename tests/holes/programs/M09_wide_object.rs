// hole: M09_wide_object
// class: size
// needs: -
// expected of a sound library: ok
// why: One object with 1 000 000 children that point back to it.
node! { struct N { next: Slot<N>, many: Slots<N> } }
pub(crate) fn main() {
    {
        let hub = gc(N { next: slot(), many: slots() });
        for _ in 0..16_000u32 {
            let x = gc(N { next: slot(), many: slots() });
            put(&x.next, hub.clone());
            push(&hub.many, x);
        }
    }
    collect();
    collect();
}
