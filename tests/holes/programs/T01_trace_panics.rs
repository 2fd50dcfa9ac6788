// hole: T01_trace_panics
// class: user callback panics during collection
// needs: trace_hook
// expected of a sound library: ok panic leak
// why: A Trace implementation panics in the middle of a pass. After catch_unwind the heap must be usable: no
// dangling lists, no stuck 'collecting' flag, live objects intact.
thread_local!(static ARM: Cell<i32> = const { Cell::new(-1) });
node_trace_hook! { struct N { next: Slot<N>, tag: P<Tag> } pre_trace(_s) { let k = ARM.with(|a| a.get()); if k == 0 { ARM.with(|a| a.set(-1)); panic!("trace panics") } if k > 0 { ARM.with(|a| a.set(k - 1)) } } }
fn n(s: &str) -> Gc<N> {
    gc(N { next: slot(), tag: P(Tag::new(s)) })
}
pub(crate) fn main() {
    let keep = n("keep");
    let k2 = n("k2");
    put(&keep.next, k2.clone());
    put(&k2.next, keep.clone());
    drop(k2.clone());
    drop(keep.clone());
    drop(k2);
    for k in 0..40 {
        {
            let a = n("a");
            let b = n("b");
            put(&a.next, b.clone());
            put(&b.next, a.clone());
        }
        ARM.with(|a| a.set(k));
        let _ = catch(collect);
        ARM.with(|a| a.set(-1));
        check!(
            keep.tag.0.read() == "keep" && get(&keep.next).unwrap().tag.0.read() == "k2",
            "live object damaged"
        );
        let _ = keep.clone();
    }
    let e = catch(|| {
        collect();
        collect()
    });
    check!(get(&keep.next).unwrap().tag.0.read() == "k2", "live object damaged");
    let before = drops("z");
    {
        let z = n("z");
        put(&z.next, z.clone());
    }
    let e2 = catch(|| {
        collect();
        collect()
    });
    want!(drops("z") == before + 1, "collector stuck after a panic");
    want!(drops("a") == 40 && drops("b") == 40, "garbage lost: a={} b={}", drops("a"), drops("b"));
    drop(take(&keep.next));
    drop(keep);
    let e3 = catch(collect);
    if e.is_err() || e2.is_err() || e3.is_err() {
        panic!("still panicking {e:?} {e2:?} {e3:?}")
    }
}
