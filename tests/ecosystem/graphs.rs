//! A heap as a graph of petgraph's.

use gc_core::{Gc, Heap, Slot, Trace};

#[derive(Trace)]
struct Node {
    n: u32,
    next: Slot<Node>,
    other: Slot<Node>,
}

fn node(heap: &Heap, n: u32) -> Gc<Node> {
    Gc::new_in(heap, Node { n, next: Slot::empty(), other: Slot::empty() })
}

#[test]
fn cycles_are_told_from_what_hangs_on_them() {
    let heap = Heap::new();
    let all: Vec<_> = (0..7).map(|n| node(&heap, n)).collect();
    // Two cycles, the second led to by the first; one object that holds itself; two in no cycle.
    for (from, to) in [(0, 1), (1, 0), (2, 3), (3, 4), (4, 2), (5, 5)] {
        all[from].next.set(Some(all[to].clone()));
    }
    all[1].other.set(Some(all[2].clone()));
    all[6].next.set(Some(all[0].clone()));
    let cycles = heap.cycles().into_iter().map(|component| {
        let mut numbers: Vec<u32> =
            component.into_iter().map(|any| any.downcast::<Node>().unwrap().n).collect();
        numbers.sort_unstable();
        numbers
    });
    let cycles: Vec<_> = cycles.collect();
    assert_eq!(cycles.len(), 3);
    let at = |wanted: &[u32]| cycles.iter().position(|cycle| cycle == wanted).expect("it is found");
    assert!(at(&[2, 3, 4]) < at(&[0, 1]), "what is led to comes first");
    at(&[5]);
}

#[test]
fn a_graph_has_the_objects_and_handles_of_its_heap_alone() {
    let (heap, other) = (Heap::new(), Heap::new());
    let (a, b) = (node(&heap, 1), node(&heap, 2));
    a.next.set(Some(b.clone()));
    a.other.set(Some(b.clone()));
    b.next.set(Some(node(&other, 3)));
    let graph = heap.to_petgraph();
    assert_eq!((graph.node_count(), graph.edge_count()), (2, 2));
    drop(graph);
    assert_eq!((Gc::strong_count(&a), Gc::strong_count(&b)), (1, 3));
}

#[test]
fn a_ring_of_any_length_is_one_cycle_on_a_small_stack() {
    let code = || {
        let heap = Heap::new();
        let first = node(&heap, 0);
        let mut last = first.clone();
        for n in 1..100_000 {
            let next = node(&heap, n);
            last.next.set(Some(next.clone()));
            last = next;
        }
        last.next.set(Some(first));
        assert_eq!(heap.cycles().iter().map(Vec::len).collect::<Vec<_>>(), [100_000]);
    };
    std::thread::Builder::new().stack_size(128 << 10).spawn(code).unwrap().join().unwrap();
}
