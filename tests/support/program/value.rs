//! What lives in the heaps: values whose every hook tells the world before it does anything, and the
//! handles to them, of every kind.

use std::cell::{Cell, RefCell};
use std::panic::resume_unwind;
use std::rc::Rc;

use gc_core::{
    AnyGc, AnyWeak, Depth, Finalize, FinalizeCx, Gc, Trace, Tracer, Watch, Weak, coerce,
};

use super::model::Id;
use super::op::Deed;
use super::sweep::VISIT_PANICKED;
use super::world::World;

thread_local! {
    /// Visits until one panics; zero: none does.
    pub(crate) static VISITS_LEFT: Cell<u32> = const { Cell::new(0) };
}

/// What a hook panics with, when it is part of the program. Raised without the panic hook, which would
/// only fill the output.
pub(crate) struct Deliberate;

pub(crate) fn panic_deliberately() -> ! {
    resume_unwind(Box::new(Deliberate))
}

/// A field whose visit panics when the program says so.
pub(crate) struct Mood;

// SAFETY: reports nothing. It is asked for because of its panic.
unsafe impl Trace for Mood {
    fn trace(&self, _: &mut Tracer<'_>) {
        match VISITS_LEFT.get() {
            0 => {}
            1 => {
                VISIT_PANICKED.set(true);
                panic_deliberately();
            }
            left => VISITS_LEFT.set(left - 1),
        }
    }

    fn may_hold_gc(_: Depth) -> bool {
        true
    }
}

/// Tells of the drop of the value whose first field it is: its edges are still there.
pub(crate) struct Probe<T: Value> {
    pub(crate) id: Id,
    pub(crate) world: Rc<World<T>>,
    /// What to do at the drop.
    pub(crate) dropped: Deed,
    pub(crate) number: u8,
    /// The value was taken out of its object: its drop is nobody's business.
    pub(crate) defused: Cell<bool>,
}

impl<T: Value> Drop for Probe<T> {
    fn drop(&mut self) {
        if !self.defused.get() {
            self.world.value_drops(self.id, self.dropped, self.number);
        }
    }
}

/// What every value with edges has.
#[derive(Trace)]
pub(crate) struct Core<T: Value> {
    /// None in the elements of a slice that hold no edges.
    #[trace(skip)]
    pub(crate) probe: Option<Probe<T>>,
    mood: Mood,
    pub(crate) edges: RefCell<Vec<Handle<T>>>,
    /// What its finalizer does.
    #[trace(skip)]
    pub(crate) last: Deed,
}

impl<T: Value> Core<T> {
    pub(crate) fn new(probe: Option<Probe<T>>, last: Deed) -> Self {
        Self { probe, mood: Mood, edges: RefCell::default(), last }
    }
}

impl<T: Value> Clone for Core<T> {
    /// A value of its own, known to the model.
    fn clone(&self) -> Self {
        let Some(probe) = &self.probe else { return Self::new(None, self.last) };
        let edges = self.edges.borrow().clone();
        let id = probe.world.value_is_cloned(probe.id);
        let probe = Probe { id, world: probe.world.clone(), defused: Cell::default(), ..*probe };
        Self { probe: Some(probe), mood: Mood, edges: RefCell::new(edges), last: self.last }
    }
}

/// A type of values that a program can be run with.
pub(crate) trait Value: Trace + Clone + Unpin + Sized {
    const FINALIZES: bool;
    fn new(core: Core<Self>) -> Self;
    fn core(&self) -> &Core<Self>;
}

/// A value behind a trait object.
pub(crate) trait Holder<T: Value>: Trace {
    fn held_core(&self) -> &Core<T>;
}

impl<T: Value> Holder<T> for T {
    fn held_core(&self) -> &Core<T> {
        self.core()
    }
}

/// A value without finalizer.
#[derive(Clone, Trace)]
pub(crate) struct Quiet {
    core: Core<Quiet>,
}

impl Value for Quiet {
    const FINALIZES: bool = false;

    fn new(core: Core<Self>) -> Self {
        Self { core }
    }

    fn core(&self) -> &Core<Self> {
        &self.core
    }
}

/// A value with a finalizer.
#[derive(Clone, Trace)]
#[trace(finalize)]
pub(crate) struct Last {
    core: Core<Last>,
}

impl Value for Last {
    const FINALIZES: bool = true;

    fn new(core: Core<Self>) -> Self {
        Self { core }
    }

    fn core(&self) -> &Core<Self> {
        &self.core
    }
}

impl Finalize for Last {
    fn finalize(&self, cx: &FinalizeCx<'_, Self>) {
        if let Some(probe) = &self.core.probe {
            let me =
                Me { id: probe.id, core: Some(&self.core), handle: &|| Handle::Node(cx.handle()) };
            probe.world.finalize(&me, self.core.last, probe.number);
        }
    }
}

