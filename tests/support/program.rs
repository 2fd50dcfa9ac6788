//! Random programs that safe code could be, run against a real heap with a naive model beside it.
//!
//! The model knows who holds whom, and finds out by walking who is reachable. The heap must never end
//! what the model reaches, must end by count what nobody holds, and after a full collection must have
//! ended all that the model does not reach. An [`Op`] is plain data whose numbers are taken modulo what
//! there is to choose from, so that any bytes are a program.
//!
//! The heap's side is reached by references alone, from a handle along the edges. A clone on the way
//! would be dropped again, and so make a suspect where the program made none.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use gc_core::{
    Budget, Depth, Finalize, FinalizeCx, Gc, Generation, GivenUp, Heap, Thresholds, Trace, Tracer,
    Weak,
};

/// One step of a program.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Op {
    /// A new object, of the kind with this number, and a handle to it.
    Make {
        kind: u32,
    },
    /// One handle more.
    Clone {
        root: u32,
    },
    /// One handle less.
    Drop {
        root: u32,
    },
    /// A clone of a handle goes into an object that another leads to.
    Link {
        root: u32,
        at: u32,
        target: u32,
    },
    /// A handle goes into an object that another leads to.
    MoveInto {
        root: u32,
        at: u32,
        moved: u32,
    },
    /// A handle comes out of an object.
    MoveOut {
        root: u32,
        at: u32,
        edge: u32,
    },
    /// A handle goes from one object to another.
    MoveBetween {
        root: u32,
        at: u32,
        edge: u32,
        to: u32,
    },
    /// A handle, perhaps the last, goes into what its own object leads to, through `Weak::with`.
    Loan {
        root: u32,
        at: u32,
    },
    /// An object lets go of another.
    Unlink {
        root: u32,
        at: u32,
        edge: u32,
    },
    /// A collection. One of Old frees all garbage.
    Collect {
        generation: u32,
    },
    /// A collection that looks at so many objects.
    CollectWithin {
        objects: u32,
    },
    /// A collection whose visits panic, from this one on.
    CollectInVain {
        generation: u32,
        visits: u32,
    },
    Freeze,
    Unfreeze,
    MakeWeak {
        root: u32,
    },
    Upgrade {
        weak: u32,
    },
    DropWeak {
        weak: u32,
    },
    /// An edge more or less through `get_mut`, and a collection while the guard is there.
    GetMut {
        root: u32,
        target: u32,
        generation: u32,
    },
    /// The value comes out of its object, and what it held to the stack.
    TryUnwrap {
        root: u32,
    },
    /// A handle to every object, for a moment.
    Enumerate,
}

/// What an object does when it is finalized.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Plain,
    ResurrectsItself,
    ResurrectsNeighbour,
    Suicidal,
    Allocates,
    Collects,
    Panics,
}

impl Kind {
    const ALL: [Kind; 7] = [
        Kind::Plain,
        Kind::ResurrectsItself,
        Kind::ResurrectsNeighbour,
        Kind::Suicidal,
        Kind::Allocates,
        Kind::Collects,
        Kind::Panics,
    ];
}

const GENERATIONS: [Generation; 3] = [Generation::Young, Generation::Middle, Generation::Old];

// ---- the values in the heap ----------------------------------------------------------------------

thread_local! {
    /// Visits until one panics; zero: none does.
    static VISITS_LEFT: Cell<u32> = const { Cell::new(0) };
}

/// A field whose visit panics when the program says so.
struct Mood;

// SAFETY: reports nothing. It is asked for because of its panic.
unsafe impl Trace for Mood {
    fn trace(&self, _: &mut Tracer<'_>) {
        let left = VISITS_LEFT.get();
        assert!(left != 1, "a visit that panics");
        VISITS_LEFT.set(left.saturating_sub(1));
    }

    fn may_hold_gc(_: Depth) -> bool {
        true
    }
}

