//! A world: heaps, the handles that a program has, and the model beside them.
//!
//! What happens to the heaps happens to the model first, so that a hook finds the model as the heap is.
//! No borrow of anything here is kept over what may run a hook.

use std::cell::{Cell, OnceCell, Ref, RefCell};
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

use gc_core::{
    Budget, Cleanup, CollectionEvent, DebugFlags, Gc, GcError, Generation, Heap, Pause, Phase,
    Reason, Subscription, Thresholds, WeakValueMap,
};

use super::counters::{KnownHeap, PASSES};
use super::model::{CAP, Id, Known, Model};
use super::op::{Deed, Op, Shape};
use super::order::Frame;
use super::sweep::Limit;
use super::value::{
    AnyWatch, Core, Deliberate, Handle, Leaf, Probe, VISITS_LEFT, Value, WeakHandle,
};

/// The heap's own data are verified after every hostile step, after each collection, and after each
/// plain step whose number this divides.
const PLAIN_VERIFY: u32 = 4;

/// Heaps that a program may have, one after the other.
pub(crate) const HEAPS: usize = 4;
/// Roots, beyond which nothing is cloned; weak handles, watches, cleanups.
pub(crate) const ROOTS: usize = 24;
pub(crate) const OTHERS: usize = 8;
/// Edges of an object.
pub(crate) const EDGES: usize = 6;

pub(crate) const GENERATIONS: [Generation; 3] =
    [Generation::Young, Generation::Middle, Generation::Old];

/// In what kind of world a program runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Setting {
    /// Values have finalizers, and hooks do what they are told.
    pub(crate) hostile: bool,
    /// Collections happen by themselves as well, often.
    pub(crate) automatic: bool,
    /// Two heaps, and edges between them.
    pub(crate) two_heaps: bool,
    /// On a thread of its own, in its default heap.
    pub(crate) threaded: bool,
    /// In a heap that has collected so often that its clock of generations is about to begin anew.
    pub(crate) aged: bool,
}

/// Collections after which a few more bring the clock to its end.
const AGES: usize = (1 << 19) - 6;

/// A heap, and what hangs on it.
pub(crate) struct Entry {
    /// None once the heap has ended.
    pub(crate) heap: RefCell<Option<Heap>>,
    /// An object in a heap that has ended: the way to it.
    pub(crate) anchor: RefCell<Option<Gc<()>>>,
    pub(crate) listener: Cell<(Deed, u8)>,
    /// Tells the model of collections for as long as it exists.
    _subscription: Subscription,
}

/// Which object it was, among all that had the number.
pub(crate) type Name = (Id, u32);

/// A watch, with its object and its call.
pub(crate) type KeptWatch = (Name, usize, Box<dyn AnyWatch>);

pub(crate) struct World<T: Value> {
    pub(crate) setting: Setting,
    pub(crate) model: RefCell<Model>,
    pub(crate) entries: [OnceCell<Entry>; HEAPS],
    /// Which of them the numbers in operations stand for.
    pub(crate) current: [Cell<usize>; 2],
    pub(crate) roots: RefCell<Vec<(Id, Handle<T>)>>,
    pub(crate) weak: RefCell<Vec<(Name, WeakHandle<T>)>>,
    pub(crate) watches: RefCell<Vec<KeptWatch>>,
    pub(crate) cleanups: RefCell<Vec<(usize, Cleanup<()>)>>,
    pub(crate) map: WeakValueMap<u8, T>,
    pub(crate) mapped: RefCell<[Option<Name>; OTHERS]>,
    pub(crate) pauses: RefCell<Vec<(usize, Pause)>>,
    /// Panics that hooks ended with, and those that an error handler heard of.
    pub(crate) panics: Cell<usize>,
    pub(crate) told: Cell<usize>,
    /// Of the collection that begins next.
    limit: Cell<Limit>,
    /// The object that `make_mut` has cloned a value for.
    pub(crate) cloned: Cell<Option<Id>>,
    steps: Cell<u32>,
    /// From here on hooks do nothing.
    pub(crate) calm: Cell<bool>,
    /// Whom to tell that the world is gone, and with it every value.
    pub(crate) outcome: RefCell<Option<Arc<Mutex<Outcome>>>>,
}

