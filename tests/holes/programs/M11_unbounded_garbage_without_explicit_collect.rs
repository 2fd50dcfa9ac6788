// hole: M11_unbounded_garbage_without_explicit_collect
// class: automatic collection
// needs: -
// expected of a sound library: ok
// why: 1 000 000 self-cycles with 64-byte payload and no explicit collect(): memory stays bounded (gcmodule,
// bacon-rajan-cc never collect by themselves; dumpster#65).
node! { struct N { next: Slot<N>, pad: P<[u64; 8]>, tag: P<Tag> } }
pub(crate) fn main() {
    let base = live();
    let mut max = 0;
    for i in 0..300_000u32 {
        let a = gc(N { next: slot(), pad: P([0; 8]), tag: P(Tag::new("a")) });
        put(&a.next, a.clone());
        drop(a);
        if i % 1000 == 0 {
            max = max.max(live() - base)
        }
    }
    want!(max < 100_000, "no automatic collection: {max} dead objects held");
    collect();
    collect();
    want!(live() == base, "leaked {}", live() - base);
}
