// hole: A07_fin_moves_edge_to_root
// class: finalizer mutates the graph
// needs: fin
// expected of a sound library: ok panic
// why: A finalizer takes the only handle to another dead object out of a third dead object and stores it in a
// root.
thread_local!(static ROOT: RefCell<Vec<Gc<N>>> = const { RefCell::new(Vec::new()) });
node_fin! { struct N { next: Slot<N>, side: Slot<N>, tag: P<Tag>, act: P<Cell<bool>> } fin(s) {
    if s.act.0.replace(false) {
        if let Some(n) = get(&s.next) { if let Some(x) = take(&n.side) { let _ = ROOT.try_with(|r| r.borrow_mut().push(x)); } }
    }
} }
fn n(s: &str, act: bool) -> Gc<N> {
    gc(N { next: slot(), side: slot(), tag: P(Tag::new(s)), act: P(Cell::new(act)) })
}
pub(crate) fn main() {
    {
        let a = n("a", true);
        let b = n("b", false);
        let x = n("x", false);
        put(&a.next, b.clone());
        put(&b.next, a.clone());
        put(&b.side, x.clone());
        put(&x.next, a.clone());
    }
    collect();
    let v = ROOT.with(|r| std::mem::take(&mut *r.borrow_mut()));
    for x in &v {
        let s = x.tag.0.read();
        check!(drops(&s) == 0, "resurrected {s} destroyed");
        if let Some(a) = get(&x.next) {
            let s = a.tag.0.read();
            check!(drops(&s) == 0, "{s} reachable from the resurrected object destroyed");
            if let Some(b) = get(&a.next) {
                let _ = b.tag.0.read();
            }
        }
    }
    drop(v);
    collect();
    collect();
    for s in ["a", "b", "x"] {
        check!(drops(s) <= 1, "{s} destroyed twice");
        want!(drops(s) == 1, "{s} not reclaimed");
    }
}
