// hole: C04_double_visit_scan
// class: algorithm
// needs: -
// expected of a sound library: ok
// why: bacon-rajan-cc#24/#26/#30: A->B->C->A where C is also externally held, and dead cycles that own live
// objects: counts must be restored exactly.
node! { struct N { next: Slot<N>, side: Slots<N>, tag: P<Tag> } }
fn n(s: &str) -> Gc<N> {
    gc(N { next: slot(), side: slots(), tag: P(Tag::new(s)) })
}
pub(crate) fn main() {
    let base = live();
    {
        let c = {
            let a = n("a");
            let b = n("b");
            let c = n("c");
            put(&a.next, b.clone());
            put(&b.next, c.clone());
            put(&c.next, a.clone());
            c
        };
        for _ in 0..5 {
            drop(c.clone());
            collect();
        }
        check!(get(&get(&c.next).unwrap().next).unwrap().tag.0.read() == "b", "lost");
        let shared = n("shared");
        for _ in 0..5 {
            let x = n("x");
            let y = n("y");
            put(&x.next, y.clone());
            put(&y.next, x.clone());
            push(&x.side, shared.clone());
            push(&y.side, shared.clone());
            push(&y.side, c.clone());
            drop(x);
            drop(y);
            collect();
            check!(
                shared.tag.0.read() == "shared" && c.tag.0.read() == "c",
                "live object destroyed with a dead cycle"
            );
        }
        collect();
        want!(drops("x") == 5 && drops("y") == 5, "x={} y={}", drops("x"), drops("y"));
    }
    collect();
    collect();
    want!(live() == base, "leaked {}", live() - base);
}
