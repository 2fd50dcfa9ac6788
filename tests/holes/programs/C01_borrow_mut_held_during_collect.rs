// hole: C01_borrow_mut_held_during_collect
// class: cell borrowed during collection
// needs: -
// expected of a sound library: ok
// why: The only path to live objects goes through a cell that is mutably borrowed while collect() runs.
node! { struct N { next: Slot<N>, tag: P<Tag> } }
fn n(s: &str) -> Gc<N> {
    gc(N { next: slot(), tag: P(Tag::new(s)) })
}
pub(crate) fn main() {
    let base = live();
    {
        let a = n("a");
        {
            let b = n("b");
            let c = n("c");
            put(&b.next, c.clone());
            put(&c.next, b.clone());
            put(&a.next, b);
        }
        drop(a.clone());
        {
            let g = guard_mut(&a.next);
            collect();
            collect();
            let b = (*g).clone().unwrap();
            check!(
                drops("b") == 0
                    && b.tag.0.read() == "b"
                    && get(&b.next).unwrap().tag.0.read() == "c",
                "destroyed under a borrow"
            );
        }
        collect();
        check!(get(&a.next).unwrap().tag.0.read() == "b", "lost");
    }
    collect();
    collect();
    want!(live() == base, "leaked {}", live() - base);
}