/// What is known when a thread has ended.
#[derive(Default)]
pub(crate) struct Outcome {
    /// The world is gone: each value has a handle to it, so they are gone too.
    pub(crate) gone: bool,
    pub(crate) failure: Option<String>,
}

impl<T: Value> Drop for World<T> {
    fn drop(&mut self) {
        if let Some(outcome) = self.outcome.take() {
            let mut outcome = outcome.lock().unwrap_or_else(PoisonError::into_inner);
            outcome.gone = true;
            outcome.failure = self.model.get_mut().failure.take();
        }
    }
}

pub(crate) fn pick(number: u8, len: usize) -> Option<usize> {
    (number as usize).checked_rem(len)
}

impl<T: Value> World<T> {
    pub(crate) fn new(setting: Setting) -> Rc<Self> {
        let world = Rc::new(Self {
            setting,
            model: RefCell::default(),
            entries: Default::default(),
            current: Default::default(),
            roots: RefCell::default(),
            weak: RefCell::default(),
            watches: RefCell::default(),
            cleanups: RefCell::default(),
            map: WeakValueMap::new(),
            mapped: RefCell::default(),
            pauses: RefCell::default(),
            panics: Cell::default(),
            told: Cell::default(),
            limit: Cell::new(Limit::All),
            cloned: Cell::default(),
            steps: Cell::default(),
            calm: Cell::default(),
            outcome: RefCell::default(),
        });
        world.add_heap(0, setting.threaded);
        if setting.two_heaps && !setting.threaded {
            world.add_heap(1, false);
        }
        world
    }

    /// A new heap, which this number stands for from now on.
    pub(crate) fn add_heap(self: &Rc<Self>, number: usize, is_default: bool) {
        let at = self.model.borrow().heaps.len();
        let heap = if is_default { Heap::current() } else { Heap::new() };
        let (young, passes) = (7, PASSES);
        heap.set_thresholds(Thresholds {
            young,
            middle: passes,
            old: passes,
            ..Thresholds::default()
        });
        let auto = self.setting.automatic;
        heap.set_auto_collect(auto);
        let mut known = KnownHeap::new(auto, young);
        if self.setting.aged && at == 0 {
            for _ in 0..AGES {
                heap.collect_generation(Generation::Young);
            }
            heap.collect();
            (known.stats[0][0], known.stats[2][0]) = (AGES, 1);
        }
        let world = Rc::downgrade(self);
        heap.set_error_handler(Some(move |error: GcError| {
            if let Some(world) = world.upgrade() {
                world.hear_of_error(error);
            }
        }));
        let world = Rc::downgrade(self);
        let subscription = heap.on_collection(move |event| {
            if let Some(world) = world.upgrade() {
                world.hear_of_collection(at, event);
            }
        });
        self.model.borrow_mut().heaps.push(known);
        let entry = Entry {
            heap: RefCell::new(Some(heap)),
            anchor: RefCell::default(),
            listener: Cell::new((Deed::Nothing, 0)),
            _subscription: subscription,
        };
        assert!(self.entries[at].set(entry).is_ok());
        self.current[number].set(at);
    }

    /// Which entry this number in an operation stands for.
    pub(crate) fn entry_of(&self, number: u8) -> usize {
        let two = self.setting.two_heaps && !self.setting.threaded;
        self.current[usize::from(two) & number as usize].get()
    }

    pub(crate) fn entry(&self, at: usize) -> &Entry {
        self.entries[at].get().expect("a heap was made")
    }

