//! What goes wrong in user code: a `Trace` that lies or panics, cells borrowed at the wrong moment,
//! and hooks that panic (conformance group ERR, whose compile-time cases are tests of the derive).
//! Hunted: a heap left in the middle of something, a panic lost, told twice, or on top of another.

use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};

use crate::support::*;
use Generation::{Middle, Old, Young};

/// The message of the panic that `code` ends with.
fn panic_of<R>(code: impl FnOnce() -> R) -> Option<String> {
    catch_unwind(AssertUnwindSafe(code)).err().map(|payload| message(&*payload))
}

/// Asserts that the heap works: births, counts, weak handles, finalizers and collections.
fn assert_usable(heap: &Heap) {
    let world = World { heap: heap.clone(), log: Log::default() };
    heap.collect();
    let before = heap.live_count();
    let ring = world.ring(1, 3);
    let weak = Gc::downgrade(&ring[0]);
    let watch = world.watch(&ring[1], 7);
    drop(ring);
    assert!(weak.upgrade().is_some());
    assert_eq!(heap.collect().collected, 3);
    assert!(weak.is_dead());
    let events = world.log.take();
    assert_eq!((events.len(), events.last()), (7, Some(&Dead(7))), "{events:?}");
    drop(world.obj(4));
    assert_eq!(world.log.take(), [Fin(4), Dropped(4)]);
    assert_eq!(heap.live_count(), before);
    drop(watch);
}

// ---- a `Trace` that breaks its contract ------------------------------------------------------------

/// Says on stderr when it is dropped.
struct Loud;

impl Drop for Loud {
    fn drop(&mut self) {
        eprintln!("the loud one was dropped");
    }
}

#[derive(Trace)]
struct Target {
    _edge: Slot<Target>,
    #[trace(skip)]
    _loud: Loud,
}

struct ReportsThrice {
    edge: Slot<Target>,
}

// SAFETY: none. The one edge is reported three times, which is what the test is about.
unsafe impl Trace for ReportsThrice {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        (0..3).for_each(|_| self.edge.trace(tracer));
    }
}

#[test]
fn err_01_over_reporting_trace_is_caught() {
    let name = "errors::err_01_over_reporting_trace_is_caught";
    let Some(output) = in_own_process(name, || {
        let heap = quiet_heap();
        let b = Gc::new_in(&heap, Target { _edge: Slot::empty(), _loud: Loud });
        let liar = Gc::new_in(&heap, ReportsThrice { edge: Slot::new(Some(b.clone())) });
        drop(liar.clone()); // a suspect
        eprintln!("b is at {:p}.", Gc::as_ptr(&b));
        heap.collect();
        eprintln!("the collection came back");
    }) else {
        return;
    };
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    let address = stderr.split("b is at ").nth(1).and_then(|rest| rest.split('.').next());
    let address = format!("at {}", address.expect("the test told it"));
    let report = stderr.lines().find(|line| line.starts_with("gc-core:")).expect("a report");
    for part in ["refcount", std::any::type_name::<Target>(), "2 handles", &address] {
        assert!(report.contains(part), "no {part:?} in {report:?}");
    }
    assert!(!stderr.contains("the loud one was dropped"), "{stderr}");
    assert!(!stderr.contains("came back"), "{stderr}");
}

/// The lie that is seen only when values drop: the second judgement found garbage what is held.
#[test]
fn over_reporting_that_condemns_a_held_object_is_caught_before_memory_is_reused() {
    let name =
        "errors::over_reporting_that_condemns_a_held_object_is_caught_before_memory_is_reused";
    struct ReportsTwice {
        edge: Slot<ReportsTwice>,
    }
    // SAFETY: none. The one edge is reported twice, which is what the test is about.
    unsafe impl Trace for ReportsTwice {
        fn trace(&self, tracer: &mut Tracer<'_>) {
            (0..2).for_each(|_| self.edge.trace(tracer));
        }
    }
    let Some(output) = in_own_process(name, || {
        let heap = quiet_heap();
        let held = Gc::new_in(&heap, ReportsTwice { edge: Slot::empty() });
        held.edge.set(Some(held.clone()));
        drop(held.clone());
        heap.collect();
        eprintln!("the collection came back with {}", Gc::strong_count(&held));
    }) else {
        return;
    };
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(stderr.contains("refcount") && stderr.contains("ReportsTwice"), "{stderr}");
    assert!(!stderr.contains("came back"), "{stderr}");
}

