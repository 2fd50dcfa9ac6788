// hole: CF11_cell_of_handle
// expected of a sound library: either (document)
// why: Cell<Option<Gc<N>>> as a field.
// expected: ok
#[derive(Trace)]
struct N {
    next: Cell<Option<Gc<N>>>,
    tag: P<Tag>,
}
pub(crate) fn main() {
    let n = gc(N { next: Cell::new(None), tag: P(Tag::new("n")) });
    n.next.set(Some(n.clone()));
    collect();
    check!(n.tag.0.read() == "n", "freed in use");
    drop(n);
    collect();
    want!(drops("n") == 1, "a cell's content was not traced");
}
