// hole: T03_trace_takes_edge
// class: trace mutates the graph
// needs: trace_hook
// expected of a sound library: ok panic leak
// why: A Trace implementation removes (and drops) an edge while the collector counts.
thread_local!(static ARM: Cell<bool> = const { Cell::new(false) });
node_trace_hook! { struct N { next: Slot<N>, tag: P<Tag> } pre_trace(s) { if ARM.with(|a| a.get()) { drop(take(&s.next)) } } }
fn n(s: &str) -> Gc<N> {
    gc(N { next: slot(), tag: P(Tag::new(s)) })
}
pub(crate) fn main() {
    let keep = n("keep");
    let c = n("c");
    put(&keep.next, c.clone());
    drop(keep.clone());
    drop(c);
    {
        let a = n("a");
        let b = n("b");
        put(&a.next, b.clone());
        put(&b.next, a.clone());
    }
    ARM.with(|a| a.set(true));
    let e = catch(collect);
    ARM.with(|a| a.set(false));
    check!(keep.tag.0.read() == "keep", "live object damaged");
    let e2 = catch(|| {
        collect();
        collect()
    });
    for s in ["a", "b", "c"] {
        check!(drops(s) <= 1, "{s} destroyed twice")
    }
    drop(keep);
    let e3 = catch(collect);
    if e.is_err() || e2.is_err() || e3.is_err() {
        panic!("clean panic {e:?} {e2:?} {e3:?}")
    }
}
