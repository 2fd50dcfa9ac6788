//! Where a program runs: a heap, objects whose hooks can be made to panic, and the account of all that
//! was made, dropped, thrown and caught.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};

use gc_core::{
    Collection, DebugFlags, Finalize, FinalizeCx, Gc, GcError, GivenUp, Heap, ShutdownReport, Slot,
    Trace, Tracer, Weak,
};

use super::allocator::{self, outside, window};

/// What every injected panic says.
pub(crate) const INJECTED: &str = "injected";

/// What the error handler does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Handler {
    /// There is none.
    Absent,
    /// It counts.
    Counts,
    /// It counts, and then panics itself.
    Panics,
}

/// Which hook calls panic.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Calls {
    One,
    AllFromThere,
}

/// When a hook panics: before it does what it does, or after.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Moment {
    Before,
    After,
}

/// A way to inject panics.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Mode {
    pub(crate) handler: Handler,
    pub(crate) calls: Calls,
    pub(crate) moment: Moment,
}

/// What is to happen in one run, and what did. Shared with every object of the run.
#[derive(Debug)]
pub(crate) struct Plan {
    mode: Mode,
    /// The number of the hook call that panics; `usize::MAX`: none.
    at: AtomicUsize,
    /// Nothing goes wrong in this run, so that every figure is as the program claims.
    is_clean: bool,
    /// Whether allocations fail in this run, or are counted.
    is_about_memory: bool,
    calls: AtomicUsize,
    thrown: AtomicUsize,
    caught: AtomicUsize,
    handled: AtomicUsize,
    /// Panics that are none of ours.
    strange: AtomicUsize,
    made: AtomicUsize,
    dropped: AtomicUsize,
    /// Visits that panicked.
    visits_thrown: AtomicUsize,
    /// Whether a heap ends while the program runs.
    a_heap_ends: AtomicBool,
    /// While the harness itself looks at the heap, calls do not count.
    asleep: AtomicBool,
}

fn one_more(counter: &AtomicUsize) -> usize {
    counter.fetch_add(1, Relaxed)
}

impl Plan {
    fn new(mode: Mode, at: Option<usize>, is_clean: bool, is_about_memory: bool) -> Arc<Self> {
        let [calls, thrown, caught, handled, strange, made, dropped, visits_thrown] =
            Default::default();
        let at = AtomicUsize::new(at.unwrap_or(usize::MAX));
        Arc::new(Self {
            mode,
            at,
            is_clean,
            is_about_memory,
            calls,
            thrown,
            caught,
            handled,
            strange,
            made,
            dropped,
            visits_thrown,
            a_heap_ends: AtomicBool::new(false),
            asleep: AtomicBool::new(false),
        })
    }

    /// A run with hook call `at` panicking; `None`: a clean run.
    pub(crate) fn of_panics(mode: Mode, at: Option<usize>) -> Arc<Self> {
        Self::new(mode, at, at.is_none(), false)
    }

    /// A run in which the allocator may fail.
    pub(crate) fn of_memory(is_clean: bool) -> Arc<Self> {
        let mode = Mode { handler: Handler::Absent, calls: Calls::One, moment: Moment::Before };
        Self::new(mode, None, is_clean, true)
    }

    /// User code that the heap runs: a call with a number, which may be the one that panics.
    pub(crate) fn hook<R>(&self, code: impl FnOnce() -> R) -> R {
        if self.asleep.load(Relaxed) {
            return code();
        }
        outside(|| {
            let (number, at) = (one_more(&self.calls), self.at.load(Relaxed));
            // A second panic during one would be the user's own abort.
            let panics = !std::thread::panicking()
                && match self.mode.calls {
                    Calls::One => number == at,
                    Calls::AllFromThere => number >= at,
                };
            if panics && self.mode.moment == Moment::Before {
                self.throw();
            }
            let result = code();
            if panics {
                self.throw();
            }
            result
        })
    }

    fn throw(&self) -> ! {
        one_more(&self.thrown);
        panic!("{INJECTED}")
    }

    pub(crate) fn calls(&self) -> usize {
        self.calls.load(Relaxed)
    }

    pub(crate) fn thrown(&self) -> usize {
        self.thrown.load(Relaxed)
    }

    pub(crate) fn handled(&self) -> usize {
        self.handled.load(Relaxed)
    }

    /// Panics that nobody has seen yet: they must be told on stderr.
    pub(crate) fn unseen(&self) -> usize {
        let seen = self.caught.load(Relaxed) + self.handled();
        self.thrown().checked_sub(seen).expect("no panic is seen twice")
    }

