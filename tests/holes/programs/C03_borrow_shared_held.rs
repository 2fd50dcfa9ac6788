// hole: C03_borrow_shared_held
// class: cell borrowed during collection
// needs: -
// expected of a sound library: ok
// why: collect() under a shared borrow: live data intact, other garbage still reclaimed.
node! { struct N { next: Slot<N>, tag: P<Tag> } }
fn n(s: &str) -> Gc<N> {
    gc(N { next: slot(), tag: P(Tag::new(s)) })
}
pub(crate) fn main() {
    let a = n("a");
    put(&a.next, a.clone());
    drop(a.clone());
    {
        let g = guard_ref(&a.next);
        {
            let z = n("z");
            put(&z.next, z.clone());
        }
        collect();
        collect();
        check!((*g).as_ref().unwrap().tag.0.read() == "a", "destroyed under a borrow");
    }
    want!(drops("z") == 1, "z not reclaimed");
    drop(a);
    collect();
    collect();
    want!(drops("a") == 1, "leaked");
}
