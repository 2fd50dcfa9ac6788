//! The programs: each makes much, lets go of all of it, and is run again and again in one heap.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};
use std::rc::Rc;

use gc_core::{
    AnyGc, Budget, DebugFlags, Finalize, FinalizeCx, Gc, Generation, Heap, Slot, Thresholds, Trace,
    Weak, WeakValueMap, coerce,
};

/// A round of a program, in this heap.
pub(crate) type Program = fn(&Heap);

macro_rules! programs {
    ($($name:ident)*) => {
        pub(crate) const PROGRAMS: &[(&str, Program)] = &[$((stringify!($name), $name)),*];
    };
}

programs! {
    temporaries graph_churn rings_collected_as_they_come old_rings long_lists trees
    weak_handles watches_and_cleanups finalizers resurrection slices strings
    trait_objects erased_handles several_heaps handles_that_outlive_heaps threads
    heaps_side_by_side late_thread_locals freezing budgets saved_garbage weak_value_maps panicking_hooks raised_panics
    subscriptions debug_records enumeration identities big_objects over_aligned_objects
    objects_of_all_sizes new_cyclic values_moved_out uninitialized_objects many_handles
    printing_and_comparing external_bytes shutdowns clocks_that_run
}

/// How much a program makes: enough for several pages and chunks, and quick without optimization.
const MANY: usize = 3000;

#[derive(Trace, Default)]
struct Node {
    edges: RefCell<Vec<Gc<Node>>>,
    payload: u64,
}

impl Node {
    fn new(heap: &Heap) -> Gc<Self> {
        Gc::new_in(heap, Self::default())
    }

    fn link(&self, to: &Gc<Self>) {
        self.edges.borrow_mut().push(to.clone());
    }

    /// A ring of this many nodes.
    fn ring(heap: &Heap, len: usize) -> Vec<Gc<Self>> {
        let ring: Vec<_> = (0..len).map(|_| Self::new(heap)).collect();
        (0..len).for_each(|number| ring[number].link(&ring[(number + 1) % len]));
        ring
    }
}

#[derive(Trace)]
struct Link {
    next: Slot<Link>,
}

impl Link {
    fn list(heap: &Heap, len: usize) -> Option<Gc<Self>> {
        (0..len).fold(None, |next, _| Some(Gc::new_in(heap, Self { next: Slot::new(next) })))
    }
}

/// Has a finalizer that runs code.
#[derive(Trace)]
#[trace(finalize)]
struct Noisy {
    edges: RefCell<Vec<Gc<Noisy>>>,
    #[trace(skip)]
    last_words: fn(&Gc<Noisy>),
}

impl Finalize for Noisy {
    fn finalize(&self, cx: &FinalizeCx<'_, Self>) {
        (self.last_words)(&cx.handle());
    }
}

impl Noisy {
    fn new(heap: &Heap, last_words: fn(&Gc<Self>)) -> Gc<Self> {
        Gc::new_in(heap, Self { edges: RefCell::default(), last_words })
    }

    fn cycle(heap: &Heap, last_words: fn(&Gc<Self>)) -> Gc<Self> {
        let noisy = Self::new(heap, last_words);
        noisy.edges.borrow_mut().push(noisy.clone());
        noisy
    }
}

/// The next of a row of numbers that look random, below this one.
fn next(state: &mut u64, below: usize) -> usize {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) as usize % below
}

fn automatic(heap: &Heap, young: usize) {
    heap.set_thresholds(Thresholds { young, middle: 3, old: 3, ..Thresholds::default() });
    heap.set_auto_collect(true);
}

/// A panic that is part of a program tells nobody.
fn quietly<R>(code: impl FnOnce() -> R) -> R {
    std::panic::set_hook(Box::new(|_| ()));
    let result = code();
    drop(std::panic::take_hook());
    result
}

fn catch<R>(code: impl FnOnce() -> R) -> Option<R> {
    catch_unwind(AssertUnwindSafe(code)).ok()
}

// ---- made and let go of --------------------------------------------------------------------------