/// Notes the drop of the value that it is a field of.
struct Probe {
    id: usize,
    deaths: Rc<RefCell<Vec<usize>>>,
}

impl Drop for Probe {
    fn drop(&mut self) {
        self.deaths.borrow_mut().push(self.id);
    }
}

/// What every value has.
#[derive(Trace)]
pub(crate) struct Core<T: 'static> {
    mood: Mood,
    edges: RefCell<Vec<Gc<T>>>,
    #[trace(skip)]
    probe: Probe,
}

/// A type of values that a program can be run with.
pub(crate) trait Value: Trace + Sized {
    const FINALIZES: bool;
    fn new(core: Core<Self>, kind: Kind, world: &Rc<World<Self>>) -> Self;
    fn core(&self) -> &Core<Self>;
}

/// A value without finalizer.
#[derive(Trace)]
pub(crate) struct Quiet {
    core: Core<Quiet>,
}

impl Value for Quiet {
    const FINALIZES: bool = false;

    fn new(core: Core<Self>, _: Kind, _: &Rc<World<Self>>) -> Self {
        Self { core }
    }

    fn core(&self) -> &Core<Self> {
        &self.core
    }
}

/// A value with a finalizer of some kind.
#[derive(Trace)]
#[trace(finalize)]
pub(crate) struct Last {
    core: Core<Last>,
    #[trace(skip)]
    kind: Kind,
    #[trace(skip)]
    world: Rc<World<Last>>,
}

impl Value for Last {
    const FINALIZES: bool = true;

    fn new(core: Core<Self>, kind: Kind, world: &Rc<World<Self>>) -> Self {
        Self { core, kind, world: world.clone() }
    }

    fn core(&self) -> &Core<Self> {
        &self.core
    }
}

impl Finalize for Last {
    /// What happens to the heap here happens to the model too.
    fn finalize(&self, cx: &FinalizeCx<'_, Self>) {
        let (world, id) = (&self.world, self.core.probe.id);
        world.model.borrow_mut().objects[id].finalized += 1;
        match self.kind {
            Kind::Plain => {}
            Kind::ResurrectsItself => world.roots.borrow_mut().push((id, cx.handle())),
            Kind::ResurrectsNeighbour => {
                if let Some(neighbour) = self.core.edges.borrow().first() {
                    let root = (neighbour.core.probe.id, neighbour.clone());
                    world.roots.borrow_mut().push(root);
                }
            }
            Kind::Suicidal => {
                world.model.borrow_mut().objects[id].edges.clear();
                let edges = self.core.edges.take();
                drop(edges);
            }
            Kind::Allocates => {
                // Of a plain kind, or it might go on for ever.
                let (new, object) = world.make(Kind::Plain);
                world.model.borrow_mut().objects[new].edges.push(id);
                object.core.edges.borrow_mut().push(cx.handle());
                world.model.borrow_mut().objects[id].edges.push(new);
                self.core.edges.borrow_mut().push(object);
            }
            Kind::Collects => drop(world.heap.collect()),
            Kind::Panics => {
                world.panics.set(world.panics.get() + 1);
                panic!("a finalizer that panics");
            }
        }
    }
}

// ---- the model -----------------------------------------------------------------------------------

/// What the model knows of an object.
#[derive(Default)]
struct Known {
    edges: Vec<usize>,
    dead: bool,
    frozen: bool,
    finalized: u32,
    /// Its value was taken out, without a finalizer.
    unwrapped: bool,
}

#[derive(Default)]
struct Model {
    objects: Vec<Known>,
}