/// Panics the first time it is traced.
struct Moody {
    calm: Cell<bool>,
    next: Slot<Moody>,
    other: Slot<Obj>,
}

// SAFETY: reports each handle once. That it panics is what the test is about.
unsafe impl Trace for Moody {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        assert!(self.calm.replace(true), "not today");
        self.next.trace(tracer);
        self.other.trace(tracer);
    }
}

#[test]
fn err_02_panicking_trace() {
    for with_handler in [true, false] {
        let world = World::quiet();
        let live = world.obj(0);
        world.heap.collect();
        drop(live.clone());
        let ring = world.ring(1, 3);
        let moody = |other| {
            let (calm, next) = (Cell::new(false), Slot::empty());
            Gc::new_in(&world.heap, Moody { calm, next, other: Slot::new(other) })
        };
        let moody = moody(Some(ring[0].clone()));
        moody.next.set(Some(moody.clone()));
        let weak_ring = Gc::downgrade(&ring[0]);
        let weak_moody = Gc::downgrade(&moody);
        drop((ring, moody));
        let state = || {
            let generations =
                world.heap.objects().iter().map(AnyGc::generation).collect::<Vec<_>>();
            let counts =
                (weak_ring.strong_count(), weak_moody.strong_count(), Gc::strong_count(&live));
            (world.heap.counts(), world.heap.live_count(), generations, counts)
        };
        let before = state();

        if with_handler {
            let errors = collect_errors(&world.heap);
            let collection = world.heap.collect();
            assert_eq!(collection.given_up, Some(GivenUp::TracePanicked));
            assert_eq!((collection.collected, collection.complete), (0, false));
            let errors = errors.take();
            assert_eq!(errors.len(), 1);
            assert_eq!((errors[0].hook(), errors[0].message()), (Hook::Trace, "not today"));
        } else {
            assert_eq!(panic_of(|| world.heap.collect()), Some("not today".into()));
        }
        assert_eq!(state(), before);
        world.heap.verify();
        assert!(weak_ring.upgrade().is_some() && weak_moody.upgrade().is_some());
        assert_eq!(world.log.events(), []);

        let second = world.heap.collect();
        assert_eq!((second.given_up, second.collected), (None, 4));
        assert!(weak_ring.is_dead() && weak_moody.is_dead());
        live.check();
        assert_eq!(Gc::generation(&live), Old);
        drop(live);
        world.finish(0..4, &[]);
    }
}

#[test]
fn a_collection_that_is_given_up_leaves_each_object_in_its_generation() {
    for judged in [Young, Middle, Old] {
        let world = World::quiet();
        let errors = collect_errors(&world.heap);
        let mut kept = Vec::new();
        for (n, generation) in [(1, Some(Middle)), (2, Some(Young)), (3, None)] {
            kept.push(world.obj(n));
            if let Some(generation) = generation {
                world.heap.collect_generation(generation);
            }
        }
        drop(kept.clone()); // all are suspects
        let (calm, next) = (Cell::new(false), Slot::empty());
        let moody = Gc::new_in(&world.heap, Moody { calm, next, other: Slot::empty() });
        drop(moody.clone());
        assert_eq!(world.heap.collect_generation(judged).given_up, Some(GivenUp::TracePanicked));
        assert_eq!(kept.iter().map(Gc::generation).collect::<Vec<_>>(), [Old, Middle, Young]);
        world.heap.verify();
        assert_eq!(errors.take().len(), 1);
        drop((kept, moody));
        world.finish(1..4, &[]);
    }
}

