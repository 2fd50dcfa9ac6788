// hole: A11_plain_field_drop_allocates_and_collects
// class: collection re-entrancy
// needs: -
// expected of a sound library: ok panic
// why: Even where a type cannot have its own Drop, any plain field can: its destructor allocates gc objects,
// makes cycles and calls collect() while the sweep runs.
node! { struct N { next: Slot<N>, tag: P<Tag>, hook: P<Hook> } }
fn mk(s: &str, h: Hook) -> Gc<N> {
    gc(N { next: slot(), tag: P(Tag::new(s)), hook: P(h) })
}
pub(crate) fn main() {
    let base = live();
    {
        let a = mk(
            "a",
            Hook::new(|| {
                for _ in 0..50 {
                    let x = mk("x", Hook::none());
                    put(&x.next, x.clone());
                }
                collect();
            }),
        );
        let b = mk("b", Hook::new(collect));
        put(&a.next, b.clone());
        put(&b.next, a.clone());
    }
    for _ in 0..5 {
        collect();
    }
    check!(drops("a") <= 1 && drops("b") <= 1, "destroyed twice");
    want!(live() == base, "leaked {} objects", live() - base);
}
