// hole: L04_thread_exit_reclaims_cycles
// class: leak at thread exit
// needs: -
// expected of a sound library: ok
// why: Unreclaimed cycles of an exiting thread are destroyed (or the leak is documented).
node! { struct N { next: Slot<N>, tag: P<Tag> } }
pub(crate) fn main() {
    for _ in 0..5 {
        std::thread::spawn(|| {
            for _ in 0..100 {
                let a = gc(N { next: slot(), tag: P(Tag::new("a")) });
                put(&a.next, a.clone());
            }
        })
        .join()
        .unwrap();
    }
    want!(drops("a") == 500, "thread exit leaked {} of 500 cyclic objects", 500 - drops("a"));
}
