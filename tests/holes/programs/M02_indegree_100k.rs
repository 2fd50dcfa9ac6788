// hole: M02_indegree_100k
// class: counter width
// needs: -
// expected of a sound library: ok
// why: 100 000 live handles to one object, all inside other gc objects; then everything dies in one cycle.
node! { struct N { next: Slot<N>, many: Slots<N>, tag: P<Tag> } }
pub(crate) fn main() {
    let base = live();
    {
        let hub = gc(N { next: slot(), many: slots(), tag: P(Tag::new("hub")) });
        for _ in 0..100_000u32 {
            let x = gc(N { next: slot(), many: slots(), tag: P(Tag::new("x")) });
            put(&x.next, hub.clone());
            push(&hub.many, x);
        }
        collect();
        check!(hub.tag.0.read() == "hub", "x");
    }
    collect();
    collect();
    want!(live() == base, "leaked {}", live() - base);
}