impl Model {
    /// What is reached from these, nearest first, each with the edges that lead to it.
    fn reach(&self, from: impl IntoIterator<Item = usize>) -> Reached {
        let mut came_by = vec![None; self.objects.len()];
        let mut order: Vec<usize> = Vec::new();
        let mut queue = VecDeque::new();
        for id in from {
            if came_by[id].is_none() {
                came_by[id] = Some(None);
                queue.push_back(id);
            }
        }
        while let Some(id) = queue.pop_front() {
            assert!(!self.objects[id].dead, "object {id} is reachable, and it was dropped");
            order.push(id);
            for (number, &edge) in self.objects[id].edges.iter().enumerate() {
                if came_by[edge].is_none() {
                    came_by[edge] = Some(Some((id, number)));
                    queue.push_back(edge);
                }
            }
        }
        Reached { order, came_by }
    }
}

/// The answer of a walk.
struct Reached {
    order: Vec<usize>,
    /// For each object that was reached: from where, and by which edge.
    came_by: Vec<Option<Option<(usize, usize)>>>,
}

impl Reached {
    fn has(&self, id: usize) -> bool {
        self.came_by[id].is_some()
    }

    /// The edges that lead from the start to this one.
    fn path(&self, mut id: usize) -> Vec<usize> {
        let mut path = Vec::new();
        while let Some(Some((from, edge))) = self.came_by[id] {
            path.push(edge);
            id = from;
        }
        path.reverse();
        path
    }
}

// ---- both ----------------------------------------------------------------------------------------

/// A heap and its model.
pub(crate) struct World<T: Value> {
    heap: Heap,
    model: RefCell<Model>,
    /// The handles on the stack, so to speak.
    roots: RefCell<Vec<(usize, Gc<T>)>>,
    weak: RefCell<Vec<(usize, Weak<T>)>>,
    deaths: Rc<RefCell<Vec<usize>>>,
    /// Panics that hooks ended with, and those that the error handler heard of.
    panics: Cell<usize>,
    told: Rc<Cell<usize>>,
}

/// Calls `look` with the value to which `path` leads from `value`.
fn walk<T: Value, R>(value: &T, path: &[usize], look: impl FnOnce(&T) -> R) -> R {
    match path.split_first() {
        None => look(value),
        Some((&edge, rest)) => walk(&*value.core().edges.borrow()[edge], rest, look),
    }
}

fn pick(number: u32, len: usize) -> Option<usize> {
    (number as usize).checked_rem(len)
}

impl<T: Value> World<T> {
    /// With `automatic`, collections happen by themselves as well, often.
    pub(crate) fn new(automatic: bool) -> Rc<Self> {
        let heap = Heap::new();
        heap.set_thresholds(Thresholds { young: 7, middle: 2, old: 2, ..Thresholds::default() });
        heap.set_auto_collect(automatic);
        let told = Rc::new(Cell::new(0));
        let heard = told.clone();
        heap.set_error_handler(Some(move |_| heard.set(heard.get() + 1)));
        Rc::new(Self {
            heap,
            told,
            model: RefCell::default(),
            roots: RefCell::default(),
            weak: RefCell::default(),
            deaths: Rc::default(),
            panics: Cell::default(),
        })
    }

    /// A new object, known to the model.
    fn make(self: &Rc<Self>, kind: Kind) -> (usize, Gc<T>) {
        let id = self.model.borrow().objects.len();
        self.model.borrow_mut().objects.push(Known::default());
        let probe = Probe { id, deaths: self.deaths.clone() };
        let core = Core { mood: Mood, edges: RefCell::default(), probe };
        (id, Gc::new_in(&self.heap, T::new(core, kind, self)))
    }

    fn reach_all(&self) -> Reached {
        self.model.borrow().reach(self.roots.borrow().iter().map(|&(id, _)| id))
    }

    /// An object that the root leads to, with the way there.
    fn choose(&self, root: usize, at: u32) -> (usize, Vec<usize>) {
        let reached = self.model.borrow().reach([self.roots.borrow()[root].0]);
        let id = reached.order[at as usize % reached.order.len()];
        (id, reached.path(id))
    }