fn temporaries(heap: &Heap) {
    for number in 0..10 * MANY {
        assert_eq!(*Gc::new_in(heap, number), number);
        drop(Gc::new(Some(Gc::new(number))));
    }
}

fn graph_churn(heap: &Heap) {
    automatic(heap, 200);
    let (mut random, mut roots) = (42, Vec::new());
    for _ in 0..10 * MANY {
        let len = roots.len();
        match next(&mut random, 6) {
            0 | 1 => roots.push(Node::new(heap)),
            2 | 3 if len > 0 => {
                let (from, to): (&Gc<Node>, &Gc<Node>) =
                    (&roots[next(&mut random, len)], &roots[next(&mut random, len)]);
                from.link(to);
            }
            4 if len > 0 => drop(roots.swap_remove(next(&mut random, len))),
            5 if len > 0 => {
                let cut = roots[next(&mut random, len)].edges.borrow_mut().pop();
                drop(cut);
            }
            _ => {}
        }
        if roots.len() > 500 {
            roots.truncate(100);
        }
    }
    assert!(heap.stats()[Generation::Old].collections > 0);
}

fn rings_collected_as_they_come(heap: &Heap) {
    automatic(heap, 100);
    let before = heap.stats()[Generation::Young].collections;
    for len in 1..200 {
        drop(Node::ring(heap, len % 17 + 1));
    }
    assert!(heap.stats()[Generation::Young].collections > before);
}

/// Rings that were alive for several collections before they went.
fn old_rings(heap: &Heap) {
    let ring = Node::ring(heap, MANY);
    for generation in [Generation::Young, Generation::Middle, Generation::Old, Generation::Old] {
        heap.collect_generation(generation);
    }
    drop(ring);
    assert_eq!(heap.collect_generation(Generation::Young).collected, 0);
    assert_eq!(heap.collect().collected, MANY);
}

fn long_lists(heap: &Heap) {
    drop(Link::list(heap, 10 * MANY));
    let list = Link::list(heap, MANY).expect("it is not empty");
    let last = std::iter::successors(Some(list.clone()), |link| link.next.get()).last();
    last.expect("it is not empty").next.set(Some(list));
    assert_eq!(heap.collect().collected, MANY);
}

fn trees(heap: &Heap) {
    let mut level = vec![Node::new(heap)];
    let root = level[0].clone();
    for _ in 0..10 {
        let kids = level.iter().flat_map(|parent| {
            (0..2).map(|_| {
                let kid = Node::new(heap);
                parent.link(&kid);
                kid.link(parent);
                kid
            })
        });
        level = kids.collect();
    }
    drop(level);
    heap.collect();
    drop(root);
    assert_eq!(heap.collect().collected, (1 << 11) - 1);
}

// ---- weak handles, calls, finalizers -------------------------------------------------------------

fn weak_handles(heap: &Heap) {
    let ring = Node::ring(heap, MANY);
    let leaves: Vec<_> = (0..MANY).map(|number| Gc::new_in(heap, number)).collect();
    let weak: Vec<_> = ring.iter().map(Gc::downgrade).collect();
    let weak_leaves: Vec<Weak<usize>> = leaves.iter().map(Gc::downgrade).collect();
    let more = weak.clone();
    assert!(weak.iter().all(|weak| weak.with(|node| node.payload) == Some(0)));
    drop((ring, leaves));
    // The leaves' slots are kept by the weak handles.
    assert!(weak_leaves.iter().all(Weak::is_dead));
    assert!(weak.iter().all(|weak| weak.upgrade().is_some()));
    heap.collect();
    assert!(more.iter().all(|weak| weak.upgrade().is_none()));
}