/// A value without edges, with a finalizer.
#[derive(Trace)]
#[trace(leaf, finalize)]
pub(crate) struct Leaf<T: Value> {
    pub(crate) probe: Probe<T>,
    pub(crate) last: Deed,
}

impl<T: Value> Finalize for Leaf<T> {
    fn finalize(&self, cx: &FinalizeCx<'_, Self>) {
        let me = Me { id: self.probe.id, core: None, handle: &|| Handle::Leaf(cx.handle()) };
        self.probe.world.finalize(&me, self.last, self.probe.number);
    }
}

/// An object as its finalizer knows it.
pub(crate) struct Me<'a, T: Value> {
    pub(crate) id: Id,
    pub(crate) core: Option<&'a Core<T>>,
    pub(crate) handle: &'a dyn Fn() -> Handle<T>,
}

// ---- handles ---------------------------------------------------------------------------------------

/// A handle of some kind.
#[derive(Trace)]
pub(crate) enum Handle<T: Value> {
    Node(Gc<T>),
    Dyn(Gc<dyn Holder<T>>),
    Slice(Gc<[T]>),
    Leaf(Gc<Leaf<T>>),
    Text(Gc<str>),
    /// On the stack only: what it leads to cannot be looked at without a handle more.
    Any(AnyGc),
}

/// Does the same with a `Gc` of any kind; for an `AnyGc` something else.
macro_rules! each {
    ($handle:expr, $gc:ident => $do:expr, $any:ident => $else:expr) => {
        match $handle {
            Handle::Node($gc) => $do,
            Handle::Dyn($gc) => $do,
            Handle::Slice($gc) => $do,
            Handle::Leaf($gc) => $do,
            Handle::Text($gc) => $do,
            Handle::Any($any) => $else,
        }
    };
}

impl<T: Value> Clone for Handle<T> {
    fn clone(&self) -> Self {
        match self {
            Handle::Node(gc) => Handle::Node(gc.clone()),
            Handle::Dyn(gc) => Handle::Dyn(gc.clone()),
            Handle::Slice(gc) => Handle::Slice(gc.clone()),
            Handle::Leaf(gc) => Handle::Leaf(gc.clone()),
            Handle::Text(gc) => Handle::Text(gc.clone()),
            Handle::Any(gc) => Handle::Any(gc.clone()),
        }
    }
}

impl<T: Value> Handle<T> {
    /// The value's edges and what goes with them, where there are any to see.
    pub(crate) fn core(&self) -> Option<&Core<T>> {
        match self {
            Handle::Node(gc) => Some(gc.core()),
            Handle::Dyn(gc) => Some(gc.held_core()),
            Handle::Slice(gc) => gc.last().map(Value::core),
            Handle::Leaf(_) | Handle::Text(_) | Handle::Any(_) => None,
        }
    }

    pub(crate) fn is_any(&self) -> bool {
        matches!(self, Handle::Any(_))
    }

    /// The number of its object, where the value has it.
    pub(crate) fn id(&self) -> Option<Id> {
        match self {
            Handle::Leaf(gc) => Some(gc.probe.id),
            other => other.core()?.probe.as_ref().map(|probe| probe.id),
        }
    }

    /// Strong count; generation; whether it was finalized.
    #[inline]
    pub(crate) fn figures(&self) -> (usize, gc_core::Generation, bool) {
        each!(self,
            gc => (Gc::strong_count(gc), Gc::generation(gc), Gc::is_finalized(gc)),
            any => (any.strong_count(), any.generation(), any.is_finalized()))
    }

    /// Whether both lead to the same object, as far as handles of these kinds tell.
    pub(crate) fn ptr_eq(&self, other: &Self) -> Option<bool> {
        Some(match (self, other) {
            (Handle::Node(one), Handle::Node(other)) => Gc::ptr_eq(one, other),
            (Handle::Dyn(one), Handle::Dyn(other)) => Gc::ptr_eq(one, other),
            (Handle::Slice(one), Handle::Slice(other)) => Gc::ptr_eq(one, other),
            (Handle::Leaf(one), Handle::Leaf(other)) => Gc::ptr_eq(one, other),
            (Handle::Text(one), Handle::Text(other)) => Gc::ptr_eq(one, other),
            (Handle::Any(one), Handle::Any(other)) => one.ptr_eq(other),
            _ => return None,
        })
    }

    pub(crate) fn weak_count(&self) -> Option<usize> {
        each!(self, gc => Some(Gc::weak_count(gc)), _any => None)
    }

    pub(crate) fn downgrade(&self) -> WeakHandle<T> {
        match self {
            Handle::Node(gc) => WeakHandle::Node(Gc::downgrade(gc)),
            Handle::Dyn(gc) => WeakHandle::Dyn(Gc::downgrade(gc)),
            Handle::Slice(gc) => WeakHandle::Slice(Gc::downgrade(gc)),
            Handle::Leaf(gc) => WeakHandle::Leaf(Gc::downgrade(gc)),
            Handle::Text(gc) => WeakHandle::Text(Gc::downgrade(gc)),
            Handle::Any(gc) => WeakHandle::Any(gc.downgrade()),
        }
    }

