//! What the tests share: a quiet heap, objects that log their fate, and handlers that count.
//!
//! Every test has a heap (or a thread) of its own. Names of the library's items stand here once.

pub(crate) use std::cell::{Cell, RefCell};
pub(crate) use std::rc::Rc;

pub(crate) use gc_core::{
    AnyGc, AnyWeak, Budget, Cleanup, Collection, Counts, DebugFlags, DebugRecord, Depth, Finalize,
    FinalizeCx, Gc, GcError, Generation, GivenUp, Heap, Hook, Phase, Reason, Skipped, Slot,
    Subscription, Thresholds, Trace, Tracer, Watch, Weak, WeakValueMap,
};

/// What happened to the objects of a test.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Event {
    /// The finalizer of this object was entered.
    Fin(u32),
    /// The value of this object was dropped.
    Drop(u32),
    /// The watch with this tag was called.
    Dead(u32),
    /// The cleanup with this tag was called.
    Clean(u32),
}

pub(crate) use Event::{Clean, Dead, Drop as Dropped, Fin};

/// A log of events, shared by all who write to it.
#[derive(Clone, Default, Debug)]
pub(crate) struct Log(Rc<RefCell<Vec<Event>>>);

impl Log {
    pub(crate) fn push(&self, event: Event) {
        self.0.borrow_mut().push(event);
    }

    /// All events since the last `take`.
    pub(crate) fn take(&self) -> Vec<Event> {
        self.0.take()
    }

    pub(crate) fn events(&self) -> Vec<Event> {
        self.0.borrow().clone()
    }

    pub(crate) fn count(&self, wanted: impl Fn(Event) -> bool) -> usize {
        self.0.borrow().iter().filter(|&&event| wanted(event)).count()
    }

    pub(crate) fn fins(&self) -> usize {
        self.count(|event| matches!(event, Fin(_)))
    }

    pub(crate) fn drops(&self) -> usize {
        self.count(|event| matches!(event, Dropped(_)))
    }
}

/// Overwritten when a value is dropped, so that a look at a dead neighbour is seen.
const CANARY: u64 = 0xC0FF_EE00_D15E_A5E5;

/// Logs the drop of the value that it is a field of, and spoils the canary.
pub(crate) struct DropProbe {
    n: u32,
    log: Log,
    canary: Box<Cell<u64>>,
}

impl Drop for DropProbe {
    fn drop(&mut self) {
        assert_eq!(self.canary.replace(0xDEAD), CANARY, "value {} was dropped twice", self.n);
        self.log.push(Dropped(self.n));
    }
}

/// What an object's finalizer does besides logging.
pub(crate) type OnFinalize = Box<dyn FnOnce(&Gc<Obj>)>;

/// Runs its code when it is dropped, with the value that it is a field of.
#[derive(Trace)]
#[trace(leaf)]
pub(crate) struct OnDrop(Option<Box<dyn FnOnce()>>);

impl OnDrop {
    pub(crate) fn new(code: impl FnOnce() + 'static) -> Self {
        Self(Some(Box::new(code)))
    }

    pub(crate) fn is_armed(&self) -> bool {
        self.0.is_some()
    }
}

impl Drop for OnDrop {
    fn drop(&mut self) {
        if let Some(code) = self.0.take() {
            code();
        }
    }
}

/// The object of the conformance cases.
#[derive(Trace)]
#[trace(finalize)]
pub(crate) struct Obj {
    #[trace(skip)]
    pub(crate) n: u32,
    pub(crate) edges: RefCell<Vec<Gc<Obj>>>,
    pub(crate) weak: RefCell<Vec<Weak<Obj>>>,
    pub(crate) watches: RefCell<Vec<Watch<Obj>>>,
    #[trace(skip)]
    probe: DropProbe,
    #[trace(skip)]
    pub(crate) on_finalize: RefCell<Option<OnFinalize>>,
    #[trace(skip)]
    on_drop: RefCell<Option<OnDrop>>,
}

impl Finalize for Obj {
    fn finalize(&self, cx: &FinalizeCx<'_, Self>) {
        self.check();
        self.edges.borrow().iter().for_each(|edge| edge.check());
        self.probe.log.push(Fin(self.n));
        let on_finalize = self.on_finalize.take();
        if let Some(on_finalize) = on_finalize {
            on_finalize(&cx.handle());
        }
    }
}

impl Obj {
    /// Asserts that the value was not dropped.
    pub(crate) fn check(&self) {
        assert_eq!(self.probe.canary.get(), CANARY, "object {} was read after its drop", self.n);
    }

    pub(crate) fn link(&self, to: &Gc<Obj>) {
        self.edges.borrow_mut().push(to.clone());
    }

    pub(crate) fn edge(&self, number: usize) -> Gc<Obj> {
        self.edges.borrow()[number].clone()
    }

    /// Cuts all edges. They are dropped when the cell is free again.
    pub(crate) fn cut(&self) {
        let edges = self.edges.take();
        drop(edges);
    }

    pub(crate) fn on_finalize(&self, code: impl FnOnce(&Gc<Obj>) + 'static) {
        *self.on_finalize.borrow_mut() = Some(Box::new(code));
    }

    /// Runs `code` when the value is dropped, after its edges were.
    pub(crate) fn on_drop(&self, code: impl FnOnce() + 'static) {
        *self.on_drop.borrow_mut() = Some(OnDrop::new(code));
    }

    /// Asserts that each neighbour in a doubly linked ring is whole and points back here, unless it has
    /// cut its edges, or this object has.
    pub(crate) fn check_ring(me: &Gc<Obj>) {
        for (side, back) in [(0, 1), (1, 0)] {
            let neighbour = me.edges.borrow().get(side).cloned();
            let Some(neighbour) = neighbour else { continue };
            neighbour.check();
            if let Some(returned) = neighbour.edges.borrow().get(back) {
                assert!(Gc::ptr_eq(returned, me), "the ring is broken at {}", me.n);
            }
        }
    }
}

