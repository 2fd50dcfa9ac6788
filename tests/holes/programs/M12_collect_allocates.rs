// hole: M12_collect_allocates
// class: allocation failure
// needs: -
// expected of a sound library: ok
// deviates: leak, since a collection has work lists, which grow with what it judges. Where they cannot,
// it is given up with everything alive.
// why: How many heap allocations does one collect() of 1000 dead two-rings make? A collector that needs memory
// to free memory fails when memory is short.
node! { struct N { next: Slot<N>, x: P<u64> } }
pub(crate) fn main() {
    for round in 0..2 {
        for i in 0..1000u64 {
            let a = gc(N { next: slot(), x: P(i) });
            let b = gc(N { next: slot(), x: P(i) });
            put(&a.next, b.clone());
            put(&b.next, a.clone());
        }
        let n0 = allocs();
        collect();
        let n = allocs() - n0;
        println!("round {round}: collect() made {n} allocations");
        want!(n == 0, "collect() allocates ({n} in round {round})");
    }
}
