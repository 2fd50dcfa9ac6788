// hole: L07_thread_panics_with_cycles
// class: unwinding thread
// needs: -
// expected of a sound library: ok leak
// why: A thread panics while it holds live handles and cycles; join reports the panic, nothing else breaks.
node! { struct N { next: Slot<N>, tag: P<Tag> } }
pub(crate) fn main() {
    for _ in 0..4 {
        let r = std::thread::spawn(|| {
            let v: Vec<_> =
                (0..50).map(|_| gc(N { next: slot(), tag: P(Tag::new("a")) })).collect();
            for i in 0..50 {
                put(&v[i].next, v[(i + 1) % 50].clone());
            }
            let _k = v[3].clone();
            panic!("thread dies")
        })
        .join();
        check!(r.is_err(), "?");
    }
    want!(drops("a") == 200, "leaked {} of 200", 200 - drops("a"));
}