/// Objects without any flag are told apart by their epochs alone.
#[test]
fn a_collection_that_is_given_up_leaves_what_suspects_lead_to_in_its_generation() {
    struct Allocates(Heap);
    // SAFETY: reports nothing. That it allocates, which is noticed, is what the test is about.
    unsafe impl Trace for Allocates {
        fn trace(&self, _: &mut Tracer<'_>) {
            drop(Gc::new_in(&self.0, Slot::<u8>::empty()));
        }
    }
    for judged in [Young, Middle, Old] {
        let world = World::quiet();
        let mut nodes = Vec::new();
        for generation in [Some(Middle), Some(Young), None] {
            nodes.push(Gc::new_in(&world.heap, Slot::<u8>::empty()));
            if let Some(generation) = generation {
                world.heap.collect_generation(generation);
            }
        }
        let allocates = Allocates(world.heap.clone());
        let suspect = Gc::new_in(&world.heap, (nodes.clone(), allocates));
        drop(suspect.clone());
        let collection = world.heap.collect_generation(judged);
        assert_eq!(collection.given_up, Some(GivenUp::TraceMisbehaved));
        assert_eq!(nodes.iter().map(Gc::generation).collect::<Vec<_>>(), [Old, Middle, Young]);
        drop((nodes, suspect));
        world.finish([], &[]);
    }
}

/// A `Trace` that panics in the second judgement, when finalizers have run already.
#[test]
fn a_trace_that_panics_after_the_finalizers_leaves_everything_alive() {
    #[derive(Default)]
    struct Late {
        visits: Cell<u32>,
        next: Slot<Late>,
    }
    // SAFETY: reports its handle once. That it panics is what the test is about.
    unsafe impl Trace for Late {
        fn trace(&self, tracer: &mut Tracer<'_>) {
            self.visits.set(self.visits.get() + 1);
            assert_ne!(self.visits.get(), 2, "the second time");
            self.next.trace(tracer);
        }
    }
    let world = World::quiet();
    let errors = collect_errors(&world.heap);
    let late = Gc::new_in(&world.heap, Late::default());
    late.next.set(Some(late.clone()));
    let weak = Gc::downgrade(&late);
    drop(late);
    drop(world.ring(1, 3));
    let collection = world.heap.collect();
    assert_eq!((collection.finalized, collection.collected), (3, 0));
    assert_eq!(collection.given_up, Some(GivenUp::TracePanicked));
    assert_eq!(errors.take().len(), 1);
    assert!(weak.upgrade().is_some());
    assert_eq!(world.log.drops(), 0);
    assert_eq!(world.heap.collect().collected, 4);
    world.finish(1..4, &[]);
}

/// What a `Trace` must not do, and the heap notices.
#[test]
fn a_trace_that_allocates_drops_or_collects_is_given_up() {
    type Misdeed = fn(&Meddler);
    struct Meddler {
        heap: Heap,
        victim: RefCell<Option<Gc<Obj>>>,
        text: RefCell<Option<Gc<String>>>,
        misdeed: Cell<Option<Misdeed>>,
    }
    // SAFETY: reports nothing. What it does besides is what the test is about.
    unsafe impl Trace for Meddler {
        fn trace(&self, _: &mut Tracer<'_>) {
            if let Some(misdeed) = self.misdeed.take() {
                misdeed(self);
            }
        }
    }
    let allocate: Misdeed = |me| drop(Gc::new_in(&me.heap, Slot::<u8>::empty()));
    let collect: Misdeed = |me| {
        me.heap.collect();
    };
    let drop_handle: Misdeed = |me| drop(me.victim.take());
    let drop_leaf: Misdeed = |me| drop(me.text.take());
    for misdeed in [allocate, collect, drop_handle, drop_leaf] {
        let world = World::quiet();
        let victim = RefCell::new(Some(world.obj(0)));
        let text = RefCell::new(Some(Gc::new_in(&world.heap, "text".to_owned())));
        let (heap, misdeed) = (world.heap.clone(), Cell::new(Some(misdeed)));
        let meddler = Gc::new_in(&world.heap, Meddler { heap, victim, text, misdeed });
        drop(meddler.clone());
        drop(world.ring(1, 3));
        let collection = world.heap.collect();
        assert_eq!(collection.given_up, Some(GivenUp::TraceMisbehaved));
        assert_eq!(collection.collected, 0);
        assert_eq!(world.heap.collect().collected, 3);
        drop(meddler);
        world.finish(0..4, &[]);
    }
}

