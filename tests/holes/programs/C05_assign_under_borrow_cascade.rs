// hole: C05_assign_under_borrow_cascade
// class: destructor re-enters a borrowed cell
// needs: dtor
// expected of a sound library: ok panic
// here: panic, since the finalizer looks into the cell that the program has borrowed, and `RefCell`
// says so; the panic reaches the program once the object has ended.
// why: *cell.borrow_mut() = None runs the old value's destructor under the borrow; the destructor reads the same
// cell (BorrowMutError). Must be a clean panic or fine, the heap usable afterwards.
thread_local!(static ROOT: RefCell<Option<Gc<N>>> = const { RefCell::new(None) });
node_dtor! { struct N { child: Slot<N>, tag: P<Tag> } dtor(s) { if s.tag.0.read() == "child" { let r = ROOT.with(|r| r.borrow().clone()); if let Some(r) = r { let _ = get(&r.child); } } } }
fn n(s: &str) -> Gc<N> {
    gc(N { child: slot(), tag: P(Tag::new(s)) })
}
pub(crate) fn main() {
    let r = n("root");
    ROOT.with(|x| *x.borrow_mut() = Some(r.clone()));
    put(&r.child, n("child"));
    let e = catch(|| {
        *guard_mut(&r.child) = None;
        collect();
    });
    check!(r.tag.0.read() == "root", "root damaged");
    check!(drops("child") <= 1, "destroyed twice");
    ROOT.with(|x| *x.borrow_mut() = None);
    drop(r);
    let e2 = catch(|| {
        collect();
        collect()
    });
    if e.is_err() || e2.is_err() {
        panic!("clean panic {e:?} {e2:?}")
    }
}
