// hole: T09_rc_shared_handle
// class: shared ownership traced twice
// needs: rc_trace
// expected of a sound library: ok leak
// why: rust-gc#134, bacon-rajan-cc#21: Trace for Rc<T>/Arc<T> reports the same handle once per Rc clone. Sound:
// no Trace for Rc of untraced content, or treat as opaque (may leak).
node! { struct N { a: RcSlot<N>, b: RcSlot<N>, tag: P<Tag> } }
pub(crate) fn main() {
    let n = gc(N { a: rc_slot(), b: rc_slot(), tag: P(Tag::new("n")) });
    let m = gc(N { a: rc_slot(), b: rc_slot(), tag: P(Tag::new("m")) });
    let rc = std::rc::Rc::new(m.clone());
    rc_put(&n.a, rc.clone());
    rc_put(&n.b, rc.clone());
    drop(n.clone());
    drop(m);
    collect();
    collect();
    check!(
        rc.tag.0.read() == "m" && drops("m") == 0,
        "object destroyed while an Rc'd handle exists"
    );
    drop(n);
    collect();
    collect();
    check!(
        rc.tag.0.read() == "m" && drops("m") == 0,
        "object destroyed while an Rc'd handle exists"
    );
}