#[test]
fn err_03_refcell_borrowed_during_collection() {
    let world = World::quiet();
    world.heap.collect();
    let (subscription, reports) = collections(&world.heap);
    let a = world.obj(0);
    let ring = world.ring(1, 2);
    a.link(&ring[0]);
    drop((a.clone(), ring)); // all are suspects
    automatic(&world.heap, 10, 10, 10);
    let kept = {
        let mut edges = a.edges.borrow_mut();
        let kept: Vec<_> = (3..40).map(|n| world.obj(n)).collect();
        edges[0].check();
        edges.push(kept[0].clone());
        kept
    };
    assert!(reports.borrow().len() >= 2, "collections happened by themselves");
    assert_eq!(reports.take().iter().map(|report| report.collected).sum::<usize>(), 0);
    assert_eq!(world.log.events(), []);
    assert!(Gc::ptr_eq(&a.edge(0).edge(0).edge(0), &a.edge(0)));

    world.heap.set_auto_collect(false);
    drop(subscription);
    drop((a, kept));
    assert_eq!(world.heap.collect().collected, 2);
    world.finish(0..40, &[]);
}

// ---- hooks that panic -----------------------------------------------------------------------------

/// An object one of whose hooks panics with `text`.
#[derive(Trace)]
#[trace(finalize)]
struct Bomb {
    me: Slot<Bomb>,
    #[trace(skip)]
    finalizer: Option<&'static str>,
    #[trace(skip)]
    _fuse: Fuse,
    #[trace(skip)]
    _last: CountDrop,
}

impl Finalize for Bomb {
    fn finalize(&self, _: &FinalizeCx<'_, Self>) {
        if let Some(text) = self.finalizer {
            panic!("{text}");
        }
    }
}

