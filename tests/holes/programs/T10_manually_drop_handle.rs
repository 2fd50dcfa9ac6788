// hole: T10_manually_drop_handle
// class: trace of a field that drop glue does not drop
// needs: -
// expected of a sound library: ok leak
// forgets: a handle, in the `ManuallyDrop`.
// why: A node keeps a handle in ManuallyDrop (plain, untraced): it must be treated as an external reference
// (leak), never freed under it.
node! { struct N { next: Slot<N>, md: P<std::mem::ManuallyDrop<Option<Gc<N2>>>>, tag: P<Tag> } }
node! { struct N2 { tag: P<Tag> } }
pub(crate) fn main() {
    let x = gc(N2 { tag: P(Tag::new("x")) });
    let raw: *const N2 = &*x;
    {
        let a = gc(N {
            next: slot(),
            md: P(std::mem::ManuallyDrop::new(Some(x.clone()))),
            tag: P(Tag::new("a")),
        });
        put(&a.next, a.clone());
    }
    drop(x);
    collect();
    collect();
    check!(drops("x") == 0, "untraced handle ignored: object freed under it");
    // SAFETY: a handle is left in the `ManuallyDrop`, so the object lives, unless the hole is there.
    check!(unsafe { (*raw).tag.0.read() } == "x", "gone");
    want!(drops("a") == 1, "cycle not reclaimed");
}
