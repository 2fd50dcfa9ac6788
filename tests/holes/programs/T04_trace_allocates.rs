// hole: T04_trace_allocates
// class: collection re-entrancy
// needs: trace_hook
// expected of a sound library: ok panic leak
// why: A Trace implementation allocates gc objects (list of objects changes during the pass).
thread_local!(static ARM: Cell<bool> = const { Cell::new(false) });
node_trace_hook! { struct N { next: Slot<N>, tag: P<Tag> } pre_trace(_s) { if ARM.with(|a| a.get()) { for _ in 0..3 { let x = n("t"); put(&x.next, x.clone()); } } } }
fn n(s: &str) -> Gc<N> {
    gc(N { next: slot(), tag: P(Tag::new(s)) })
}
pub(crate) fn main() {
    let base = live();
    {
        let keep = n("keep");
        {
            let a = n("a");
            let b = n("b");
            put(&a.next, b.clone());
            put(&b.next, a.clone());
        }
        drop(keep.clone());
        let c = std::cell::Cell::new(0u32);
        ARM.with(|a| a.set(true));
        let e = catch(|| {
            collect();
            c.set(1)
        });
        ARM.with(|a| a.set(false));
        check!(keep.tag.0.read() == "keep", "live object damaged");
        if e.is_err() {
            let _ = catch(collect);
            panic!("clean panic {e:?}")
        }
    }
    collect();
    collect();
    collect();
    want!(live() == base, "leaked {}", live() - base);
}