struct Fuse(Option<&'static str>);

impl Drop for Fuse {
    fn drop(&mut self) {
        if let Some(text) = self.0 {
            panic!("{text}");
        }
    }
}

/// A field after the one that panics: it is dropped all the same, once.
struct CountDrop(Rc<Cell<usize>>);

impl Drop for CountDrop {
    fn drop(&mut self) {
        self.0.set(self.0.get() + 1);
    }
}

/// Hooks of one object.
const HOOKS: [Hook; 4] = [Hook::Finalizer, Hook::Drop, Hook::Watch, Hook::Cleanup];

/// How an object's life ends.
#[derive(Clone, Copy, PartialEq, Debug)]
enum End {
    ByCount,
    BySweep,
}

const ENDS: [End; 2] = [End::ByCount, End::BySweep];

struct Bombs {
    heap: Heap,
    drops: Rc<Cell<usize>>,
}

impl Bombs {
    fn new() -> Self {
        Self { heap: quiet_heap(), drops: Rc::default() }
    }

    /// An object whose hook of this kind panics. For the end by sweep it holds itself.
    fn make(&self, hook: Hook, text: &'static str, end: End) -> Gc<Bomb> {
        let only_if = |kind| (hook == kind).then_some(text);
        let bomb = Bomb {
            me: Slot::empty(),
            finalizer: only_if(Hook::Finalizer),
            _fuse: Fuse(only_if(Hook::Drop)),
            _last: CountDrop(self.drops.clone()),
        };
        let bomb = Gc::new_in(&self.heap, bomb);
        match hook {
            Hook::Watch => Gc::watch(&bomb, move || panic!("{text}")).forget(),
            Hook::Cleanup => drop(Gc::cleanup(&bomb, move || panic!("{text}"))),
            _ => {}
        }
        if end == End::BySweep {
            bomb.me.set(Some(bomb.clone()));
        }
        bomb
    }

    /// Ends what was let go of.
    fn end(&self, bomb: Gc<Bomb>, end: End) {
        drop(bomb);
        if end == End::BySweep {
            assert_eq!(self.drops.get(), 0);
            assert_eq!(self.heap.collect().collected, 1);
        }
    }
}

#[test]
fn a_panic_of_a_hook_goes_to_the_handler_and_nothing_unwinds() {
    for (hook, end) in HOOKS.into_iter().flat_map(|hook| ENDS.map(|end| (hook, end))) {
        let bombs = Bombs::new();
        let errors = collect_errors(&bombs.heap);
        let bomb = bombs.make(hook, "boom", end);
        let weak = Gc::downgrade(&bomb);
        bombs.end(bomb, end);
        let errors = errors.take();
        assert_eq!(errors.len(), 1, "{hook} {end:?}");
        assert_eq!((errors[0].hook(), errors[0].message()), (hook, "boom"));
        assert_eq!(errors[0].type_name(), Some(std::any::type_name::<Bomb>()));
        assert_eq!(bombs.drops.get(), 1, "{hook} {end:?}");
        assert!(weak.is_dead());
        assert_usable(&bombs.heap);
        bombs.heap.assert_empty();
    }
}

#[test]
fn without_a_handler_the_panic_is_raised_when_the_work_is_done() {
    for (hook, end) in HOOKS.into_iter().flat_map(|hook| ENDS.map(|end| (hook, end))) {
        let bombs = Bombs::new();
        let called = Rc::new(Cell::new(0));
        let bomb = bombs.make(hook, "boom", end);
        // Oldest, so the last to be called.
        let count = called.clone();
        let other = Gc::new_in(&bombs.heap, Slot::new(Some(bomb)));
        Gc::watch(&other, move || count.set(count.get() + 1)).forget();
        let bomb = other.take().expect("it was put in");
        let trash = Slot::new(Some(other));
        assert_eq!(panic_of(|| bombs.end(bomb, end)), Some("boom".into()), "{hook} {end:?}");
        assert_eq!(bombs.drops.get(), 1, "{hook} {end:?}");
        trash.set(None);
        assert_eq!(called.get(), 1);
        assert_usable(&bombs.heap);
        bombs.heap.assert_empty();
    }
}

#[test]
fn an_allocation_that_collects_raises_the_panic() {
    for hook in HOOKS {
        let bombs = Bombs::new();
        drop(bombs.make(hook, "boom", End::BySweep));
        automatic(&bombs.heap, 1, 10, 10);
        let outcome = panic_of(|| {
            (0..10).map(|_| Gc::new_in(&bombs.heap, Slot::<u8>::empty())).collect::<Vec<_>>()
        });
        assert_eq!(outcome, Some("boom".into()));
        bombs.heap.set_auto_collect(false);
        assert_eq!(bombs.drops.get(), 1);
        assert_usable(&bombs.heap);
        bombs.heap.assert_empty();
    }
}

#[test]
fn others_of_the_same_sweep_end_as_if_nothing_had_happened() {
    for hook in HOOKS {
        let world = World::quiet();
        let bombs = Bombs { heap: world.heap.clone(), drops: Rc::default() };
        let errors = collect_errors(&world.heap);
        drop(world.ring(0, 5));
        (0..10).for_each(|_| drop(bombs.make(hook, "boom", End::BySweep)));
        drop(world.ring(5, 5));
        assert_eq!(world.heap.collect().collected, 20);
        assert_eq!((errors.take().len(), bombs.drops.get()), (10, 10));
        assert_eq!((world.log.fins(), world.log.drops()), (10, 10));
        drop(bombs);
        world.finish(0..10, &[]);
    }
}

#[test]
fn others_of_the_same_chain_of_deaths_end_as_if_nothing_had_happened() {
    for hook in HOOKS {
        let bombs = Bombs::new();
        let chain = (0..10).fold(None, |next, _| {
            let bomb = bombs.make(hook, "boom", End::ByCount);
            bomb.me.set(next);
            Some(bomb)
        });
        let errors = collect_errors(&bombs.heap);
        drop(chain);
        assert_eq!((errors.take().len(), bombs.drops.get()), (10, 10));
        assert_usable(&bombs.heap);
        bombs.heap.assert_empty();
    }
}

#[test]
fn a_panic_is_raised_once() {
    let bombs = Bombs::new();
    drop(bombs.make(Hook::Finalizer, "boom", End::BySweep));
    assert!(panic_of(|| bombs.heap.collect()).is_some());
    assert_eq!(panic_of(|| bombs.heap.collect()), None);
    assert_eq!(panic_of(|| drop(Gc::new_in(&bombs.heap, 5))), None);
}

#[test]
fn the_first_panic_is_raised_and_the_others_are_told() {
    let name = "errors::the_first_panic_is_raised_and_the_others_are_told";
    let Some(output) = in_own_process(name, || {
        std::panic::set_hook(Box::new(|_| {}));
        let bombs = Bombs::new();
        let chain = ["third", "second", "first"].into_iter().fold(None, |next, text| {
            let bomb = bombs.make(Hook::Finalizer, text, End::ByCount);
            bomb.me.set(next);
            Some(bomb)
        });
        assert_eq!(panic_of(|| drop(chain)), Some("first".into()));
        assert_usable(&bombs.heap);
    }) else {
        return;
    };
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{output:?}");
    let told: Vec<_> = stderr.lines().filter(|line| line.starts_with("gc-core:")).collect();
    assert_eq!(told.len(), 2, "{stderr}");
    assert!(told[0].ends_with("second") && told[1].ends_with("third"), "{stderr}");
}

/// The outermost one raises; what runs inside a hook does not.
#[test]
fn a_nested_operation_leaves_the_raising_to_the_outermost() {
    let bombs = Rc::new(Bombs::new());
    let world = World { heap: bombs.heap.clone(), log: Log::default() };
    let outer = world.obj(1);
    let finished = Rc::new(Cell::new(false));
    let (inner, flag) = (bombs.clone(), finished.clone());
    outer.on_finalize(move |_| {
        drop(inner.make(Hook::Drop, "by count", End::ByCount));
        drop(inner.make(Hook::Watch, "by sweep", End::BySweep));
        inner.heap.collect();
        flag.set(true);
    });
    // What dies in a finalizer ends when that has returned, so the sweep's panic is the first.
    assert_eq!(panic_of(|| drop(outer)), Some("by sweep".into()));
    assert!(finished.get());
    assert_eq!(bombs.drops.get(), 2);
    world.finish([1], &[]);
}

#[test]
fn a_subscriber_that_panics_stops_no_collection() {
    for phase in [Phase::Start, Phase::Stop] {
        for with_handler in [true, false] {
            let world = World::quiet();
            let subscription = world.heap.on_collection(move |event| {
                if event.phase == phase {
                    panic!("heard enough");
                }
            });
            let (others, reports) = collections(&world.heap);
            drop(world.ring(1, 3));
            if with_handler {
                let errors = collect_errors(&world.heap);
                assert_eq!(world.heap.collect().collected, 3);
                let errors = errors.take();
                assert_eq!(errors.len(), 1);
                assert_eq!((errors[0].hook(), errors[0].type_name()), (Hook::Subscriber, None));
            } else {
                assert_eq!(panic_of(|| world.heap.collect()), Some("heard enough".into()));
            }
            let reports = reports.take();
            assert_eq!(reports.iter().map(|report| report.collected).collect::<Vec<_>>(), [3]);
            drop((subscription, others));
            assert_usable(&world.heap);
            world.finish(1..4, &[]);
        }
    }
}

#[test]
fn a_debug_sink_that_panics_stops_no_collection() {
    for with_handler in [true, false] {
        let world = World::quiet();
        let told = Rc::new(Cell::new(0));
        let count = told.clone();
        world.heap.set_debug_sink(Some(move |_| {
            count.set(count.get() + 1);
            panic!("told enough");
        }));
        world.heap.set_debug(DebugFlags::STATS | DebugFlags::COLLECTABLE);
        drop(world.ring(1, 3));
        let errors = with_handler.then(|| collect_errors(&world.heap));
        match &errors {
            Some(errors) => {
                assert_eq!(world.heap.collect().collected, 3);
                assert_eq!(errors.borrow().len(), 5);
                assert!(errors.take().iter().all(|error| error.hook() == Hook::DebugSink));
            }
            None => assert_eq!(panic_of(|| world.heap.collect()), Some("told enough".into())),
        }
        assert_eq!(told.get(), 5, "start, three objects, done");
        world.heap.set_debug(DebugFlags::NONE);
        assert_eq!(world.log.drops(), 3);
        assert_usable(&world.heap);
        world.finish(1..4, &[]);
    }
}

#[test]
fn a_cleanup_that_panics_at_the_heaps_end_stops_no_other() {
    for with_handler in [true, false] {
        let bombs = Bombs::new();
        let errors = with_handler.then(|| collect_errors(&bombs.heap));
        let called = Rc::new(Cell::new(0));
        let held = Gc::new_in(&bombs.heap, Slot::<u8>::empty());
        for number in 0..3 {
            let count = called.clone();
            drop(Gc::cleanup(&held, move || {
                count.set(count.get() + 1);
                assert_ne!(number, 1, "the one in the middle");
            }));
        }
        let outcome = panic_of(|| bombs.heap.shutdown());
        assert_eq!(outcome.is_none(), with_handler);
        assert_eq!(called.get(), 3);
        assert_eq!(errors.map_or(0, |errors| errors.take().len()), usize::from(with_handler));
        drop(held);
        assert_eq!(bombs.heap.shutdown().outstanding, 0);
        bombs.heap.assert_empty();
    }
}

// ---- the error handler itself ----------------------------------------------------------------------

#[test]
fn an_error_handler_that_panics_is_told_and_stays() {
    let name = "errors::an_error_handler_that_panics_is_told_and_stays";
    let Some(output) = in_own_process(name, || {
        let bombs = Bombs::new();
        let called = Rc::new(Cell::new(0));
        let count = called.clone();
        bombs.heap.set_error_handler(Some(move |_| {
            count.set(count.get() + 1);
            panic!("no more");
        }));
        for (hook, end) in HOOKS.into_iter().flat_map(|hook| ENDS.map(|end| (hook, end))) {
            bombs.drops.set(0);
            bombs.end(bombs.make(hook, "boom", end), end);
        }
        assert_eq!(called.get(), 8);
        assert_usable(&bombs.heap);
        bombs.heap.assert_empty();
    }) else {
        return;
    };
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    assert_eq!(stderr.matches("the error handler panicked").count(), 8, "{stderr}");
}

/// With a handler set nothing unwinds, not even what the handler itself sets off.
#[test]
fn what_the_handler_sets_off_goes_to_the_handler() {
    for end in ENDS {
        let bombs = Rc::new(Bombs::new());
        let seen = Rc::new(RefCell::new(Vec::new()));
        let second = RefCell::new(Some(bombs.make(Hook::Drop, "second", End::ByCount)));
        let list = seen.clone();
        bombs.heap.set_error_handler(Some(move |error: GcError| {
            list.borrow_mut().push(error.message().to_owned());
            let second = second.take();
            drop(second);
        }));
        let first = bombs.make(Hook::Finalizer, "first", end);
        let unwound = panic_of(|| {
            drop(first);
            bombs.heap.collect();
        });
        assert_eq!(unwound, None, "{end:?}");
        assert_eq!(seen.take(), ["first", "second"], "{end:?}");
        assert_usable(&bombs.heap);
        bombs.heap.assert_empty();
        bombs.heap.set_error_handler(None::<fn(GcError)>);
    }
}

#[test]
fn a_handler_may_replace_itself() {
    let bombs = Bombs::new();
    let seen = Rc::new(RefCell::new(Vec::new()));
    let (old, new) = (seen.clone(), seen.clone());
    let heap = bombs.heap.clone();
    let mut new = Some(new);
    bombs.heap.set_error_handler(Some(move |_| {
        old.borrow_mut().push("old");
        if let Some(new) = new.take() {
            heap.set_error_handler(Some(move |_| new.borrow_mut().push("new")));
        }
    }));
    for _ in 0..2 {
        drop(bombs.make(Hook::Finalizer, "boom", End::ByCount));
    }
    assert_eq!(seen.take(), ["old", "new"]);
    bombs.heap.set_error_handler(None::<fn(GcError)>);
    assert!(panic_of(|| drop(bombs.make(Hook::Finalizer, "boom", End::ByCount))).is_some());
    bombs.heap.assert_empty();
}

#[test]
fn a_payload_may_panic_when_it_is_dropped() {
    struct Nasty;
    impl Drop for Nasty {
        fn drop(&mut self) {
            panic!("even the payload");
        }
    }
    let bombs = Bombs::new();
    let made: Vec<_> = (0..3)
        .map(|_| {
            let object = Gc::new_in(&bombs.heap, Slot::<u8>::empty());
            Gc::watch(&object, || panic_any(Nasty)).forget();
            object
        })
        .collect();
    let holder = Gc::new_in(&bombs.heap, made);
    // The first is raised; the others are told and dropped inside the heap.
    let payload = catch_unwind(AssertUnwindSafe(|| drop(holder))).expect_err("it panics");
    assert!(payload.is::<Nasty>());
    std::mem::forget(payload);
    assert_usable(&bombs.heap);
    // A handler that drops its error drops the payload.
    bombs.heap.set_error_handler(Some(drop::<GcError>));
    let object = Gc::new_in(&bombs.heap, Slot::<u8>::empty());
    Gc::watch(&object, || panic_any(Nasty)).forget();
    drop(object);
    assert_usable(&bombs.heap);
    bombs.heap.assert_empty();
}

// ---- while something else unwinds, or ends -----------------------------------------------------------

#[test]
fn a_hook_that_panics_during_unwinding_does_not_abort() {
    struct CollectOnDrop<'a>(&'a Heap);
    impl Drop for CollectOnDrop<'_> {
        fn drop(&mut self) {
            self.0.collect();
        }
    }
    for (hook, end) in HOOKS.into_iter().flat_map(|hook| ENDS.map(|end| (hook, end))) {
        for with_handler in [true, false] {
            let bombs = Bombs::new();
            let errors = with_handler.then(|| collect_errors(&bombs.heap));
            let outcome = panic_of(|| {
                let _collect = CollectOnDrop(&bombs.heap);
                let _bomb = bombs.make(hook, "boom", end);
                panic!("the first");
            });
            assert_eq!(outcome, Some("the first".into()), "{hook} {end:?}");
            assert_eq!(bombs.drops.get(), 1, "{hook} {end:?}");
            assert_eq!(errors.map_or(0, |errors| errors.take().len()), usize::from(with_handler));
            // Nothing was kept to be raised later.
            assert_eq!(panic_of(|| bombs.heap.collect()), None);
            assert_usable(&bombs.heap);
            bombs.heap.assert_empty();
        }
    }
}

