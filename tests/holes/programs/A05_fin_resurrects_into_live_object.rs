// hole: A05_fin_resurrects_into_live_object
// class: finalizer resurrection
// needs: fin
// expected of a sound library: ok panic
// why: rust-gc#124/#187: a finalizer stores a handle to the dying object into a live one; the collector frees it
// anyway.
node_fin! { struct Bar { foo: Gc<Foo>, this: Slot<Bar>, tag: P<Tag> } fin(s) {
    if let Some(b) = get(&s.this) { if get(&s.foo.bar).is_none() { put(&s.foo.bar, b) } }
} }
node! { struct Foo { bar: Slot<Bar>, tag: P<Tag> } }
pub(crate) fn main() {
    let foo = gc(Foo { bar: slot(), tag: P(Tag::new("foo")) });
    let bar = gc(Bar { foo: foo.clone(), this: slot(), tag: P(Tag::new("bar")) });
    put(&bar.this, bar.clone());
    drop(bar);
    collect();
    if let Some(b) = get(&foo.bar) {
        let n = b.tag.0.read();
        check!(drops(&n) == 0, "resurrected object was destroyed")
    } else {
        want!(drops("bar") == 0, "resurrection ignored")
    }
    collect();
    if let Some(b) = get(&foo.bar) {
        let _ = b.tag.0.read();
        check!(b.foo.tag.0.read() == "foo", "foo lost");
    }
    drop(take(&foo.bar));
    drop(foo);
    collect();
    collect();
}
