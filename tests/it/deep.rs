//! No recursion over the graph: chains, rings and nests of any length on any stack (conformance group
//! DEEP). Hunted: stack overflow in drop, judgement, finalizers and sweep. Ten million objects are in the
//! target `depth`.

use crate::support::*;

const SMALL_STACK: usize = 256 * 1024;
const TINY_STACK: usize = 64 * 1024;

/// A node without a log, so that many are quick.
#[derive(Trace)]
struct Link {
    next: Slot<Link>,
}

fn link(heap: &Heap, next: Option<Gc<Link>>) -> Gc<Link> {
    Gc::new_in(heap, Link { next: Slot::new(next) })
}

/// A chain of which each node is older than the one before it. Returns the head.
fn chain_from_the_tail(heap: &Heap, len: usize) -> Gc<Link> {
    (1..len).fold(link(heap, None), |next, _| link(heap, Some(next)))
}

/// A chain of which each node is younger than the one before it. Returns head and tail.
fn chain_from_the_head(heap: &Heap, len: usize) -> (Gc<Link>, Gc<Link>) {
    let head = link(heap, None);
    let mut tail = head.clone();
    for _ in 1..len {
        let next = link(heap, None);
        tail.next.set(Some(next.clone()));
        tail = next;
    }
    (head, tail)
}

/// How many nodes there are from here to the end.
fn len(head: &Gc<Link>) -> usize {
    std::iter::successors(Some(head.clone()), |node| node.next.get()).count()
}

/// Counts the drop of the value that it is a field of.
#[derive(Clone)]
struct CountDrop(Rc<Cell<usize>>);

impl Drop for CountDrop {
    fn drop(&mut self) {
        self.0.set(self.0.get() + 1);
    }
}

#[derive(Trace)]
struct Counted {
    next: Slot<Counted>,
    #[trace(skip)]
    _drop: CountDrop,
}

/// Notes in its finalizer that its turn has come.
#[derive(Trace)]
#[trace(finalize)]
struct InOrder {
    number: usize,
    next: Slot<InOrder>,
    #[trace(skip)]
    expected: Rc<Cell<usize>>,
}

impl Finalize for InOrder {
    fn finalize(&self, _: &FinalizeCx<'_, Self>) {
        assert_eq!(self.number, self.expected.get());
        self.expected.set(self.number + 1);
    }
}

#[test]
fn deep_01_long_list_by_refcount() {
    on_stack(SMALL_STACK, || {
        let heap = quiet_heap();
        let (subscription, reports) = collections(&heap);
        let drops = CountDrop(Rc::default());
        let make = |next| Counted { next: Slot::new(next), _drop: drops.clone() };
        let list = (0..many(1_000_000)).fold(None, |next, _| Some(Gc::new_in(&heap, make(next))));
        drop(list);
        assert_eq!(drops.0.get(), many(1_000_000));
        assert!(reports.borrow().is_empty());
        drop(subscription);
        heap.assert_empty();
    });
}

#[test]
fn deep_01_finalizers_of_a_long_list_run_from_the_head() {
    on_stack(SMALL_STACK, || {
        let heap = quiet_heap();
        let errors = collect_errors(&heap);
        let expected = Rc::new(Cell::new(0));
        let list = (0..many(1_000_000)).rev().fold(None, |next, number| {
            let (next, expected) = (Slot::new(next), expected.clone());
            Some(Gc::new_in(&heap, InOrder { number, next, expected }))
        });
        drop(list);
        assert_eq!(errors.borrow().len(), 0, "the first: {:?}", errors.borrow().first());
        assert_eq!(expected.get(), many(1_000_000));
        heap.assert_empty();
    });
}

/// Counts finalizers, and collects in every seventeenth.
#[derive(Trace)]
#[trace(finalize)]
struct Ouch {
    #[trace(skip)]
    heap: Heap,
    finalized: Rc<Cell<usize>>,
}

impl Finalize for Ouch {
    fn finalize(&self, _: &FinalizeCx<'_, Self>) {
        self.finalized.set(self.finalized.get() + 1);
        if self.finalized.get().is_multiple_of(17) {
            self.heap.collect();
        }
    }
}

