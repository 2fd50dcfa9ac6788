// hole: M04_over_aligned
// class: over-aligned types
// needs: -
// expected of a sound library: ok
// why: align(64) and align(4096) payloads in cycles: every reference is aligned, header arithmetic correct
// (gcmodule 0.3.3 computes the header address without padding).
#[repr(align(64))]
pub(crate) struct A64([u8; 64]);
#[repr(align(4096))]
pub(crate) struct A4k([u8; 10]);
node! { struct N { next: Slot<N>, a: P<A64>, tag: P<Tag> } }
node! { struct K { next: Slot<K>, a: P<A4k>, tag: P<Tag> } }
pub(crate) fn main() {
    let base = live();
    {
        let v: Vec<_> = (0..20)
            .map(|i| gc(N { next: slot(), a: P(A64([i as u8; 64])), tag: P(Tag::new("n")) }))
            .collect();
        for i in 0..20 {
            put(&v[i].next, v[(i + 1) % 20].clone());
            check!((&v[i].a.0 as *const _ as usize) % 64 == 0, "misaligned");
        }
        let k: Vec<_> = (0..5)
            .map(|i| gc(K { next: slot(), a: P(A4k([i as u8; 10])), tag: P(Tag::new("k")) }))
            .collect();
        for i in 0..5 {
            put(&k[i].next, k[(i + 1) % 5].clone());
            check!((&k[i].a.0 as *const _ as usize) % 4096 == 0, "misaligned");
        }
        collect();
        for i in 0..20 {
            check!(v[i].a.0.0[63] == i as u8, "corrupt")
        }
        for i in 0..5 {
            check!(k[i].a.0.0[9] == i as u8, "corrupt")
        }
    }
    collect();
    collect();
    want!(live() == base, "leaked {}", live() - base);
}