    /// A heap that has not ended.
    pub(crate) fn heap(&self, at: usize) -> Ref<'_, Heap> {
        Ref::map(self.entry(at).heap.borrow(), |heap| heap.as_ref().expect("a heap that lives"))
    }

    // ---- what the heaps tell -----------------------------------------------------------------------

    fn hear_of_error(&self, error: GcError) {
        if error.into_payload().is::<Deliberate>() {
            self.told.set(self.told.get() + 1);
        } else {
            let panic = super::LAST_PANIC.take();
            self.model.borrow_mut().fail(|| format!("a hook panicked on its own: {panic}"));
        }
    }

    fn hear_of_collection(self: &Rc<Self>, at: usize, event: &CollectionEvent) {
        let report = &event.collection;
        let (deed, number) = self.entry(at).listener.get();
        if event.phase == Phase::Start {
            let limit = self.limit.replace(Limit::All);
            let ending = report.reason == Reason::Shutdown;
            let mut model = self.model.borrow_mut();
            model.heaps[at].collecting = true;
            if ending {
                let left = model.newest_cleanup(at).filter(|_| model.heaps[at].sweeps_at_end == 0);
                model.check(left.is_none(), || format!("cleanup {left:?} did not run at the end"));
                model.heaps[at].sweeps_at_end += 1;
                model.unfreeze(at);
            }
            drop(model);
            let age = report.generation as usize;
            self.listen(deed, number, |model| model.collection_starts(at, age, limit));
        } else {
            let mut model = self.model.borrow_mut();
            model.collection_stops(report);
            if report.reason == Reason::Threshold {
                model.heaps[at].automatic += 1;
                model.heaps[at].last = report.generation as usize;
            }
            drop(model);
            self.listen(deed, number, |model| model.heaps[at].collecting = false);
        }
    }

    /// What the subscriber does, and what comes after it even if it panics.
    fn listen(self: &Rc<Self>, deed: Deed, number: u8, after: impl Fn(&mut Model)) {
        self.model.borrow_mut().begin(Frame::Hook);
        self.hook(deed, number, None, |model| {
            model.hook_ends();
            after(model);
        });
    }

    // ---- objects -------------------------------------------------------------------------------------

    pub(crate) fn probe(self: &Rc<Self>, id: Id, dropped: Deed, number: u8) -> Probe<T> {
        Probe { id, world: self.clone(), dropped, number, defused: Cell::default() }
    }

    /// A new object, known to the model, with this edge. `None`: there are as many as may be.
    pub(crate) fn make(
        self: &Rc<Self>,
        shape: Shape,
        [last, dropped]: [Deed; 2],
        number: u8,
        at: usize,
        holding: Option<(Id, Handle<T>)>,
    ) -> Option<(Id, Handle<T>)> {
        let id = self.model.borrow_mut().conceive(at, shape, T::FINALIZES)?;
        let core = |edge: Option<Handle<T>>| {
            let core = Core::new(Some(self.probe(id, dropped, number)), last);
            core.edges.borrow_mut().extend(edge);
            core
        };
        let edge = holding.map(|(held, edge)| {
            self.model.borrow_mut().objects[id as usize].edges.push(held);
            edge
        });
        let due = Due::before(self, at, shape);
        let heap = self.heap(at);
        let handle = match shape {
            Shape::Node if self.setting.threaded => Handle::Node(Gc::new(T::new(core(edge)))),
            Shape::Node => Handle::Node(Gc::new_in(&heap, T::new(core(edge)))),
            Shape::Pinned => {
                let pinned = Gc::pin_in(&heap, T::new(core(edge)));
                Handle::Node(std::pin::Pin::into_inner(pinned))
            }
            Shape::Slice => {
                let mut items: Vec<_> =
                    (0..number % 3).map(|_| T::new(Core::new(None, Deed::Nothing))).collect();
                items.push(T::new(core(edge)));
                Handle::Slice(Gc::slice_in(&heap, items))
            }
            Shape::Leaf => {
                let probe = self.probe(id, dropped, number);
                Handle::Leaf(Gc::new_in(&heap, Leaf { probe, last }))
            }
            Shape::Text => Handle::Text(Gc::str_in(&heap, &"text"[..number as usize % 4])),
        };
        drop(heap);
        let mut model = self.model.borrow_mut();
        due.after(&mut model);
        model.placed(id);
        model.born(id);
        Some((id, handle))
    }

    /// A value is being cloned by `make_mut`, which began in a world that is not full.
    pub(crate) fn value_is_cloned(&self, id: Id) -> Id {
        let mut model = self.model.borrow_mut();
        let Known { heap, ref edges, .. } = model.objects[id as usize];
        let edges = edges.clone();
        let clone = model.conceive(heap, Shape::Node, T::FINALIZES).expect("room for a clone");
        edges.iter().for_each(|&edge| model.gain(edge));
        model.objects[clone as usize].edges = edges;
        self.cloned.set(Some(clone));
        clone
    }

    // ---- handles -------------------------------------------------------------------------------------

    /// Drops a handle, and sees to it that all that dies of it has ended.
    pub(crate) fn let_go(&self, (id, handle): (Id, Handle<T>)) {
        let begun = self.model.borrow_mut().lose(id);
        drop(handle);
        if begun {
            self.model.borrow_mut().end_session();
        }
    }

    /// A handle that the model knows as one outside already.
    pub(crate) fn push_root(&self, root: Option<(Id, Handle<T>)>) {
        self.roots.borrow_mut().extend(root);
    }

    pub(crate) fn pick_root(&self, number: u8) -> Option<usize> {
        pick(number, self.roots.borrow().len())
    }

    pub(crate) fn take_root(&self, number: u8) -> Option<(Id, Handle<T>)> {
        self.pick_root(number).map(|root| self.roots.borrow_mut().swap_remove(root))
    }

    pub(crate) fn clone_root(&self, number: u8) -> Option<(Id, Handle<T>)> {
        let root = self.pick_root(number)?;
        let (id, handle) = &self.roots.borrow()[root];
        self.model.borrow_mut().gain(*id);
        Some((*id, handle.clone()))
    }

    /// Takes the edge with this number out of a holder.
    pub(crate) fn take_edge(&self, id: Id, core: &Core<T>, number: u8) -> Option<(Id, Handle<T>)> {
        let mut edges = core.edges.borrow_mut();
        let at = pick(number, edges.len())?;
        Some((self.model.borrow_mut().edge_out(id, at), edges.remove(at)))
    }

    /// Puts an edge into a holder. One that has as many as may be gives up its first.
    #[must_use = "it has to be let go of"]
    pub(crate) fn put_edge(
        &self,
        id: Id,
        core: &Core<T>,
        (edge, handle): (Id, Handle<T>),
    ) -> Option<(Id, Handle<T>)> {
        let full = core.edges.borrow().len() >= EDGES;
        let old = if full { self.take_edge(id, core, 0) } else { None };
        core.edges.borrow_mut().push(handle);
        self.model.borrow_mut().edge_in(id, edge);
        old
    }

    // ---- collections -----------------------------------------------------------------------------------

    /// Collects, unless the heap is at it already.
    pub(crate) fn collect(&self, at: usize, age: usize) {
        let busy = self.model.borrow().heaps[at].collecting;
        let Some(heap) = &*self.entry(at).heap.borrow() else { return };
        let report = heap.collect_generation(GENERATIONS[age]);
        self.model.borrow_mut().check(report.skipped.is_some() == busy, || {
            format!("a collection was skipped: {:?}", report.skipped)
        });
    }

    /// A collection with a budget.
    pub(crate) fn collect_within(&self, at: usize, objects: u8) {
        // With hooks about, only what is determined: nothing, or everything.
        let determined = self.setting.hostile || self.model.borrow().heaps[at].save_all;
        let objects = match (determined, objects as usize % 64) {
            (true, less) if less < CAP => 0,
            (true, _) => 2 * CAP,
            (false, objects) => objects,
        };
        self.limit.set(match objects {
            0 => Limit::None,
            objects if objects > CAP => Limit::All,
            _ => Limit::Some,
        });
        self.heap(at).collect_within(Budget::objects(objects));
    }

    /// A collection whose visits panic.
    pub(crate) fn collect_in_vain(&self, at: usize, age: usize, visits: u8) {
        VISITS_LEFT.set(1 + u32::from(visits % 32));
        let report = self.heap(at).collect_generation(GENERATIONS[age]);
        VISITS_LEFT.set(0);
        self.panics.set(self.panics.get() + usize::from(report.given_up.is_some()));
    }

    // ---- steps -----------------------------------------------------------------------------------------

    /// Runs one step, and compares.
    pub(crate) fn step(self: &Rc<Self>, op: Op) {
        let _ = self.act(op);
        self.steps.set(self.steps.get() + 1);
        // `Heap::verify` costs as much as five plain steps.
        let collected = std::mem::take(&mut self.model.borrow_mut().collected);
        let verify =
            self.setting.hostile || collected || self.steps.get().is_multiple_of(PLAIN_VERIFY);
        self.compare(verify);
    }

    /// The heap's end; a new one takes its place.
    pub(crate) fn end_heap(self: &Rc<Self>, number: u8) {
        let at = self.entry_of(number);
        if self.model.borrow().heaps.len() == HEAPS || self.setting.threaded {
            return;
        }
        self.heap(at).set_debug(DebugFlags::NONE);
        self.model.borrow_mut().heaps[at].save_all = false;
        self.take_garbage(at);
        let anchor = Gc::new_in(&self.heap(at), ());
        *self.entry(at).anchor.borrow_mut() = Some(anchor);
        let mut model = self.model.borrow_mut();
        model.heaps[at].live += 1;
        model.heaps[at].pauses += 1;
        model.begin(Frame::Shutdown(at));
        drop(model);
        let heap = self.entry(at).heap.take();
        drop(heap);
        let mut model = self.model.borrow_mut();
        let frame = model.frames.pop();
        model.check(matches!(frame, Some(Frame::Shutdown(_))), || "ends do not nest".into());
        model.heaps[at].pauses -= 1;
        model.heaps[at].closed = true;
        model.disarm_cleanups(at);
        // A subscriber may make garbage after the last sweep, and finalizers for ever.
        let quiet = self.entry(at).listener.get().0 == Deed::Nothing;
        let swept = !quiet || model.heaps[at].sweeps_at_end >= 16 || model.no_garbage(at);
        model.check(swept, || format!("heap {at} has ended, and garbage is left"));
        drop(model);
        self.add_heap((self.current[0].get() != at).into(), false);
    }

    pub(crate) fn take_garbage(&self, at: usize) {
        let garbage = self.heap(at).take_garbage();
        let kept = std::mem::take(&mut self.model.borrow_mut().heaps[at].kept);
        assert_eq!(garbage.len(), kept, "the garbage that was kept");
        for any in garbage {
            let handle = Handle::Any(any).recast();
            let id = handle.id().expect("what is kept has a number");
            self.push_root(Some((id, handle)));
        }
    }
}

/// Whether an allocation is to set off a collection.
pub(crate) struct Due {
    at: usize,
    tracked: bool,
    due: Option<usize>,
    suspects_may_wait: bool,
    before: usize,
}

impl Due {
    pub(crate) fn before<T: Value>(world: &World<T>, at: usize, shape: Shape) -> Self {
        let heap = &world.model.borrow().heaps[at];
        let tracked = !matches!(shape, Shape::Leaf | Shape::Text);
        let suspects_may_wait = heap.suspects_may_wait();
        Self { at, tracked, due: heap.due(), suspects_may_wait, before: heap.automatic }
    }

    /// What was due has come, or a full collection for old suspects.
    pub(crate) fn after(self, model: &mut Model) {
        let heap = &model.heaps[self.at];
        let (came, last) = (heap.automatic - self.before, heap.last);
        let fits = match (came, self.due) {
            (0, due) => due.is_none() || !self.tracked,
            (1, due) => self.tracked && (due == Some(last) || last == 2 && self.suspects_may_wait),
            _ => false,
        };
        model.check(fits, || {
            format!("{:?} is due, and {came} collections came, the last of {last}", self.due)
        });
    }
}
