// hole: C07_get_mut_with_weak
// class: exclusive borrow with a weak handle
// needs: update_mut weak
// expected of a sound library: ok panic
// why: &mut T is handed out while a weak handle exists; inside, the weak is upgraded: &T aliases &mut T; freeing
// a Vec through the &mut makes the &T dangle.
#[derive(Clone)]
pub(crate) struct V(Vec<u64>);
node! { struct N { v: P<V> } }
impl Clone for N {
    fn clone(&self) -> N {
        N { v: P(self.v.0.clone()) }
    }
}
pub(crate) fn main() {
    let mut a = gc(N { v: P(V(vec![7; 1000])) });
    let w = downgrade(&a);
    let bad = Cell::new(0u64);
    update_mut(&mut a, |m| {
        if let Some(g) = upgrade(&w) {
            let r: &N = &g;
            if std::ptr::eq(r, &*m) {
                let p: *const u64 = &r.v.0.0[500];
                m.v.0.0 = Vec::new();
                // SAFETY: none. Who gets here has found the hole; it shows as a number, or in a sanitizer.
                bad.set(unsafe { std::ptr::read_volatile(p) } | 1);
            }
        }
    });
    check!(bad.get() == 0, "&mut T aliased by an upgraded weak handle");
}