fn watches_and_cleanups(heap: &Heap) {
    let called = Rc::new(Cell::new(0));
    let count = || {
        let called = called.clone();
        move || called.set(called.get() + 1)
    };
    let ring = Node::ring(heap, MANY / 10);
    let lone = Gc::new_in(heap, 5);
    let kept: Vec<_> = ring.iter().map(|node| Gc::watch(node, count())).collect();
    for node in &ring {
        // Cancelled, armed for good, made by hand, cancelled, and left alone.
        drop(Gc::watch(node, || unreachable!("it was cancelled")));
        Gc::watch(node, count()).forget();
        let call = count();
        assert!(Gc::cleanup(node, call).call().is_some());
        assert!(Gc::cleanup(node, || unreachable!("it was cancelled")).detach());
        drop(Gc::cleanup(node, count()));
        // On an object that lives on.
        for _ in 0..5 {
            drop(Gc::watch(&lone, || unreachable!("it was cancelled")));
            Gc::cleanup(&lone, || unreachable!("it was cancelled")).detach();
        }
    }
    let made = ring.len();
    drop(ring);
    heap.collect();
    assert_eq!(called.get(), 4 * made);
    assert!(kept.iter().all(gc_core::Watch::is_dead));
}

fn finalizers(heap: &Heap) {
    for _ in 0..MANY / 10 {
        drop(Noisy::new(heap, |_| ()));
        drop(Noisy::cycle(heap, |_| ()));
        // Makes and collects.
        drop(Noisy::cycle(heap, |me| {
            let heap = Gc::heap(me);
            drop(Node::ring(&heap, 2));
            assert!(heap.collect().skipped.is_some());
        }));
        // Cuts its edges.
        drop(Noisy::cycle(heap, |me| drop(me.edges.take())));
    }
    assert!(heap.collect().finalized > MANY / 10);
}

fn resurrection(heap: &Heap) {
    thread_local! { static BACK: RefCell<Vec<Gc<Noisy>>> = const { RefCell::new(Vec::new()) } }
    let keep: fn(&Gc<Noisy>) = |me| BACK.with_borrow_mut(|back| back.push(me.clone()));
    for _ in 0..MANY / 10 {
        drop(Noisy::new(heap, keep));
        drop(Noisy::cycle(heap, keep));
    }
    let collection = heap.collect();
    assert_eq!(collection.resurrected, MANY / 10);
    let back = BACK.take();
    assert_eq!(back.len(), 2 * (MANY / 10));
    drop(back);
    assert_eq!(heap.collect().collected, MANY / 10);
}

fn panicking_hooks(heap: &Heap) {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            panic_any("a drop");
        }
    }
    #[derive(Trace)]
    struct Armed {
        me: Slot<Armed>,
        #[trace(skip)]
        _bomb: Bomb,
    }
    let errors = Rc::new(Cell::new(0));
    let count = errors.clone();
    heap.set_error_handler(Some(move |_| count.set(count.get() + 1)));
    quietly(|| {
        for _ in 0..MANY / 30 {
            drop(Noisy::new(heap, |_| panic_any("a finalizer")));
            drop(Noisy::cycle(heap, |_| panic_any(String::from("a finalizer"))));
            let armed = Gc::new_in(heap, Armed { me: Slot::empty(), _bomb: Bomb });
            Gc::watch(&armed, || panic_any("a watch")).forget();
            drop(Gc::cleanup(&armed, || panic_any("a cleanup")));
            armed.me.set(Some(armed.clone()));
        }
        let subscription = heap.on_collection(|_| panic_any("a subscriber"));
        heap.collect();
        drop(subscription);
    });
    assert_eq!(errors.get(), MANY / 30 * 5 + 2);
    heap.set_error_handler(None::<fn(_)>);
}

/// Without a handler the first panic leaves `collect`. (The second would be told on stderr.)
fn raised_panics(heap: &Heap) {
    quietly(|| {
        for _ in 0..MANY / 100 {
            drop(Noisy::cycle(heap, |_| panic_any("a finalizer")));
            assert!(catch(|| heap.collect()).is_none());
            assert!(catch(|| drop(Noisy::new(heap, |_| panic_any("a finalizer")))).is_none());
            assert!(catch(|| Gc::new_cyclic_in(heap, |_: &Weak<Node>| panic_any(1))).is_none());
            let broken = (0..50).map(|number| if number < 40 { number } else { panic_any(2) });
            assert!(catch(|| Gc::collect_in(heap, broken)).is_none());
        }
    });
}

