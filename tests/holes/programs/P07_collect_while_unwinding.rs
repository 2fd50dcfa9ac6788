// hole: P07_collect_while_unwinding
// class: collection during unwinding
// needs: -
// expected of a sound library: ok panic
// why: A guard's destructor allocates and collects while the thread is unwinding.
node! { struct N { next: Slot<N>, tag: P<Tag> } }
fn n(s: &str) -> Gc<N> {
    gc(N { next: slot(), tag: P(Tag::new(s)) })
}
struct G;
impl Drop for G {
    fn drop(&mut self) {
        {
            let a = n("a");
            put(&a.next, a.clone());
        }
        collect();
    }
}
pub(crate) fn main() {
    let keep = n("keep");
    for _ in 0..5 {
        let _ = catch(|| {
            let _g = G;
            let b = n("b");
            put(&b.next, b.clone());
            panic!("x")
        });
    }
    collect();
    collect();
    check!(keep.tag.0.read() == "keep", "damaged");
    want!(drops("a") == 5 && drops("b") == 5, "a={} b={}", drops("a"), drops("b"));
}