#[test]
fn a_heap_dropped_during_unwinding_ends_in_order() {
    for hook in HOOKS {
        let bombs = Bombs::new();
        let drops = bombs.drops.clone();
        let outcome = panic_of(move || {
            drop(bombs.make(hook, "boom", End::BySweep));
            let _bombs = bombs;
            panic!("the first");
        });
        assert_eq!(outcome, Some("the first".into()));
        assert_eq!(drops.get(), 1);
    }
}

#[test]
fn dropping_the_heap_raises_what_its_last_sweep_met() {
    for hook in HOOKS {
        let bombs = Bombs::new();
        let drops = bombs.drops.clone();
        // What a subscriber captures goes when the heap's own memory goes.
        let captured = Rc::new(());
        let lent = captured.clone();
        bombs.heap.on_collection(move |_| assert_eq!(*lent, ())).forget();
        drop(bombs.make(hook, "boom", End::BySweep));
        assert_eq!(panic_of(move || drop(bombs)), Some("boom".into()));
        assert_eq!(drops.get(), 1);
        assert_eq!(Rc::strong_count(&captured), 1, "{hook}: the heap's memory was not freed");
    }
}

#[test]
fn a_hook_that_panics_at_the_threads_end_is_told() {
    let name = "errors::a_hook_that_panics_at_the_threads_end_is_told";
    let Some(output) = in_own_process(name, || {
        std::panic::set_hook(Box::new(|_| {}));
        for (hook, end) in HOOKS.into_iter().flat_map(|hook| ENDS.map(|end| (hook, end))) {
            thread_local! {
                static HELD: RefCell<Option<Gc<Bomb>>> = const { RefCell::new(None) };
            }
            let thread = std::thread::spawn(move || {
                HELD.with(|held| assert!(held.borrow().is_none()));
                let bombs = Bombs { heap: Heap::current(), drops: Rc::default() };
                let bomb = bombs.make(hook, "boom at the end", end);
                if end == End::ByCount {
                    HELD.set(Some(bomb));
                }
            });
            thread.join().expect("the thread ends in peace");
        }
    }) else {
        return;
    };
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    assert_eq!(stderr.matches("boom at the end").count(), 8, "{stderr}");
}

#[test]
fn the_threads_error_handler_hears_of_its_end() {
    let (tell, heard) = std::sync::mpsc::channel();
    let thread = std::thread::spawn(move || {
        let heap = Heap::current();
        heap.set_error_handler(Some(move |error: GcError| {
            tell.send(error.message().to_owned()).expect("the test listens");
        }));
        let bombs = Bombs { heap, drops: Rc::default() };
        for hook in HOOKS {
            drop(bombs.make(hook, "boom", End::BySweep));
        }
    });
    thread.join().expect("the thread ends in peace");
    assert_eq!(heard.iter().collect::<Vec<_>>(), ["boom"; 4]);
}