// ---- kinds of values -----------------------------------------------------------------------------

fn slices(heap: &Heap) {
    for len in (0..400).step_by(7) {
        let numbers = Gc::collect_in(heap, 0..len);
        let copy = Gc::cloned_slice_in(heap, &numbers);
        assert_eq!(numbers, copy);
        let strings: Vec<_> = numbers.iter().map(ToString::to_string).collect();
        assert_eq!(Gc::slice_in(heap, strings).len(), numbers.len());
        let odd = Gc::collect_in(heap, numbers.iter().copied().filter(|number| number % 2 == 1));
        let weak = Gc::downgrade(&odd);
        drop(odd);
        assert!(weak.is_dead());
        // A slice of handles that leads back to itself.
        let nodes = Gc::slice_in(heap, Node::ring(heap, 3));
        let holder = Gc::new_in(heap, RefCell::new(vec![AnyGc::from(nodes.clone())]));
        let ring = AnyGc::from(holder.clone());
        holder.borrow_mut().push(ring);
        let many: Gc<[Gc<Node>]> = Gc::from(vec![nodes[0].clone(); 5]);
        assert_eq!(Gc::strong_count(&many[0]), 1 + 1 + 5);
    }
    heap.collect();
}

fn strings(heap: &Heap) {
    for number in 0..MANY / 4 {
        let text = Gc::str_in(heap, &"text".repeat(number % 100));
        let weak = Gc::downgrade(&text);
        let bytes: Gc<[u8]> = text.into();
        assert_eq!(bytes.len(), number % 100 * 4);
        drop(bytes);
        assert!(weak.is_dead());
        let owned: Gc<str> = Gc::from(number.to_string());
        assert_eq!(*owned, *number.to_string());
    }
}

fn trait_objects(heap: &Heap) {
    trait Shape: Trace {
        fn area(&self) -> u64;
        fn link(&self, to: &Gc<dyn Shape>);
    }
    #[derive(Trace)]
    struct Square(u64, RefCell<Vec<Gc<dyn Shape>>>);
    #[derive(Trace)]
    struct Group(RefCell<Vec<Box<dyn Shape>>>, Slot<dyn Shape>);
    impl Shape for Square {
        fn area(&self) -> u64 {
            self.0 * self.0
        }
        fn link(&self, to: &Gc<dyn Shape>) {
            self.1.borrow_mut().push(to.clone());
        }
    }
    impl Shape for Group {
        fn area(&self) -> u64 {
            self.0.borrow().iter().map(|shape| shape.area()).sum()
        }
        fn link(&self, to: &Gc<dyn Shape>) {
            self.1.set(Some(to.clone()));
        }
    }
    for side in 0..MANY as u64 / 4 {
        let square = coerce!(Gc::new_in(heap, Square(side, RefCell::default())) => dyn Shape);
        let weak = Gc::downgrade(&square);
        let boxed: Box<dyn Shape> = Box::new(Square(side, RefCell::new(vec![square.clone()])));
        let group = Group(RefCell::new(vec![boxed]), Slot::empty());
        let group = coerce!(Gc::new_in(heap, group) => dyn Shape);
        square.link(&group);
        group.link(&square);
        assert_eq!(group.area(), weak.with(Shape::area).expect("it lives"));
    }
    heap.collect();
}

fn erased_handles(heap: &Heap) {
    for number in 0..MANY / 4 {
        let any = AnyGc::from(Gc::new_in(heap, number));
        let weak = any.downgrade();
        let number = any.downcast::<String>().expect_err("it is no string").downcast::<usize>();
        drop(number.expect("it is a number"));
        assert!(weak.is_dead());
        let slice = AnyGc::from(Gc::collect_in(heap, 0..5)).downcast_slice::<i32>();
        assert_eq!(slice.expect("it is a slice").len(), 5);
        let text = AnyGc::from(Gc::str_in(heap, "text")).downcast_str();
        assert_eq!(&*text.expect("it is a string"), "text");
        let node = Node::new(heap);
        node.link(&node);
        assert_eq!(AnyGc::from(node).referents().len(), 1);
    }
}