    /// Takes an edge out of an object that the root leads to.
    fn take_edge(&self, root: usize, at: u32, edge: u32) -> Option<(usize, Gc<T>)> {
        let (holder, path) = self.choose(root, at);
        let edges = &mut self.model.borrow_mut().objects[holder].edges;
        let edge = pick(edge, edges.len())?;
        let roots = self.roots.borrow();
        let taken =
            walk(&*roots[root].1, &path, |value| value.core().edges.borrow_mut().remove(edge));
        Some((edges.remove(edge), taken))
    }

    /// Puts an edge into an object that the root leads to.
    fn put_edge(&self, root: usize, at: u32, (id, handle): (usize, Gc<T>)) {
        let (holder, path) = self.choose(root, at);
        self.model.borrow_mut().objects[holder].edges.push(id);
        let roots = self.roots.borrow();
        walk(&*roots[root].1, &path, |value| value.core().edges.borrow_mut().push(handle));
    }

    fn pick_root(&self, number: u32) -> Option<usize> {
        pick(number, self.roots.borrow().len())
    }

    fn take_root(&self, number: u32) -> Option<(usize, Gc<T>)> {
        self.pick_root(number).map(|root| self.roots.borrow_mut().remove(root))
    }

    fn clone_root(&self, number: u32) -> Option<(usize, Gc<T>)> {
        self.pick_root(number).map(|root| self.roots.borrow()[root].clone())
    }

    fn push_root(&self, root: Option<(usize, Gc<T>)>) {
        self.roots.borrow_mut().extend(root);
    }

    /// Runs one step, and compares. `None`: there was nothing to do it with.
    pub(crate) fn step(self: &Rc<Self>, op: Op) -> Option<()> {
        let done = self.act(op);
        self.compare();
        done
    }

    fn act(self: &Rc<Self>, op: Op) -> Option<()> {
        match op {
            Op::Make { kind } => {
                let made = self.make(Kind::ALL[kind as usize % Kind::ALL.len()]);
                self.push_root(Some(made));
            }
            Op::Clone { root } => self.push_root(self.clone_root(root)),
            Op::Drop { root } => drop(self.take_root(root)),
            Op::Link { root, at, target } => {
                let handle = self.clone_root(target)?;
                self.put_edge(self.pick_root(root)?, at, handle);
            }
            Op::MoveInto { root, at, moved } => {
                let handle = self.take_root(moved)?;
                match self.pick_root(root) {
                    Some(root) => self.put_edge(root, at, handle),
                    None => self.push_root(Some(handle)),
                }
            }
            Op::MoveOut { root, at, edge } => {
                let taken = self.take_edge(self.pick_root(root)?, at, edge);
                self.push_root(taken);
            }
            Op::MoveBetween { root, at, edge, to } => {
                // Chosen without the edge in hand: a handle cannot be stored through itself.
                let root = self.pick_root(root)?;
                let taken = self.take_edge(root, at, edge)?;
                self.put_edge(root, to, taken);
            }
            Op::Loan { root, at } => self.lend(root, at)?,
            Op::Unlink { root, at, edge } => drop(self.take_edge(self.pick_root(root)?, at, edge)),
            Op::Collect { generation } => self.collect(GENERATIONS[generation as usize % 3]),
            Op::CollectWithin { objects } => {
                self.heap.collect_within(Budget::objects(objects as usize));
            }
            Op::CollectInVain { generation, visits } => {
                self.collect_in_vain(GENERATIONS[generation as usize % 3], visits);
            }
            Op::Freeze => {
                self.heap.freeze();
                let objects = &mut self.model.borrow_mut().objects;
                objects.iter_mut().for_each(|object| object.frozen = !object.dead);
            }
            Op::Unfreeze => {
                self.heap.unfreeze();
                let objects = &mut self.model.borrow_mut().objects;
                objects.iter_mut().for_each(|object| object.frozen = false);
            }
            Op::MakeWeak { root } => {
                let root = self.pick_root(root)?;
                let (id, gc) = &self.roots.borrow()[root];
                self.weak.borrow_mut().push((*id, Gc::downgrade(gc)));
            }
            Op::Upgrade { weak } => {
                let weak = pick(weak, self.weak.borrow().len())?;
                let (id, weak) = self.weak.borrow()[weak].clone();
                let upgraded = weak.upgrade();
                assert_eq!(upgraded.is_none(), self.model.borrow().objects[id].dead);
                self.push_root(upgraded.map(|gc| (id, gc)));
            }
            Op::DropWeak { weak } => {
                let weak = pick(weak, self.weak.borrow().len())?;
                self.weak.borrow_mut().swap_remove(weak);
            }
            Op::GetMut { root, target, generation } => self.mutate(root, target, generation)?,
            Op::TryUnwrap { root } => self.unwrap(root)?,
            Op::Enumerate => {
                let handles = self.heap.objects();
                let objects = &self.model.borrow().objects;
                let seen = objects.iter().filter(|object| !object.dead && !object.frozen).count();
                assert_eq!(handles.len(), seen);
            }
        }
        Some(())
    }