    /// A heap comes to its end before the program does: it has one chance to sweep.
    pub(crate) fn a_heap_ends(&self) {
        self.a_heap_ends.store(true, Relaxed);
    }

    /// Where every visit panics, the last sweep of a heap finds nothing out. That is the one thing that
    /// panics may take: what the last sweep would have freed.
    pub(crate) fn may_have_lost(&self) -> bool {
        self.mode.calls == Calls::AllFromThere
            && self.visits_thrown.load(Relaxed) > 0
            && self.a_heap_ends.load(Relaxed)
    }

    /// What was made was dropped, and no panic but the injected ones came by.
    pub(crate) fn settle(&self) {
        assert_eq!(self.strange.load(Relaxed), 0, "a panic that nobody injected");
        let (made, dropped) = (self.made.load(Relaxed), self.dropped.load(Relaxed));
        let are_all = made == dropped || dropped < made && self.may_have_lost();
        assert!(are_all, "{made} values were made, {dropped} dropped");
    }
}

/// A field that is counted, and whose drop is a hook.
pub(crate) struct Probe {
    plan: Arc<Plan>,
    whole: Cell<bool>,
    on_drop: Option<Box<dyn FnOnce()>>,
}

impl Drop for Probe {
    fn drop(&mut self) {
        assert!(self.whole.replace(false), "a value was dropped twice");
        one_more(&self.plan.dropped);
        let on_drop = self.on_drop.take();
        self.plan.hook(|| {
            if let Some(on_drop) = on_drop {
                on_drop();
            }
        });
    }
}

impl Clone for Probe {
    fn clone(&self) -> Self {
        self.check();
        self.plan.hook(|| Self::new(&self.plan))
    }
}

// SAFETY: reports nothing.
unsafe impl Trace for Probe {
    fn trace(&self, _: &mut Tracer<'_>) {}
    fn may_hold_gc(_: gc_core::Depth) -> bool {
        false
    }
}

impl Probe {
    fn new(plan: &Arc<Plan>) -> Self {
        one_more(&plan.made);
        Self { plan: plan.clone(), whole: Cell::new(true), on_drop: None }
    }

    pub(crate) fn check(&self) {
        assert!(self.whole.get(), "a value was read after its drop");
    }
}

/// A field whose visit is a hook.
#[derive(Clone)]
pub(crate) struct Visit(Arc<Plan>);

impl Visit {
    pub(crate) fn new(lab: &Lab) -> Self {
        Self(lab.plan.clone())
    }
}

// SAFETY: reports nothing. That it panics is what is tried.
unsafe impl Trace for Visit {
    fn trace(&self, _: &mut Tracer<'_>) {
        let thrown = self.0.thrown();
        /// Counts when the visit unwinds.
        struct Count<'a>(&'a Plan, usize);
        impl Drop for Count<'_> {
            fn drop(&mut self) {
                if self.0.thrown() > self.1 {
                    one_more(&self.0.visits_thrown);
                }
            }
        }
        let _count = Count(&self.0, thrown);
        self.0.hook(|| ());
    }
}

type LastWords = Box<dyn FnOnce(&Gc<Node>)>;

/// An object all of whose hooks may panic: visit, finalizer, drop.
#[derive(Trace)]
#[trace(finalize)]
pub(crate) struct Node {
    pub(crate) edges: RefCell<Vec<Gc<Node>>>,
    pub(crate) weak: RefCell<Vec<Weak<Node>>>,
    visit: Visit,
    #[trace(skip)]
    last_words: Cell<Option<LastWords>>,
    pub(crate) probe: Probe,
}

impl Finalize for Node {
    fn finalize(&self, cx: &FinalizeCx<'_, Self>) {
        self.probe.check();
        self.edges.borrow().iter().for_each(|edge| edge.probe.check());
        let last_words = self.last_words.take();
        self.visit.0.hook(|| {
            if let Some(last_words) = last_words {
                last_words(&cx.handle());
            }
        });
    }
}

impl Node {
    pub(crate) fn link(&self, to: &Gc<Node>) {
        self.edges.borrow_mut().push(to.clone());
    }

    pub(crate) fn cut(&self) {
        let edges = self.edges.take();
        drop(edges);
    }

    /// What the finalizer does.
    pub(crate) fn last_words(&self, words: impl FnOnce(&Gc<Node>) + 'static) {
        self.last_words.set(Some(Box::new(words)));
    }
}