fn big_objects(heap: &Heap) {
    for size in [9_000, 20_000, 70_000, 300_000, 2_000_000] {
        let bytes: Vec<Gc<[u8]>> = (0..4).map(|_| Gc::slice_in(heap, vec![1; size])).collect();
        assert_eq!(bytes[3][size - 1], 1);
    }
    for _ in 0..20 {
        let big = Gc::new_in(heap, ([0_u64; 4000], Slot::<Node>::empty()));
        let holder = Node::ring(heap, 3);
        big.1.set(Some(holder[0].clone()));
        let ring = Gc::new_in(heap, RefCell::new(vec![AnyGc::from(big)]));
        let back = AnyGc::from(ring.clone());
        ring.borrow_mut().push(back);
    }
    heap.collect();
}

fn over_aligned_objects(heap: &Heap) {
    fn make<A: Trace + Default>(heap: &Heap) {
        for _ in 0..10 {
            let aligned = Gc::new_in(heap, (A::default(), RefCell::new(Vec::<AnyGc>::new())));
            assert!(Gc::as_ptr(&aligned).addr().is_multiple_of(align_of::<A>()));
            let back = AnyGc::from(aligned.clone());
            aligned.1.borrow_mut().push(back);
        }
    }
    #[derive(Trace, Default)]
    #[repr(align(64))]
    struct Line(u8);
    #[derive(Trace, Default)]
    #[repr(align(4096))]
    struct Page(u8);
    #[derive(Trace, Default)]
    #[repr(align(65536))]
    struct Large(u8);
    for _ in 0..5 {
        make::<Line>(heap);
        make::<Page>(heap);
        make::<Large>(heap);
        assert_eq!(Gc::new_in(heap, Line(1)).0, Gc::new_in(heap, Page(1)).0);
        assert_eq!(Gc::new_in(heap, Large(2)).0, 2);
    }
    heap.collect();
}

fn objects_of_all_sizes(heap: &Heap) {
    fn make<const BYTES: usize>(heap: &Heap) {
        let leaves: Vec<_> = (0..200).map(|_| Gc::new_in(heap, [1_u8; BYTES])).collect();
        let node = |_| Gc::new_in(heap, ([1_u8; BYTES], None::<Gc<u8>>));
        let nodes: Vec<_> = (0..200).map(node).collect();
        // Every other one goes, so that pages are full, half full and empty.
        let half: Vec<_> = nodes.into_iter().step_by(2).collect();
        drop(leaves);
        assert_eq!(half.len(), 100);
    }
    make::<0>(heap);
    make::<1>(heap);
    make::<24>(heap);
    make::<100>(heap);
    make::<500>(heap);
    make::<513>(heap);
    make::<1000>(heap);
    make::<3000>(heap);
    make::<8000>(heap);
    make::<8200>(heap);
}

fn new_cyclic(heap: &Heap) {
    #[derive(Trace)]
    struct Parent {
        me: Weak<Parent>,
        kids: Vec<Gc<Kid>>,
    }
    #[derive(Trace)]
    struct Kid {
        parent: Weak<Parent>,
        strong: Slot<Parent>,
    }
    for _ in 0..MANY / 10 {
        let parent = Gc::new_cyclic_in(heap, |me: &Weak<Parent>| {
            let kid = || Gc::new_in(heap, Kid { parent: me.clone(), strong: Slot::empty() });
            Parent { me: me.clone(), kids: (0..3).map(|_| kid()).collect() }
        });
        assert!(Weak::ptr_eq(&parent.me, &parent.kids[2].parent));
        parent.kids[0].strong.set(Some(parent.clone()));
    }
    assert_eq!(heap.collect().collected % 4, 0);
}

