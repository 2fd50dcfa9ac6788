// hole: P02_panic_in_drop_refcount
// class: destructor panics in plain refcount death
// needs: -
// expected of a sound library: ok panic leak
// why: A destructor panics when the last handle is dropped (no cycle). The object must not be freed twice or
// stay in any list.
node! { struct N { next: Slot<N>, hook: P<Hook>, tag: P<Tag> } }
fn n(s: &str, h: Hook) -> Gc<N> {
    gc(N { next: slot(), tag: P(Tag::new(s)), hook: P(h) })
}
pub(crate) fn main() {
    for i in 0..20 {
        let c = n("c", Hook::none());
        let a = n("a", Hook::new(|| panic!("drop panics")));
        put(&a.next, c);
        if i % 2 == 0 {
            drop(a.clone())
        }
        let _ = catch(move || drop(a));
        let _ = catch(collect);
    }
    let e = catch(|| {
        collect();
        collect()
    });
    check!(drops("a") <= 20 && drops("c") <= 20, "destroyed twice");
    want!(drops("a") == 20, "a lost: {}", drops("a"));
    want!(drops("c") == 20, "child lost: {}", drops("c"));
    {
        let z = n("z", Hook::none());
        put(&z.next, z.clone());
    }
    let e2 = catch(|| {
        collect();
        collect()
    });
    want!(drops("z") == 1, "collector stuck");
    if e.is_err() || e2.is_err() {
        panic!("later collections panic {e:?} {e2:?}")
    }
}
