// hole: L02_tls_handle_dies_before_heap
// class: thread-local destruction order
// needs: -
// expected of a sound library: ok leak
// why: As L01 but the thread-local is registered after the heap (destroyed first).
node! { struct N { next: Slot<N>, tag: P<Tag> } }
struct Holder(RefCell<Vec<Gc<N>>>);
impl Drop for Holder {
    fn drop(&mut self) {
        for g in self.0.borrow().iter() {
            let _ = g.tag.0.read();
        }
    }
}
thread_local!(static H: Holder = const { Holder(RefCell::new(Vec::new())) });
pub(crate) fn main() {
    std::thread::spawn(|| {
        let a = gc(N { next: slot(), tag: P(Tag::new("a")) });
        put(&a.next, a.clone());
        collect();
        drop(a.clone());
        H.with(|h| h.0.borrow_mut().push(a));
    })
    .join()
    .unwrap();
    want!(
        drops("a") == 1,
        "cycle released by a thread-local destructor not reclaimed at thread exit"
    );
}
