// hole: T02_trace_clones_and_drops_handles
// class: trace mutates counts
// needs: trace_hook
// expected of a sound library: ok panic leak
// deviates: abort, since the `Trace` is a hand-written `unsafe impl` whose contract forbids to keep
// handles. Counts that were read before one was cloned are too low; that is noticed before memory is
// reused, and then the process ends, in safety.
// why: A Trace implementation clones and drops handles (counts change during the counting pass).
thread_local!(static STASH: RefCell<Vec<Gc<N>>> = const { RefCell::new(Vec::new()) });
node_trace_hook! { struct N { next: Slot<N>, tag: P<Tag> } pre_trace(s) { if let Some(x) = get(&s.next) { let _ = x.tag.0.read(); let _ = STASH.try_with(|v| { let mut v = v.borrow_mut(); if v.len() < 3 { v.push(x) } }); } } }
fn n(s: &str) -> Gc<N> {
    gc(N { next: slot(), tag: P(Tag::new(s)) })
}
pub(crate) fn main() {
    {
        let a = n("a");
        let b = n("b");
        put(&a.next, b.clone());
        put(&b.next, a.clone());
    }
    let e = catch(collect);
    let v = STASH.with(|v| std::mem::take(&mut *v.borrow_mut()));
    let mut p = 0;
    for g in &v {
        match catch(|| g.tag.0.read()) {
            Ok(s) => check!(drops(&s) == 0, "handle taken in trace reaches destroyed {s}"),
            Err(_) => p += 1,
        }
    }
    let e2 = catch(move || drop(v));
    let e3 = catch(|| {
        collect();
        collect()
    });
    if p > 0 || e.is_err() || e2.is_err() || e3.is_err() {
        panic!("clean panic {p} {e:?} {e2:?} {e3:?}")
    }
}