/// A heap of its own for one test, with automatic collection off, and a log.
pub(crate) struct World {
    pub(crate) heap: Heap,
    pub(crate) log: Log,
}

impl World {
    pub(crate) fn quiet() -> Self {
        let heap = quiet_heap();
        Self { heap, log: Log::default() }
    }

    pub(crate) fn obj(&self, n: u32) -> Gc<Obj> {
        let (edges, weak, watches) = Default::default();
        let probe = DropProbe { n, log: self.log.clone(), canary: Box::new(Cell::new(CANARY)) };
        let (on_finalize, on_drop) = Default::default();
        Gc::new_in(&self.heap, Obj { n, edges, weak, watches, probe, on_finalize, on_drop })
    }

    /// An object that holds itself.
    pub(crate) fn self_cycle(&self, n: u32) -> Gc<Obj> {
        let object = self.obj(n);
        object.link(&object);
        object
    }

    /// A doubly linked ring of objects `from`, `from + 1`, …: edge 0 is the left, edge 1 the right one.
    pub(crate) fn ring(&self, from: u32, len: u32) -> Vec<Gc<Obj>> {
        let ring: Vec<_> = (from..from + len).map(|n| self.obj(n)).collect();
        for (i, object) in ring.iter().enumerate() {
            object.link(&ring[(i + ring.len() - 1) % ring.len()]);
            object.link(&ring[(i + 1) % ring.len()]);
        }
        ring
    }

    /// A watch that logs `Dead(tag)`.
    pub(crate) fn watch(&self, object: &Gc<Obj>, tag: u32) -> Watch<Obj> {
        let log = self.log.clone();
        Gc::watch(object, move || log.push(Dead(tag)))
    }

    /// Every conformance test ends with this: all is collected, dropped once, finalized at most once.
    pub(crate) fn finish(self, made: impl IntoIterator<Item = u32>, earlier: &[Event]) {
        while self.heap.collect().collected > 0 {}
        assert_eq!(self.heap.live_count(), 0, "objects are left");
        self.heap.verify();
        let events: Vec<_> = earlier.iter().copied().chain(self.log.events()).collect();
        for n in made {
            let drops = events.iter().filter(|&&event| event == Dropped(n)).count();
            let fins = events.iter().filter(|&&event| event == Fin(n)).count();
            assert_eq!(drops, 1, "object {n} is dropped once: {events:?}");
            assert!(fins <= 1, "object {n} is finalized at most once: {events:?}");
        }
    }
}

/// A heap that collects only when told to.
pub(crate) fn quiet_heap() -> Heap {
    let heap = Heap::new();
    heap.set_auto_collect(false);
    heap
}

/// This many objects, but fewer under stress, where each birth and each drop looks at all the others. (Also
/// these would be too many for what recurses on a small stack.)
pub(crate) const fn many(objects: usize) -> usize {
    if cfg!(feature = "stress") && objects > 3000 { 3000 } else { objects }
}

/// Runs `code` on a thread with this much stack, and returns what it returns.
pub(crate) fn on_stack<R: Send + 'static>(
    bytes: usize,
    code: impl FnOnce() -> R + Send + 'static,
) -> R {
    let thread = std::thread::Builder::new().stack_size(bytes).spawn(code);
    match thread.expect("a thread can be started").join() {
        Ok(value) => value,
        Err(payload) => std::panic::resume_unwind(payload),
    }
}

/// The message of a caught panic.
pub(crate) fn message(payload: &(dyn std::any::Any + Send)) -> String {
    payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_default()
}

/// A handler that keeps every error of the heap.
pub(crate) fn collect_errors(heap: &Heap) -> Rc<RefCell<Vec<GcError>>> {
    let errors = Rc::new(RefCell::new(Vec::new()));
    let seen = errors.clone();
    heap.set_error_handler(Some(move |error| seen.borrow_mut().push(error)));
    errors
}

/// Keeps the report of every collection of the heap, as long as the subscription is kept.
pub(crate) fn collections(heap: &Heap) -> (Subscription, Rc<RefCell<Vec<Collection>>>) {
    let reports = Rc::new(RefCell::new(Vec::new()));
    let seen = reports.clone();
    let subscription = heap.on_collection(move |event| {
        if event.phase == Phase::Stop {
            seen.borrow_mut().push(event.collection.clone());
        }
    });
    (subscription, reports)
}

/// Switches automatic collection on, with these thresholds.
pub(crate) fn automatic(heap: &Heap, young: usize, middle: usize, old: usize) {
    heap.set_thresholds(Thresholds { young, middle, old, ..Thresholds::default() });
    heap.set_auto_collect(true);
}

/// Runs `code` in a process of its own, for what ends a process or writes to its stderr, and returns
/// what became of it. `test` is the name of the calling test, which is started once more there; in
/// that process the answer is `None`.
pub(crate) fn in_own_process(test: &str, code: impl FnOnce()) -> Option<std::process::Output> {
    const MARK: &str = "GC_TEST_IN_ITS_OWN_PROCESS";
    if std::env::var_os(MARK).is_some() {
        code();
        return None;
    }
    let binary = std::env::current_exe().expect("a test knows its binary");
    let mut process = std::process::Command::new(binary);
    process.args([test, "--exact", "--nocapture"]).env(MARK, "1");
    let output = process.output().expect("the test can be started again");
    let ran = String::from_utf8_lossy(&output.stdout).contains("running 1 test");
    assert!(ran, "there is no test called {test}");
    Some(output)
}
