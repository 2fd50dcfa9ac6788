// hole: CF18_ignored_field_attr_safe
// expected of a sound library: either (document)
// why: is there a safe attribute that skips a field that holds a handle? (leak only, never UB)
// expected: ok leak
// here: leak, since a handle in a skipped field counts as held from outside: the cycle through it is
// never garbage, and nothing is freed that somebody could reach.
#[derive(Trace)]
struct N {
    #[trace(skip)]
    next: RefCell<Option<Gc<N>>>,
    tag: P<Tag>,
}
pub(crate) fn main() {
    let n = gc(N { next: RefCell::new(None), tag: P(Tag::new("n")) });
    put(&n.next, n.clone());
    let weak = downgrade(&n);
    drop(n);
    collect();
    check!(upgrade(&weak).is_some_and(|n| n.tag.0.read() == "n"), "freed although a handle exists");
    want!(drops("n") == 1, "the cycle through a skipped field stays");
}
