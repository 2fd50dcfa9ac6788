// hole: T05_trace_calls_collect
// class: collection re-entrancy
// needs: trace_hook
// expected of a sound library: ok panic leak
// why: A Trace implementation calls collect().
node_trace_hook! { struct N { next: Slot<N>, tag: P<Tag> } pre_trace(_s) { let d = DEPTH.with(|d| { d.set(d.get() + 1); d.get() }); if d < 4 { collect() } DEPTH.with(|d| d.set(d.get() - 1)); } }
fn n(s: &str) -> Gc<N> {
    gc(N { next: slot(), tag: P(Tag::new(s)) })
}
pub(crate) fn main() {
    let keep = n("keep");
    put(&keep.next, keep.clone());
    drop(keep.clone());
    for _ in 0..3 {
        let a = n("a");
        let b = n("b");
        put(&a.next, b.clone());
        put(&b.next, a.clone());
    }
    let e = catch(collect);
    DEPTH.with(|d| d.set(0));
    let e2 = catch(collect);
    DEPTH.with(|d| d.set(0));
    check!(keep.tag.0.read() == "keep", "live object damaged");
    check!(drops("a") <= 3, "destroyed twice");
    drop(take(&keep.next));
    drop(keep);
    let e3 = catch(collect);
    if e.is_err() || e2.is_err() || e3.is_err() {
        panic!("clean panic {e:?} {e2:?} {e3:?}")
    }
}