fn values_moved_out(heap: &Heap) {
    for number in 0..MANY / 4 {
        let mut one = Gc::new_in(heap, vec![number]);
        let mut other = one.clone();
        Gc::make_mut(&mut other).push(1);
        Gc::get_mut(&mut one).expect("it is alone").push(2);
        assert_eq!((one.len(), other.len()), (2, 2));
        let weak = Gc::downgrade(&one);
        Gc::make_mut(&mut one).push(3);
        assert!(weak.is_dead());
        assert_eq!(Gc::try_unwrap(one).expect("it is alone"), [number, 2, 3]);
        assert_eq!(Gc::unwrap_or_clone(other.clone()), [number, 1]);
        let raw = Gc::into_raw(other);
        // SAFETY: it came from `into_raw`, once.
        let other = unsafe { Gc::from_raw(raw) };
        assert_eq!(Gc::into_inner(other).map(|list| list.len()), Some(2));
    }
}

fn uninitialized_objects(heap: &Heap) {
    for number in 0..MANY / 4 {
        // Never initialized, as a value and as a slice.
        drop(Gc::<String>::new_uninit_in(heap));
        drop(Gc::<[String]>::new_uninit_slice_in(heap, number % 50));
        let mut one = Gc::<String>::new_uninit_in(heap);
        Gc::get_mut(&mut one).expect("it is alone").write(number.to_string());
        // SAFETY: it was written just now.
        let one = unsafe { one.assume_init() };
        assert_eq!(*one, number.to_string());
    }
}

/// More handles to one object than the header has room for while it is judged.
fn many_handles(heap: &Heap) {
    let hub = Node::new(heap);
    for _ in 0..10 {
        let node = Node::new(heap);
        *node.edges.borrow_mut() = vec![hub.clone(); 1 << 14];
        hub.link(&node);
    }
    heap.collect();
    assert!(Gc::strong_count(&hub) > 1 << 17);
    drop(hub);
    assert_eq!(heap.collect().collected, 11);
}

// ---- heaps and threads ---------------------------------------------------------------------------

fn several_heaps(heap: &Heap) {
    for _ in 0..20 {
        let others = [Heap::new(), Heap::new()];
        let list = (0..200).fold(None, |next, number| {
            let heap = [heap, &others[0], &others[1]][number % 3];
            Some(Gc::new_in(heap, Link { next: Slot::new(next) }))
        });
        for other in &others {
            drop(Node::ring(other, 20));
            other.collect();
            drop(Node::ring(other, 20));
        }
        drop(list);
    }
}

fn handles_that_outlive_heaps(_: &Heap) {
    for _ in 0..20 {
        let heap = Heap::new();
        let (ring, list) = (Node::ring(&heap, 5), Link::list(&heap, 100));
        let leaf = Gc::new_in(&heap, 5);
        let weak = Gc::downgrade(&leaf);
        let watch = Gc::watch(&leaf, || ());
        let calls = Rc::new(Cell::new(0));
        let count = calls.clone();
        drop(Gc::cleanup(&ring[0], move || count.set(count.get() + 1)));
        drop(heap);
        assert_eq!(calls.get(), 1);
        ring.iter().for_each(|node| drop(node.edges.take()));
        let late = Gc::new_in(&Gc::heap(&leaf), 6);
        drop((leaf, list));
        assert!(weak.is_dead() && watch.is_dead());
        assert_eq!(*late, 6);
    }
}

fn threads(_: &Heap) {
    for _ in 0..5 {
        let threads: Vec<_> = (0..3)
            .map(|_| {
                std::thread::spawn(|| {
                    // The thread's own heap, with garbage that only its end collects, and one more.
                    let node = Gc::new(Node::default());
                    node.link(&node);
                    drop(Node::ring(&Heap::new(), 50));
                    drop(Node::ring(&Heap::current(), 50));
                    Gc::watch(&node, || ()).forget();
                    let cleanup = Gc::cleanup(&node, || 5);
                    assert!(cleanup.is_alive());
                })
            })
            .collect();
        threads.into_iter().for_each(|thread| thread.join().expect("no panic"));
    }
}

