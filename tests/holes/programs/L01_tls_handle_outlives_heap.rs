// hole: L01_tls_handle_outlives_heap
// class: thread-local destruction order
// needs: -
// expected of a sound library: ok leak
// forgets: a cycle whose last handle goes after its heap has ended. Then objects go by count alone.
// why: dumpster#71, rust-gc#102: a handle stored in a thread-local that is destroyed after the collector's own
// thread-local.
node! { struct N { next: Slot<N>, tag: P<Tag> } }
struct Holder(RefCell<Vec<Gc<N>>>);
impl Drop for Holder {
    fn drop(&mut self) {
        for g in self.0.borrow().iter() {
            let _ = g.tag.0.read();
            let c = g.clone();
            let _ = c.tag.0.read();
        }
    }
}
thread_local!(static H: Holder = const { Holder(RefCell::new(Vec::new())) });
pub(crate) fn main() {
    for _ in 0..3 {
        std::thread::spawn(|| {
            H.with(|_| ()); // registered before the heap: destroyed after it
            let a = gc(N { next: slot(), tag: P(Tag::new("a")) });
            let b = gc(N { next: slot(), tag: P(Tag::new("b")) });
            put(&b.next, b.clone());
            drop(a.clone());
            drop(b.clone());
            H.with(|h| {
                h.0.borrow_mut().push(a);
                h.0.borrow_mut().push(b);
            });
        })
        .join()
        .unwrap();
    }
    want!(
        drops("a") == 3,
        "acyclic object held by a thread-local not dropped at thread exit: {}",
        drops("a")
    );
}