    pub(crate) fn watch(&self, call: impl FnOnce() + 'static) -> Option<Box<dyn AnyWatch>> {
        each!(self, gc => Some(Box::new(Gc::watch(gc, call))), _any => None)
    }

    pub(crate) fn cleanup(&self, call: impl FnOnce() + 'static) -> Option<gc_core::Cleanup<()>> {
        each!(self, gc => Some(Gc::cleanup(gc, call)), _any => None)
    }

    /// How many handles the value shows that it owns.
    pub(crate) fn referents(&self) -> usize {
        each!(self, gc => Gc::referents(gc).len(), any => any.referents().len())
    }

    /// Those that hold its object.
    pub(crate) fn referrers(&self, heap: &gc_core::Heap) -> Option<Vec<AnyGc>> {
        each!(self, gc => Some(heap.referrers(gc)), _any => None)
    }

    /// The next kind of handle to the same object.
    pub(crate) fn recast(self) -> Self {
        match self {
            Handle::Node(gc) => Handle::Dyn(coerce!(gc => dyn Holder<T>)),
            Handle::Any(any) => Self::of_any(any),
            other => each!(other, gc => Handle::Any(AnyGc::from(gc)), any => Handle::Any(any)),
        }
    }

    fn of_any(any: AnyGc) -> Self {
        let any = match any.downcast::<T>() {
            Ok(gc) => return Handle::Node(gc),
            Err(any) => any,
        };
        let any = match any.downcast_slice::<T>() {
            Ok(gc) => return Handle::Slice(gc),
            Err(any) => any,
        };
        let any = match any.downcast::<Leaf<T>>() {
            Ok(gc) => return Handle::Leaf(gc),
            Err(any) => any,
        };
        Handle::Text(any.downcast_str().expect("a handle of no kind that there is"))
    }

    /// A pointer and a handle again, with the count moved by hand on the way.
    pub(crate) fn through_raw(self) -> Self {
        let Handle::Node(gc) = self else { return self };
        let raw = Gc::into_raw(gc);
        // SAFETY: from `into_raw`, whose count is still there.
        unsafe { Gc::increment_strong_count(raw) };
        // SAFETY: as above; the count that was added goes.
        unsafe { Gc::decrement_strong_count(raw) };
        // SAFETY: from `into_raw`, and taken back once.
        Handle::Node(unsafe { Gc::from_raw(raw) })
    }
}

/// A weak handle of some kind.
pub(crate) enum WeakHandle<T: Value> {
    Node(Weak<T>),
    Dyn(Weak<dyn Holder<T>>),
    Slice(Weak<[T]>),
    Leaf(Weak<Leaf<T>>),
    Text(Weak<str>),
    Any(AnyWeak),
}

impl<T: Value> WeakHandle<T> {
    pub(crate) fn upgrade(&self) -> Option<Handle<T>> {
        Some(match self {
            WeakHandle::Node(weak) => Handle::Node(weak.upgrade()?),
            WeakHandle::Dyn(weak) => Handle::Dyn(weak.upgrade()?),
            WeakHandle::Slice(weak) => Handle::Slice(weak.upgrade()?),
            WeakHandle::Leaf(weak) => Handle::Leaf(weak.upgrade()?),
            WeakHandle::Text(weak) => Handle::Text(weak.upgrade()?),
            WeakHandle::Any(weak) => Handle::Any(weak.upgrade()?),
        })
    }

    /// Whether it is dead, and the strong and weak counts where it tells them.
    pub(crate) fn figures(&self) -> (bool, Option<(usize, usize)>) {
        macro_rules! figures {
            ($weak:ident) => {
                ($weak.is_dead(), Some(($weak.strong_count(), $weak.weak_count())))
            };
        }
        match self {
            WeakHandle::Node(weak) => figures!(weak),
            WeakHandle::Dyn(weak) => figures!(weak),
            WeakHandle::Slice(weak) => figures!(weak),
            WeakHandle::Leaf(weak) => figures!(weak),
            WeakHandle::Text(weak) => figures!(weak),
            WeakHandle::Any(weak) => (weak.is_dead(), None),
        }
    }
}

/// A watch, whatever it watches.
pub(crate) trait AnyWatch {
    fn is_dead(&self) -> bool;
    fn forget(self: Box<Self>);
}

impl<U: ?Sized> AnyWatch for Watch<U> {
    fn is_dead(&self) -> bool {
        Watch::is_dead(self)
    }

    fn forget(self: Box<Self>) {
        Watch::forget(*self);
    }
}
