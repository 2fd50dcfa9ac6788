// hole: T07_mutex_locked
// class: lock held during collection
// needs: mutex
// expected of a sound library: ok leak
// why: collect() while a traced Mutex is locked by this thread must not dead-lock; the content stays alive.
node! { struct N { next: std::sync::Mutex<Option<Gc<N>>>, tag: P<Tag> } }
fn n(s: &str) -> Gc<N> {
    gc(N { next: std::sync::Mutex::new(None), tag: P(Tag::new(s)) })
}
pub(crate) fn main() {
    let a = n("a");
    let c = n("c");
    *c.next.lock().unwrap() = Some(c.clone());
    *a.next.lock().unwrap() = Some(c.clone());
    drop(c);
    drop(a.clone());
    {
        let g = a.next.lock().unwrap();
        collect();
        collect();
        check!(g.as_ref().unwrap().tag.0.read() == "c", "content destroyed under lock");
    }
    drop(a);
    collect();
    collect();
    want!(drops("a") == 1, "leaked a");
}