    fn lend(&self, root: u32, at: u32) -> Option<()> {
        let (holder, path) = self.choose(self.pick_root(root)?, at);
        let (id, gc) = self.take_root(root)?;
        self.model.borrow_mut().objects[holder].edges.push(id);
        let (weak, gc) = (Gc::downgrade(&gc), Cell::new(Some(gc)));
        weak.with(|value| {
            walk(value, &path, |value| value.core().edges.borrow_mut().extend(gc.take()));
        })
    }

    /// `get_mut` is refused exactly if there are other handles, weak ones included.
    fn mutate(&self, root: u32, target: u32, generation: u32) -> Option<()> {
        let new = self.clone_root(target)?;
        let (id, mut gc) = self.take_root(root)?;
        let unique = self.count(id) == 0 && new.0 != id;
        assert_eq!(Gc::strong_count(&gc), self.count(id) + 1 + usize::from(new.0 == id));
        let watched = self.weak.borrow().iter().any(|&(of, _)| of == id);
        match Gc::get_mut(&mut gc) {
            None => assert!(!unique || watched, "it was refused without a reason"),
            Some(guard) => {
                assert!(unique && !watched, "it was given although there are others");
                self.model.borrow_mut().objects[id].edges.push(new.0);
                guard.core().edges.borrow_mut().push(new.1);
                let old = guard.core().edges.borrow_mut().remove(0);
                self.model.borrow_mut().objects[id].edges.remove(0);
                drop(old);
                self.heap.collect_generation(GENERATIONS[generation as usize % 3]);
            }
        }
        self.push_root(Some((id, gc)));
        Some(())
    }

    /// `try_unwrap` is refused exactly if there are other handles.
    fn unwrap(&self, root: u32) -> Option<()> {
        let (id, gc) = self.take_root(root)?;
        let unique = self.count(id) == 0;
        match Gc::try_unwrap(gc) {
            Err(gc) => {
                assert!(!unique, "it was refused without a reason");
                self.push_root(Some((id, gc)));
            }
            Ok(value) => {
                assert!(unique, "it was given although there are others");
                let edges = value.core().edges.take();
                let known = &mut self.model.borrow_mut().objects[id];
                known.unwrapped = true;
                let ids = std::mem::take(&mut known.edges);
                self.roots.borrow_mut().extend(ids.into_iter().zip(edges));
            }
        }
        Some(())
    }

    fn collect(&self, generation: Generation) {
        let collection = self.heap.collect_generation(generation);
        if generation != Generation::Old {
            return;
        }
        assert!(collection.complete);
        self.compare();
        if T::FINALIZES {
            // What finalizers made or let go of has its turn in the next one.
            let mut last = collection;
            while last.collected + last.finalized > 0 {
                last = self.heap.collect();
                self.compare();
            }
        }
        let model = self.model.borrow();
        let frozen = (0..model.objects.len())
            .filter(|&id| model.objects[id].frozen && !model.objects[id].dead);
        let held = model.reach(self.roots.borrow().iter().map(|&(id, _)| id).chain(frozen));
        for (id, object) in model.objects.iter().enumerate() {
            assert!(object.dead || held.has(id), "object {id} is garbage, and was not collected");
        }
    }

