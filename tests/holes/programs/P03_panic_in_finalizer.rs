// hole: P03_panic_in_finalizer
// class: finalizer panics
// needs: fin
// expected of a sound library: ok panic leak
// why: A finalizer panics. All other finalizers' objects stay valid; later collections work.
thread_local!(static ARM: Cell<bool> = const { Cell::new(true) });
node_fin! { struct N { next: Slot<N>, tag: P<Tag> } fin(s) { if let Some(x) = get(&s.next) { let _ = x.tag.0.read(); } if s.tag.0.read() == "bad" && ARM.with(|a| a.get()) { panic!("finalizer panics") } } }
fn n(s: &str) -> Gc<N> {
    gc(N { next: slot(), tag: P(Tag::new(s)) })
}
pub(crate) fn main() {
    let keep = n("keep");
    put(&keep.next, n("kc"));
    for _ in 0..5 {
        let a = n("a");
        let b = n("bad");
        let c = n("c");
        put(&a.next, b.clone());
        put(&b.next, c.clone());
        put(&c.next, a.clone());
        drop((a, b, c));
        let _ = catch(collect);
        check!(get(&keep.next).unwrap().tag.0.read() == "kc", "live damaged");
    }
    let e = catch(|| {
        collect();
        collect()
    });
    ARM.with(|a| a.set(false));
    let e2 = catch(|| {
        collect();
        collect()
    });
    for s in ["a", "bad", "c"] {
        check!(drops(s) <= 5, "{s} destroyed twice");
        want!(drops(s) == 5, "{s} lost: {}", drops(s));
    }
    {
        let z = n("z");
        put(&z.next, z.clone());
    }
    let e3 = catch(|| {
        collect();
        collect()
    });
    want!(drops("z") == 1, "collector stuck");
    drop(keep);
    let e4 = catch(collect);
    if e.is_err() || e2.is_err() || e3.is_err() || e4.is_err() {
        panic!("later collections panic {e:?} {e2:?} {e3:?} {e4:?}")
    }
}
