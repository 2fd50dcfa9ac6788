//! Depth: graphs of ten million objects on 64 KiB of stack, without optimization too. Claim: nothing
//! recurses over the graph: neither judging nor finalizing nor dropping nor freeing.
//!
//! A target of its own, since it takes long; the conformance cases DEEP are in `it`.

use std::cell::Cell;
use std::rc::Rc;

use gc_core::{Finalize, FinalizeCx, Gc, Generation, Heap, Slot, Trace, Weak};

const MANY: usize = 10_000_000;
const STACK: usize = 64 * 1024;

/// Runs the code on a thread with little stack.
fn on_little_stack(code: fn()) {
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(code);
    if let Err(panic) = thread.expect("a thread can be started").join() {
        std::panic::resume_unwind(panic);
    }
}

fn quiet_heap() -> Heap {
    let heap = Heap::new();
    heap.set_auto_collect(false);
    heap
}

#[derive(Trace)]
struct Link {
    next: Slot<Link>,
}

impl Link {
    fn new(heap: &Heap, next: Option<Gc<Self>>) -> Gc<Self> {
        Gc::new_in(heap, Self { next: Slot::new(next) })
    }

    /// A list of `MANY`, of which each is older than the one before it. Returns the head.
    fn list_from_the_tail(heap: &Heap) -> Gc<Self> {
        (1..MANY).fold(Self::new(heap, None), |next, _| Self::new(heap, Some(next)))
    }

    /// A list of `MANY`, of which each is younger than the one before it. Returns head and tail.
    fn list_from_the_head(heap: &Heap) -> (Gc<Self>, Gc<Self>) {
        let head = Self::new(heap, None);
        let tail = (1..MANY).fold(head.clone(), |tail, _| {
            let next = Self::new(heap, None);
            tail.next.set(Some(next.clone()));
            next
        });
        (head, tail)
    }

    /// How many there are from here to the end.
    fn len(head: &Gc<Self>) -> usize {
        std::iter::successors(Some(head.clone()), |link| link.next.get()).count()
    }
}

#[test]
fn a_list_is_dropped() {
    on_little_stack(|| {
        let heap = quiet_heap();
        drop(Link::list_from_the_tail(&heap));
        heap.assert_empty();
        drop(Link::list_from_the_head(&heap));
        heap.assert_empty();
    });
}

#[test]
fn a_ring_is_collected() {
    on_little_stack(|| {
        let heap = quiet_heap();
        let (head, tail) = Link::list_from_the_head(&heap);
        tail.next.set(Some(head));
        drop(tail);
        assert_eq!(heap.collect().collected, MANY);
        heap.assert_empty();
    });
}

#[test]
fn a_living_chain_is_judged_in_every_generation_and_survives() {
    on_little_stack(|| {
        let heap = quiet_heap();
        let head = Link::list_from_the_tail(&heap);
        for generation in [Generation::Young, Generation::Middle, Generation::Old] {
            drop(head.clone());
            let collection = heap.collect_generation(generation);
            assert_eq!((collection.candidates, collection.collected), (MANY, 0));
        }
        assert_eq!(Link::len(&head), MANY);
        // With its heap gone it goes by count.
        drop(heap);
        drop(head);
    });
}

/// A tree as deep as it is large: on each step of the way down one more branch, and all know their parents.
#[derive(Trace)]
struct Twig {
    parent: Slot<Twig>,
    kids: [Slot<Twig>; 2],
}

/// Returns the root.
fn tree(heap: &Heap, know_their_parents: bool) -> Gc<Twig> {
    let twig = || Gc::new_in(heap, Twig { parent: Slot::empty(), kids: Default::default() });
    let root = twig();
    let mut spine = root.clone();
    for _ in 0..MANY / 2 {
        let kids = [twig(), twig()];
        for (slot, kid) in spine.kids.iter().zip(&kids) {
            slot.set(Some(kid.clone()));
            kid.parent.set(know_their_parents.then(|| spine.clone()));
        }
        [_, spine] = kids;
    }
    root
}

#[test]
fn a_deep_tree_is_dropped() {
    on_little_stack(|| {
        let heap = quiet_heap();
        let root = tree(&heap, false);
        assert!(heap.live_count() > MANY);
        drop(root);
        heap.assert_empty();
    });
}

#[test]
fn a_deep_tree_of_kids_and_parents_is_collected() {
    on_little_stack(|| {
        let heap = quiet_heap();
        let root = tree(&heap, true);
        assert_eq!(heap.collect().collected, 0);
        drop(root);
        assert_eq!(heap.collect().collected, MANY + 1);
        heap.assert_empty();
    });
}

/// One object that leads to all the others.
#[test]
fn a_hub_is_collected_and_its_spokes_with_it() {
    #[derive(Trace)]
    struct Hub(Vec<Gc<Link>>, Slot<Hub>);
    on_little_stack(|| {
        let heap = quiet_heap();
        let spokes = (1..MANY).map(|_| Link::new(&heap, None)).collect();
        let hub = Gc::new_in(&heap, Hub(spokes, Slot::empty()));
        hub.1.set(Some(hub.clone()));
        drop(hub);
        assert_eq!(heap.collect().collected, MANY);
        heap.assert_empty();
    });
}

/// A tenth of the others' size: each has a side table and a finalizer as well.
#[test]
fn a_ring_with_finalizers_weak_handles_and_watches_is_collected() {
    #[derive(Trace)]
    #[trace(finalize)]
    struct Noisy {
        next: Slot<Noisy>,
        weak: Weak<Noisy>,
        finalized: Rc<Cell<usize>>,
    }
    impl Finalize for Noisy {
        fn finalize(&self, cx: &FinalizeCx<'_, Self>) {
            assert!(Gc::ptr_eq(&cx.handle(), &self.weak.upgrade().expect("it lives")));
            self.finalized.set(self.finalized.get() + 1);
        }
    }
    on_little_stack(|| {
        let heap = quiet_heap();
        let (finalized, called) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
        let make = |next| {
            let noisy = Gc::new_cyclic_in(&heap, |weak: &Weak<Noisy>| Noisy {
                next: Slot::new(next),
                weak: weak.clone(),
                finalized: finalized.clone(),
            });
            let called = called.clone();
            Gc::watch(&noisy, move || called.set(called.get() + 1)).forget();
            noisy
        };
        let tail = make(None);
        let head = (1..MANY / 10).fold(tail.clone(), |next, _| make(Some(next)));
        tail.next.set(Some(head));
        drop(tail);
        assert_eq!(heap.collect().collected, MANY / 10);
        assert_eq!((finalized.get(), called.get()), (MANY / 10, MANY / 10));
        heap.assert_empty();
    });
}
