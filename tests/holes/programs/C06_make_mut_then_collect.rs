// hole: C06_make_mut_then_collect
// class: exclusive borrow during collection
// needs: make_mut
// expected of a sound library: ok panic
// why: make_mut/get_mut gives &mut T; while it is live collect() runs and traces the value; then the &mut is
// used (also: the object must not be a buffered candidate).
#[derive(Clone)]
pub(crate) struct V(Vec<u64>);
node! { struct N { next: Slot<N>, v: P<V> } }
impl Clone for N {
    fn clone(&self) -> N {
        N { next: slot(), v: P(self.v.0.clone()) }
    }
}
pub(crate) fn main() {
    let mut a = gc(N { next: slot(), v: P(V(vec![1; 100])) });
    let b = a.clone();
    drop(b); // buffered
    {
        let mut m = make_mut(&mut a);
        m.v.0.0.clear();
        m.v.0.0.shrink_to_fit();
        collect();
        m.v.0.0.extend(0..1000);
        collect();
        check!(m.v.0.0[999] == 999, "bad");
    }
    let mut c = a.clone();
    {
        let mut m = make_mut(&mut c);
        m.v.0.0[0] = 77;
        collect();
    }
    check!(a.v.0.0[0] == 0 && c.v.0.0[0] == 77, "not cloned on write");
    put(&a.next, a.clone());
    {
        let mut m = make_mut(&mut a);
        m.v.0.0[1] = 5;
        collect();
        check!(m.v.0.0[1] == 5, "bad");
    }
    drop(a);
    drop(c);
    collect();
    collect();
}
