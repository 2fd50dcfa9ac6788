// hole: A08_fin_drops_last_handle_of_garbage
// class: finalizer mutates the graph
// needs: fin
// expected of a sound library: ok panic
// why: A finalizer drops the last strong handle of another member of the same garbage (plain refcount death in
// the middle of a collection).
node_fin! { struct N { next: Slot<N>, side: Slot<N>, tag: P<Tag>, act: P<Cell<bool>> } fin(s) {
    if s.act.0.replace(false) { drop(take(&s.side)); if let Some(n) = get(&s.next) { drop(take(&n.side)); drop(take(&n.next)); } }
} }
fn n(s: &str, act: bool) -> Gc<N> {
    gc(N { next: slot(), side: slot(), tag: P(Tag::new(s)), act: P(Cell::new(act)) })
}
pub(crate) fn main() {
    for round in 0..3 {
        {
            let a = n("a", true);
            let b = n("b", round == 1);
            let x = n("x", false);
            let y = n("y", false);
            put(&a.next, b.clone());
            put(&b.next, a.clone());
            put(&a.side, x.clone());
            put(&x.next, a.clone());
            put(&b.side, y.clone());
            put(&y.next, y.clone());
        }
        collect();
        collect();
        for s in ["a", "b", "x", "y"] {
            check!(drops(s) <= round + 1, "{s} destroyed twice");
            want!(drops(s) == round + 1, "{s} not reclaimed in round {round}");
        }
    }
}
