// hole: A15_parent_dtor_reads_child_acyclic
// class: destructor touches other gc objects
// needs: dtor
// expected of a sound library: ok
// why: No cycle at all: when a parent dies by reference counting its destructor may use its children, as with
// Rc. A library that panics here breaks ordinary Drop code.
node_dtor! { struct N { child: Slot<N>, tag: P<Tag> } dtor(s) { if let Some(c) = get(&s.child) { log(&c.tag.0.read()); } } }
pub(crate) fn main() {
    {
        let c = gc(N { child: slot(), tag: P(Tag::new("c")) });
        let p = gc(N { child: slot(), tag: P(Tag::new("p")) });
        put(&p.child, c);
        drop(p);
    }
    collect();
    collect();
    want!(
        LOG.with(|l| l.borrow().iter().any(|s| s == "c")),
        "parent destructor did not see its child"
    );
    want!(drops("p") == 1 && drops("c") == 1, "not reclaimed");
}
