// hole: M01_forget_handles_16k
// class: counter overflow
// needs: -
// expected of a sound library: ok leak
// why: mem::forget of 100 000 strong clones: no wrap, object stays valid (std aborts near isize::MAX; a 14-bit
// counter panics here).
node! { struct N { next: Slot<N>, tag: P<Tag> } }
pub(crate) fn main() {
    let a = gc(N { next: slot(), tag: P(Tag::new("a")) });
    for _ in 0..100_000u32 {
        std::mem::forget(a.clone())
    }
    collect();
    check!(a.tag.0.read() == "a", "x");
    drop(a);
    collect();
    check!(drops("a") == 0, "freed with forgotten handles");
}