/// An object without finalizer, that can be cloned.
#[derive(Trace, Clone)]
pub(crate) struct Plain {
    pub(crate) next: Slot<Plain>,
    pub(crate) probe: Probe,
}

/// A heap, and the plan of this run.
pub(crate) struct Lab {
    pub(crate) heap: Heap,
    pub(crate) plan: Arc<Plan>,
    /// Another heap that is settled with this one.
    second: Cell<Option<Heap>>,
}

impl Lab {
    /// A lab in this heap, which collects only when it is asked.
    pub(crate) fn new(heap: Heap, plan: &Arc<Plan>) -> Self {
        heap.set_auto_collect(false);
        let lab = Self::like(&heap, plan);
        lab.handle_errors(&lab.heap);
        lab
    }

    /// The same heap once more, for hooks to hold.
    pub(crate) fn like(heap: &Heap, plan: &Arc<Plan>) -> Self {
        Self { heap: heap.clone(), plan: plan.clone(), second: Cell::new(None) }
    }

    /// The other lab's heap is settled with this one.
    pub(crate) fn outlives_program(&self, other: &Lab) {
        self.second.set(Some(other.heap.clone()));
    }

    /// Gives the heap the error handler of this run's mode.
    pub(crate) fn handle_errors(&self, heap: &Heap) {
        if self.plan.mode.handler == Handler::Absent {
            return;
        }
        let plan = self.plan.clone();
        heap.set_error_handler(Some(move |error: GcError| {
            outside(|| {
                one_more(if error.message() == INJECTED { &plan.handled } else { &plan.strange });
                assert_ne!(plan.mode.handler, Handler::Panics, "the handler's own");
            });
        }));
    }

    /// Verifies a heap in the middle of a program.
    pub(crate) fn verify(&self) {
        self.plan.asleep.store(true, Relaxed);
        self.heap.verify();
        self.plan.asleep.store(false, Relaxed);
    }

    pub(crate) fn is_clean(&self) -> bool {
        self.plan.is_clean
    }

    /// Something that holds as long as nothing goes wrong.
    #[track_caller]
    pub(crate) fn claim(&self, holds: bool) {
        assert!(holds || !self.is_clean());
    }

    /// One thing that a user does. `None`: a panic came out of it.
    pub(crate) fn step<R>(&self, code: impl FnOnce() -> R) -> Option<R> {
        match catch_unwind(AssertUnwindSafe(code)) {
            Ok(result) => Some(result),
            Err(payload) => {
                if payload.downcast_ref::<String>().is_some_and(|text| text == INJECTED)
                    || payload.downcast_ref::<&str>().is_some_and(|text| *text == INJECTED)
                {
                    one_more(&self.plan.caught);
                } else {
                    one_more(&self.plan.strange);
                    std::panic::resume_unwind(payload);
                }
                None
            }
        }
    }

    /// A collection, which may find no memory: then it is given up, and says so.
    pub(crate) fn collecting(&self, code: impl FnOnce() -> Collection) -> Option<Collection> {
        let failed = allocator::failed();
        let collection = self.step(|| window(code))?;
        if self.plan.is_about_memory {
            match collection.given_up {
                None => {}
                Some(GivenUp::OutOfMemory) => assert!(allocator::failed() > failed),
                Some(other) => panic!("given up for another reason: {other:?}"),
            }
        }
        Some(collection)
    }

    pub(crate) fn collect(&self) -> Option<Collection> {
        self.collecting(|| self.heap.collect())
    }

    /// Something that never takes memory: to drop, to clear, to clone a handle.
    pub(crate) fn frugal<R>(&self, code: impl FnOnce() -> R) -> Option<R> {
        let seen = allocator::seen();
        let result = self.step(|| window(code));
        if self.plan.is_about_memory {
            assert_eq!(allocator::seen(), seen, "it takes memory");
        }
        result
    }

    /// The end of a heap: it may find no memory to sweep, but it ends.
    pub(crate) fn ending(&self, code: impl FnOnce() -> ShutdownReport) -> Option<ShutdownReport> {
        self.step(|| window(code))
    }

    pub(crate) fn drop<T>(&self, value: T) {
        self.frugal(move || drop(value));
    }

    /// An object with this value. Where there is no memory, the value comes back and is tried again.
    pub(crate) fn make<T: Trace>(&self, value: T) -> Gc<T> {
        match window(|| Gc::try_new_in(&self.heap, value)) {
            Ok(object) => object,
            Err(refused) => {
                assert_eq!(format!("{refused}, {refused:?}"), "out of memory, AllocError");
                assert!(allocator::failed() > 0, "refused without need");
                Gc::new_in(&self.heap, refused.into_inner())
            }
        }
    }