/// Other programs at the same time, each on a thread of its own.
fn heaps_side_by_side(_: &Heap) {
    const SIDE_BY_SIDE: [Program; 6] =
        [graph_churn, weak_handles, watches_and_cleanups, resurrection, identities, slices];
    let threads = SIDE_BY_SIDE.map(|program| {
        std::thread::spawn(move || {
            program(&Heap::new());
            program(&Heap::current());
        })
    });
    threads.into_iter().for_each(|thread| thread.join().expect("no panic"));
}

/// Thread-locals that hold handles, and make new objects when the thread's heap has ended.
fn late_thread_locals(_: &Heap) {
    struct Late(Cell<Option<Gc<Node>>>);
    impl Drop for Late {
        fn drop(&mut self) {
            let node = self.0.take().expect("it was put in");
            let late = Gc::new(Node::default());
            node.link(&late);
            drop(Gc::new(5));
        }
    }
    thread_local! { static LATE: Late = const { Late(Cell::new(None)) } }
    for first in [true, false].repeat(5) {
        let thread = std::thread::spawn(move || {
            // Asked for before the thread's heap or after it: gone after it or before it.
            if first {
                LATE.with(|_| ());
            }
            let node = Gc::new(Node::default());
            LATE.with(|late| late.0.set(Some(node)));
        });
        thread.join().expect("no panic");
    }
}

fn shutdowns(_: &Heap) {
    for _ in 0..20 {
        let heap = Heap::new();
        let calls = Rc::new(Cell::new(0));
        let kept = Node::ring(&heap, 4);
        for node in &kept {
            let count = calls.clone();
            drop(Gc::cleanup(node, move || count.set(count.get() + 1)));
        }
        heap.freeze();
        drop(Node::ring(&heap, 5));
        let report = heap.shutdown();
        assert_eq!((report.cleanups, report.collected, report.outstanding), (4, 5, 4));
        assert_eq!(calls.get(), 4);
        kept.iter().for_each(|node| drop(node.edges.take()));
    }
}

// ---- what is said to a heap ----------------------------------------------------------------------

fn freezing(heap: &Heap) {
    let ring = Node::ring(heap, MANY);
    heap.freeze();
    let young = Node::ring(heap, 100);
    ring[0].link(&young[0]);
    drop((ring, young));
    assert_eq!(heap.collect().collected, 0);
    heap.unfreeze();
    assert_eq!(heap.collect().collected, MANY + 100);
}

fn budgets(heap: &Heap) {
    for _ in 0..MANY / 10 {
        drop(Node::ring(heap, 10));
    }
    let mut rounds = 0;
    while !heap.collect_within(Budget::objects(100)).complete {
        rounds += 1;
    }
    assert!(rounds > 0);
    drop(Node::ring(heap, 10));
    heap.collect_within(Budget::time(std::time::Duration::from_secs(10)));
}

fn saved_garbage(heap: &Heap) {
    heap.set_debug(DebugFlags::SAVE_ALL);
    drop(Node::ring(heap, MANY));
    assert_eq!(heap.collect().uncollectable, MANY);
    heap.set_debug(DebugFlags::NONE);
    let garbage = heap.take_garbage();
    assert_eq!(garbage.len(), MANY);
    drop(garbage);
    assert_eq!(heap.collect().collected, MANY);
}

fn weak_value_maps(heap: &Heap) {
    let map = WeakValueMap::new();
    let mut kept = Vec::new();
    for number in 0..MANY {
        let value = Gc::new_in(heap, number);
        assert!(map.insert(number % (MANY / 3), &value).is_none_or(|old| *old != number));
        if number % 3 == 0 {
            kept.push(value);
        }
        if number % 100 == 99 {
            drop(kept.drain(..10));
        }
        let node = Node::new(heap);
        node.link(&node);
        map.get(&number).inspect(|value| assert_eq!(**value % (MANY / 3), number % (MANY / 3)));
    }
    assert!(map.len() <= kept.len());
    drop(kept);
    assert!(map.is_empty());
    heap.collect();
}

