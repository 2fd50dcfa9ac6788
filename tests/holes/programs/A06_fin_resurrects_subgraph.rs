// hole: A06_fin_resurrects_subgraph
// class: finalizer resurrection
// needs: fin
// expected of a sound library: ok panic
// why: A finalizer roots the head of a 100-node dead ring: everything reachable from it must be intact, later be
// collected once.
thread_local!(static STASH: RefCell<Option<Gc<N>>> = const { RefCell::new(None) });
node_fin! { struct N { next: Slot<N>, tag: P<Tag>, first: P<Cell<bool>> } fin(s) {
    if s.first.0.replace(false) { if let Some(n) = get(&s.next) { let _ = STASH.try_with(|t| *t.borrow_mut() = Some(n)); } }
} }
pub(crate) fn main() {
    let base = live();
    {
        let v: Vec<Gc<N>> = (0..100)
            .map(|i| {
                gc(N {
                    next: slot(),
                    tag: P(Tag::new(&format!("n{i}"))),
                    first: P(Cell::new(i == 50)),
                })
            })
            .collect();
        for i in 0..100 {
            put(&v[i].next, v[(i + 1) % 100].clone());
        }
    }
    collect();
    let head = STASH.with(|t| t.borrow_mut().take()).expect("finalizer not run");
    let mut cur = head.clone();
    let mut n = 0;
    loop {
        let s = cur.tag.0.read();
        check!(drops(&s) == 0, "{s} destroyed");
        n += 1;
        let nx = get(&cur.next).expect("edge lost");
        if std::ptr::eq(&*nx, &*head) {
            break;
        }
        cur = nx;
        check!(n < 1000, "ring broken")
    }
    check!(n == 100, "ring has {n}");
    drop(cur);
    drop(head);
    collect();
    collect();
    want!(live() == base, "ring not reclaimed on second death: live={}", live() - base);
    for i in 0..100 {
        check!(drops(&format!("n{i}")) <= 1, "destroyed twice");
    }
}
