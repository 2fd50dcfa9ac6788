// hole: W07_forgotten_weaks_overflow
// class: counter overflow
// needs: weak
// expected of a sound library: ok panic
// deviates: leak, since the program says so whatever happens. What a forgotten weak handle points to
// keeps its slot.
// why: mem::forget of 200 000 weak clones must not wrap a narrow counter (std aborts before wrap).
node! { struct N { me: Slot<N>, tag: P<Tag> } }
pub(crate) fn main() {
    let a = gc(N { me: slot(), tag: P(Tag::new("a")) });
    let w = downgrade(&a);
    let e = catch(|| {
        for _ in 0..200_000u32 {
            std::mem::forget(w.clone())
        }
    });
    check!(a.tag.0.read() == "a", "damaged");
    drop(a);
    check!(upgrade(&w).is_none() || drops("a") == 0, "weak wrong");
    drop(w);
    if let Err(e) = e {
        panic!("{e}")
    }
    soft("expected leak of the weak box (forget)");
}