fn subscriptions(heap: &Heap) {
    let events = Rc::new(Cell::new(0));
    for _ in 0..MANY / 100 {
        let subscribe = |_| {
            let events = events.clone();
            heap.on_collection(move |_| events.set(events.get() + 1))
        };
        let kept: Vec<_> = (0..5).map(subscribe).collect();
        drop(Node::ring(heap, 2));
        heap.collect();
        // One that ends itself.
        let own = Rc::new(RefCell::new(None));
        let me = own.clone();
        *own.borrow_mut() = Some(heap.on_collection(move |_| drop(me.take())));
        heap.collect();
        assert!(own.borrow().is_none());
        drop(kept);
    }
    assert_eq!(events.get(), MANY / 100 * 5 * 4);
}

fn debug_records(heap: &Heap) {
    let told = Rc::new(Cell::new(0));
    for _ in 0..10 {
        let count = told.clone();
        heap.set_debug_sink(Some(move |_| count.set(count.get() + 1)));
        let flags = DebugFlags::STATS | DebugFlags::COLLECTABLE | DebugFlags::UNCOLLECTABLE;
        heap.set_debug(flags);
        drop(Node::ring(heap, 20));
        heap.collect();
        heap.set_debug(DebugFlags::NONE);
        heap.set_debug_sink(None::<fn(_)>);
    }
    assert!(told.get() > 10 * 20);
}

fn external_bytes(heap: &Heap) {
    automatic(heap, 1000);
    for _ in 0..20 {
        drop(Node::ring(heap, 5));
        heap.adjust_external_bytes(100 << 20);
        drop(Node::ring(heap, 5));
        heap.adjust_external_bytes(-(100 << 20));
    }
    assert_eq!(heap.stats().external_bytes, 0);
}

/// Many collections, so that the clock of births goes on a long way.
fn clocks_that_run(heap: &Heap) {
    let kept = Node::ring(heap, 10);
    for _ in 0..MANY {
        drop(kept[0].clone());
        heap.collect_generation(Generation::Young);
    }
    let _pause = heap.pause();
    drop(kept);
    heap.collect();
}

// ---- looking inside ------------------------------------------------------------------------------

/// What a snapshot is made of: all objects, their edges, and who holds them.
fn enumeration(heap: &Heap) {
    let ring = Node::ring(heap, 100);
    let mut edges = 0;
    for object in heap.objects() {
        edges += object.referents().len();
        assert!(object.size() > 0 && object.type_name().contains("Node"));
    }
    assert_eq!(edges, 100);
    for node in &ring {
        assert_eq!(heap.referrers(node).len(), 1);
        assert_eq!(Gc::referents(node).len(), 1);
    }
    let young = heap.objects_in(Generation::Young).len();
    let mut seen = 0;
    heap.for_each_object(|object| seen += usize::from(object.generation() == Generation::Young));
    assert_eq!(seen, young);
    drop(ring);
    heap.collect();
}

fn identities(heap: &Heap) {
    let ring = Node::ring(heap, MANY);
    let mut ids: Vec<_> = ring.iter().map(Gc::id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), MANY);
    drop(ring);
    assert_eq!(heap.collect().collected, MANY);
}

/// The lists of the pairs and values that are on the way live in thread-locals.
fn printing_and_comparing(heap: &Heap) {
    #[derive(Trace, Debug, PartialEq)]
    struct Person {
        friends: RefCell<Vec<Gc<Person>>>,
    }
    for _ in 0..MANY / 100 {
        let person = || Gc::new_in(heap, Person { friends: RefCell::default() });
        let pair = [person(), person()];
        for number in 0..2 {
            pair[number].friends.borrow_mut().extend(pair.clone());
        }
        assert!(format!("{:?}", pair[0]).contains('↻'));
        assert_eq!(pair[0], pair[1]);
    }
    heap.collect();
}
