// hole: P04_panic_in_new_cyclic_weak
// class: new_cyclic closure panics
// needs: weak new_cyclic_weak
// expected of a sound library: ok panic leak
// why: new_cyclic's closure stashes a clone of the weak handle, then panics: the weak must stay dead, the memory
// must not be read.
thread_local!(static STASH: RefCell<Vec<Weak<N>>> = const { RefCell::new(Vec::new()) });
node! { struct N { next: Slot<N>, w: WSlot<N>, tag: P<Tag> } }
pub(crate) fn main() {
    let e = catch(|| {
        let _ = new_cyclic_weak::<N>(|w| {
            STASH.with(|s| s.borrow_mut().push(w.clone()));
            check!(upgrade(w).is_none(), "half-built object handed out");
            collect();
            panic!("closure panics")
        });
    });
    check!(e.is_err(), "?");
    let v = STASH.with(|s| std::mem::take(&mut *s.borrow_mut()));
    for w in &v {
        check!(upgrade(w).is_none(), "weak to a never-built object upgrades");
    }
    collect();
    let v2 = v.clone();
    drop(v);
    collect();
    drop(v2);
    collect();
    let n = new_cyclic_weak::<N>(|w| {
        let x = w.clone();
        collect();
        let ws = wcell();
        wput(&ws, x);
        N { next: slot(), w: ws, tag: P(Tag::new("n")) }
    });
    collect();
    check!(wget(&n.w).unwrap().tag.0.read() == "n", "self weak wrong");
    put(&n.next, n.clone());
    drop(n);
    collect();
    collect();
    want!(drops("n") == 1, "leaked");
}