    fn collect_in_vain(&self, generation: Generation, visits: u32) {
        // Without finalizers the first judgement is the only one, so nothing is freed.
        let visits = 1 + visits % 30;
        VISITS_LEFT.set(visits);
        let collection = self.heap.collect_generation(generation);
        VISITS_LEFT.set(0);
        if let Some(reason) = collection.given_up {
            assert_eq!((reason, collection.collected), (GivenUp::TracePanicked, 0));
            self.panics.set(self.panics.get() + 1);
        }
    }

    /// The handles to an object, those on the stack and those in values that are still there.
    fn count(&self, id: usize) -> usize {
        let roots = self.roots.borrow().iter().filter(|&&(root, _)| root == id).count();
        let model = self.model.borrow();
        let edges = model.objects.iter().flat_map(|object| &object.edges);
        roots + edges.filter(|&&edge| edge == id).count()
    }

    /// Takes in which values were dropped, and compares all that can be seen from outside.
    fn compare(&self) {
        let deaths = self.deaths.take();
        for &id in &deaths {
            let object = &mut self.model.borrow_mut().objects[id];
            assert!(!object.dead, "the value of object {id} was dropped twice");
            object.dead = true;
            object.edges.clear();
            let finalized = u32::from(T::FINALIZES && !object.unwrapped);
            assert!(object.finalized == finalized || object.unwrapped, "object {id}");
            assert!(object.finalized <= 1, "object {id} was finalized twice");
        }
        // Panics if it comes to one of the dead.
        let reached = self.reach_all();
        let model = self.model.borrow();
        let mut counts = vec![0; model.objects.len()];
        self.roots.borrow().iter().for_each(|&(id, _)| counts[id] += 1);
        model.objects.iter().flat_map(|object| &object.edges).for_each(|&id| counts[id] += 1);
        let mut alive = 0;
        for (id, object) in model.objects.iter().enumerate() {
            if object.dead {
                continue;
            }
            alive += 1;
            assert!(counts[id] > 0, "nobody holds object {id}, and it was not dropped");
        }
        assert_eq!(self.heap.live_count(), alive);
        let frozen = model.objects.iter().filter(|object| object.frozen && !object.dead).count();
        assert_eq!(self.heap.frozen_count(), frozen);
        for (id, gc) in &*self.roots.borrow() {
            assert!(reached.has(*id));
            assert_eq!(Gc::strong_count(gc), counts[*id], "the count of object {id}");
            let edges = gc.core().edges.borrow();
            let found = edges.iter().map(|edge| edge.core().probe.id);
            assert!(found.eq(model.objects[*id].edges.iter().copied()), "object {id} has changed");
        }
        for (id, weak) in &*self.weak.borrow() {
            assert_eq!(weak.is_dead(), model.objects[*id].dead, "the weak handle to object {id}");
            let count = if weak.is_dead() { 0 } else { counts[*id] };
            assert_eq!(weak.strong_count(), count);
        }
        assert_eq!(self.told.get(), self.panics.get(), "each panic is told once");
    }

    /// The end of the program: all is let go of, and goes.
    pub(crate) fn end(self: &Rc<Self>) {
        self.heap.set_auto_collect(false);
        self.step(Op::Unfreeze);
        self.collect(Generation::Old);
        // Finalizers may bring objects back, each once.
        while !self.roots.borrow().is_empty() {
            while self.step(Op::Drop { root: 0 }).is_some() && !self.roots.borrow().is_empty() {}
            self.collect(Generation::Old);
        }
        assert!(self.model.borrow().objects.iter().all(|object| object.dead));
        self.heap.assert_empty();
        self.weak.take();
    }
}
