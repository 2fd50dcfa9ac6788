// hole: M03_zero_sized
// class: zero-sized types
// needs: -
// expected of a sound library: ok
// why: Zero-sized values: distinct or at least valid handles, destructors run once each.
static ZD: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
pub(crate) struct Z;
impl Drop for Z {
    fn drop(&mut self) {
        ZD.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
    }
}
node! { struct N { z: P<Z> } }
pub(crate) fn main() {
    {
        let v: Vec<Gc<N>> = (0..1000).map(|_| gc(N { z: P(Z) })).collect();
        let w = v.clone();
        collect();
        drop(w);
        collect();
        drop(v);
    }
    collect();
    want!(
        ZD.load(std::sync::atomic::Ordering::SeqCst) == 1000,
        "zst destructors: {}",
        ZD.load(std::sync::atomic::Ordering::SeqCst)
    );
}