    pub(crate) fn probe(&self) -> Probe {
        Probe::new(&self.plan)
    }

    /// A probe whose drop does this.
    pub(crate) fn probe_with(&self, on_drop: impl FnOnce() + 'static) -> Probe {
        let mut probe = self.probe();
        probe.on_drop = Some(Box::new(on_drop));
        probe
    }

    fn node_of(&self, probe: Probe) -> Gc<Node> {
        let (edges, weak, last_words) = Default::default();
        self.make(Node { edges, weak, visit: Visit(self.plan.clone()), last_words, probe })
    }

    pub(crate) fn node(&self) -> Gc<Node> {
        self.node_of(self.probe())
    }

    /// A node that holds itself.
    pub(crate) fn self_cycle(&self) -> Gc<Node> {
        let node = self.node();
        node.link(&node);
        node
    }

    pub(crate) fn node_with(&self, on_drop: impl FnOnce() + 'static) -> Gc<Node> {
        self.node_of(self.probe_with(on_drop))
    }

    /// A node that is not in a heap yet.
    pub(crate) fn bare_node(&self, weak: Weak<Node>) -> Node {
        let (edges, last_words) = Default::default();
        let weak = RefCell::new(vec![weak]);
        Node { edges, weak, visit: Visit(self.plan.clone()), last_words, probe: self.probe() }
    }

    pub(crate) fn bare_plain(&self) -> Plain {
        Plain { next: Slot::empty(), probe: self.probe() }
    }

    pub(crate) fn plain(&self) -> Gc<Plain> {
        self.make(self.bare_plain())
    }

    /// A doubly linked ring.
    pub(crate) fn ring(&self, len: usize) -> Vec<Gc<Node>> {
        let ring: Vec<_> = (0..len).map(|_| self.node()).collect();
        for (i, node) in ring.iter().enumerate() {
            node.link(&ring[(i + len - 1) % len]);
            node.link(&ring[(i + 1) % len]);
        }
        ring
    }

    /// A code that is a hook, for closures.
    pub(crate) fn hook(&self, code: impl Fn() + 'static) -> impl Fn() + 'static {
        let plan = self.plan.clone();
        move || plan.hook(&code)
    }

    /// The program is over: the heap is whole, works on, and lets go of everything.
    pub(crate) fn settle(self) {
        self.plan.at.store(usize::MAX, Relaxed);
        allocator::fail_at(usize::MAX, false);
        self.heap.verify();
        self.heap.set_debug(DebugFlags::NONE);
        drop(self.heap.take_garbage());
        self.heap.unfreeze();
        self.works_on();
        while self.heap.collect().collected > 0 {}
        if let Some(second) = self.second.take() {
            // Twice: what each holds in the other counts as held from outside.
            while second.collect().collected + self.heap.collect().collected > 0 {}
            second.verify();
            assert_eq!(second.live_count(), 0, "objects are left in the other heap");
        }
        self.heap.verify();
        assert_eq!(self.heap.live_count(), 0, "objects are left");
        assert_eq!(self.heap.frozen_count(), 0);
        let plan = self.plan.clone();
        drop(self);
        plan.settle();
    }

    /// Births, counts, weak handles, finalizers, calls and collections go as ever.
    fn works_on(&self) {
        while self.heap.collect().collected > 0 {}
        let before = self.heap.live_count();
        let calls = std::rc::Rc::new(Cell::new(0));
        let count = |calls: &std::rc::Rc<Cell<u32>>| {
            let calls = calls.clone();
            move || calls.set(calls.get() + 1)
        };
        let ring = self.ring(3);
        let weak = Gc::downgrade(&ring[0]);
        let call = count(&calls);
        ring[1].last_words(move |_| call());
        Gc::watch(&ring[2], count(&calls)).forget();
        drop(ring);
        assert!(weak.upgrade().is_some());
        let collection = self.heap.collect();
        assert_eq!((collection.collected, collection.finalized), (3, 3));
        assert_eq!((collection.given_up, collection.complete), (None, true));
        assert!(weak.is_dead());
        let node = self.node();
        Gc::watch(&node, count(&calls)).forget();
        drop(node);
        assert_eq!(calls.get(), 3);
        assert_eq!(self.heap.live_count(), before);
    }
}