/// One level of a nest: what CPython's test builds of lists, tuples and dicts.
#[derive(Trace)]
enum Nest {
    Empty,
    List(Vec<Gc<Nest>>, Vec<Gc<Ouch>>),
    Pair((Gc<Nest>, Gc<Ouch>)),
    Map(std::collections::HashMap<&'static str, Gc<Nest>>, Gc<Ouch>),
}

#[test]
fn deep_02_nested_with_collecting_finalizers() {
    const DEPTH: usize = 150;
    let finalized = Rc::new(Cell::new(0));
    let heap = quiet_heap();
    let ouch = || {
        let (heap_of_ouch, finalized) = (heap.clone(), finalized.clone());
        Gc::new_in(&heap, Ouch { heap: heap_of_ouch, finalized })
    };
    let levels: [&dyn Fn(Gc<Nest>) -> Nest; 3] = [
        &|inner| Nest::List(vec![inner], vec![ouch()]),
        &|inner| Nest::Pair((inner, ouch())),
        &|inner| Nest::Map([("a", inner)].into(), ouch()),
    ];
    heap.set_auto_collect(true);
    for _ in 0..2 {
        for level in levels {
            let empty = Gc::new_in(&heap, Nest::Empty);
            let nest = (0..DEPTH).fold(empty, |inner, _| Gc::new_in(&heap, level(inner)));
            drop(nest);
        }
    }
    assert_eq!(finalized.get(), 300 * 3);
    heap.set_auto_collect(false);
    heap.assert_empty();
}

#[test]
fn deep_03_huge_ring() {
    on_stack(SMALL_STACK, || {
        let heap = quiet_heap();
        let (head, tail) = chain_from_the_head(&heap, many(500_000));
        tail.next.set(Some(head));
        drop(tail);
        assert_eq!(heap.collect().collected, many(500_000));
        heap.assert_empty();
    });
}

/// The finalizers of a ring run without recursion, too.
#[test]
fn deep_03_huge_ring_with_finalizers() {
    #[derive(Trace)]
    #[trace(finalize)]
    struct Noisy {
        next: Slot<Noisy>,
        finalized: Rc<Cell<usize>>,
    }
    impl Finalize for Noisy {
        fn finalize(&self, _: &FinalizeCx<'_, Self>) {
            self.finalized.set(self.finalized.get() + 1);
        }
    }
    on_stack(SMALL_STACK, || {
        let heap = quiet_heap();
        let finalized = Rc::new(Cell::new(0));
        let make = |next| Noisy { next: Slot::new(next), finalized: finalized.clone() };
        let tail = Gc::new_in(&heap, make(None));
        let head =
            (1..many(500_000)).fold(tail.clone(), |next, _| Gc::new_in(&heap, make(Some(next))));
        tail.next.set(Some(head));
        drop(tail);
        let collection = heap.collect();
        assert_eq!((collection.finalized, collection.collected), (many(500_000), many(500_000)));
        assert_eq!(finalized.get(), many(500_000));
        heap.assert_empty();
    });
}

#[test]
fn deep_04_deep_live_chain_marking() {
    type Build = fn(&Heap, usize) -> Gc<Link>;
    let orders: [Build; 2] = [chain_from_the_tail, |heap, len| chain_from_the_head(heap, len).0];
    for build in orders {
        on_stack(SMALL_STACK, move || {
            let heap = quiet_heap();
            let head = build(&heap, many(1_000_000));
            // A suspect, so that the judgement has to walk it.
            drop(head.clone());
            let trash = link(&heap, None);
            trash.next.set(Some(trash.clone()));
            drop(trash);
            let collection = heap.collect();
            assert_eq!(collection.collected, 1);
            assert!(collection.candidates > many(1_000_000), "{collection:?}");
            assert_eq!(len(&head), many(1_000_000));
            drop(head);
            heap.assert_empty();
        });
    }
}

// ---- on 64 KiB ------------------------------------------------------------------------------------

/// Objects of two heaps in turn, so that the queue of deaths runs through both.
#[test]
fn a_chain_through_two_heaps_is_dropped_on_a_tiny_stack() {
    on_stack(TINY_STACK, || {
        let heaps = [quiet_heap(), quiet_heap()];
        let chain =
            (0..many(200_000)).fold(None, |next, number| Some(link(&heaps[number % 2], next)));
        drop(chain);
        heaps.iter().for_each(Heap::assert_empty);
    });
}

/// What dies of a sweep, dies by count inside it.
#[test]
fn a_list_that_hangs_off_a_ring_is_dropped_in_the_sweep() {
    on_stack(TINY_STACK, || {
        let heap = quiet_heap();
        let drops = CountDrop(Rc::default());
        let make = |next| Counted { next: Slot::new(next), _drop: drops.clone() };
        let list = (0..many(200_000)).fold(None, |next, _| Some(Gc::new_in(&heap, make(next))));
        let cyclic = Gc::new_in(&heap, (RefCell::new(None::<AnyGc>), list));
        *cyclic.0.borrow_mut() = Some(AnyGc::from(cyclic.clone()));
        drop(cyclic);
        // The list is garbage as much as what it hangs off: the judgement reaches it.
        assert_eq!(heap.collect().collected, many(200_000) + 1);
        assert_eq!(drops.0.get(), many(200_000));
        heap.assert_empty();
    });
}
