//! [`Heap`]: the value through which a heap is asked, told and ended. Module `gc` of Python.

use std::fmt;

use crate::any::{AnyGc, edges_of};
use crate::collect::collect;
use crate::current;
use crate::debug::{DebugFlags, DebugRecord};
use crate::error::GcError;
use crate::event::{CollectionEvent, Subscription};
use crate::freeze::{freeze, unfreeze};
use crate::gc::Gc;
use crate::inspect::what_is_left;
use crate::object::{FROZEN, Life, ObjectRef};
use crate::report::{Collection, HeapStats, Reason, ShutdownReport};
use crate::settings::{Budget, Counts, Generation, Thresholds};
use crate::shutdown;
use crate::state::HeapRef;
use crate::verify::verify;

/// A garbage-collected heap: where objects live, and what finds their cycles.
///
/// Every thread has a default one, which [`Gc::new`] uses. A heap of one's own keeps objects apart,
/// with its own settings. A clone is the same heap.
///
/// An edge to an object of another heap counts as a handle from outside: a cycle across heaps is never
/// found.
///
/// # What happens when it is dropped?
///
/// The last `Heap` value ends the heap, as [`Heap::shutdown`] does. Handles may outlive it: their
/// objects stay usable and go by count. (The thread's default heap ends with the thread.) Inside a
/// collection it ends when that is over. Inside the end of one of its own objects it ends at once, so
/// cycles that only this object still held are let go of after the last sweep, and leak.
///
/// ```
/// use gc_core::{Gc, Heap};
///
/// let heap = Heap::new();
/// let five = Gc::new_in(&heap, 5);
/// drop(heap);
/// assert_eq!(*five, 5);
/// ```
pub struct Heap {
    state: HeapRef,
}

/// Collects the thread's default heap. As [`Heap::collect`].
///
/// ```
/// assert_eq!(gc_core::collect().collected, 0);
/// ```
pub fn collect_current() -> Collection {
    Heap::current().collect()
}

impl Heap {
    /// An empty heap.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let (here, there) = (Heap::new(), Heap::new());
    /// let _five = Gc::new_in(&here, 5);
    /// assert_eq!((here.live_count(), there.live_count()), (1, 0));
    /// ```
    #[must_use]
    pub fn new() -> Self {
        let state = HeapRef::create();
        state.heaps.set(1);
        Self { state }
    }

    /// The thread's default heap.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let five = Gc::new(5);
    /// assert_eq!(Heap::current(), Gc::heap(&five));
    /// ```
    #[must_use]
    pub fn current() -> Self {
        Self::of(current::heap())
    }

    pub(crate) fn of(state: HeapRef) -> Self {
        state.hold();
        state.heaps.set(state.heaps.get() + 1);
        Self { state }
    }

    #[inline(always)]
    pub(crate) fn state(&self) -> HeapRef {
        self.state
    }

    // ---- collecting ------------------------------------------------------------------------------

    /// Judges every suspect of the heap, and frees the garbage. The twin of `gc.collect()`.
    ///
    /// Inside a collection of the same heap (in a finalizer, say) it does nothing and says so in
    /// [`skipped`](Collection::skipped).
    ///
    /// Of the memory in which no object is left, a heap keeps up to 32 MiB for the next ones; after a full
    /// collection, up to 8 MiB (CPython's clears its free lists).
    ///
    /// ```
    /// use gc_core::{Gc, Heap, Slot, Trace};
    ///
    /// #[derive(Trace)]
    /// struct Node(Slot<Node>);
    ///
    /// let heap = Heap::new();
    /// let node = Gc::new_in(&heap, Node(Slot::empty()));
    /// node.0.set(Some(node.clone())); // a cycle
    /// let weak = Gc::downgrade(&node);
    /// drop(node);
    /// assert_eq!(heap.collect().collected, 1);
    /// assert!(weak.is_dead());
    /// ```
    ///
    /// # Panics
    ///
    /// Without an error handler, the first panic of a hook is re-raised when the work is done.
    pub fn collect(&self) -> Collection {
        self.collect_generation(Generation::Old)
    }

    /// Judges the suspects of generations up to this one. Its survivors move up.
    ///
    /// ```
    /// use gc_core::{Gc, Generation, Heap, Slot, Trace};
    ///
    /// #[derive(Trace)]
    /// struct Node(Slot<Node>);
    ///
    /// let heap = Heap::new();
    /// let node = Gc::new_in(&heap, Node(Slot::empty()));
    /// node.0.set(Some(node.clone())); // a cycle
    /// heap.collect_generation(Generation::Young);
    /// assert_eq!(Gc::generation(&node), Generation::Middle);
    /// drop(node);
    /// assert_eq!(heap.collect_generation(Generation::Young).collected, 0);
    /// assert_eq!(heap.collect_generation(Generation::Middle).collected, 1);
    /// ```
    ///
    /// # Panics
    ///
    /// As [`Heap::collect`].
    pub fn collect_generation(&self, generation: Generation) -> Collection {
        collect(self.state, generation, Reason::Requested, None)
    }

    /// Judges suspects of the whole heap until the budget is used up.
    ///
    /// [`complete`](Collection::complete) tells whether that was all. If not, garbage that was seen as a
    /// whole is freed, nothing is acquitted or moves up, and the next call goes on elsewhere. A cycle
    /// of more objects than the budget has is found by no such call.
    ///
    /// ```
    /// use gc_core::{Budget, Gc, Heap, Slot, Trace};
    ///
    /// #[derive(Trace)]
    /// struct Node(Slot<Node>);
    ///
    /// let heap = Heap::new();
    /// for _ in 0..100 {
    ///     let node = Gc::new_in(&heap, Node(Slot::empty()));
    ///     node.0.set(Some(node.clone())); // a cycle
    /// }
    /// while !heap.collect_within(Budget::objects(10)).complete {}
    /// assert_eq!(heap.live_count(), 0);
    /// ```
    ///
    /// # Panics
    ///
    /// As [`Heap::collect`].
    pub fn collect_within(&self, budget: Budget) -> Collection {
        collect(self.state, Generation::Old, Reason::Requested, Some(budget))
    }

    // ---- settings --------------------------------------------------------------------------------

    /// Switches automatic collection on or off, and returns what it was. The twin of `gc.enable` and
    /// `gc.disable`.
    ///
    /// ```
    /// use gc_core::Heap;
    ///
    /// let heap = Heap::new();
    /// let was = heap.set_auto_collect(false);
    /// assert!(was && !heap.is_auto_collect());
    /// heap.set_auto_collect(was);
    /// ```
    pub fn set_auto_collect(&self, on: bool) -> bool {
        let was = self.state.auto.replace(on);
        self.state.refuel();
        was
    }

    /// Whether automatic collection is switched on. The twin of `gc.isenabled`.
    ///
    /// ```
    /// use gc_core::Heap;
    ///
    /// let heap = Heap::new();
    /// assert!(heap.is_auto_collect());
    /// heap.set_auto_collect(false);
    /// assert!(!heap.is_auto_collect());
    /// ```
    #[must_use]
    pub fn is_auto_collect(&self) -> bool {
        self.state.auto.get()
    }

    /// No automatic collection as long as the guard exists. Guards nest.
    ///
    /// ```
    /// use gc_core::Heap;
    ///
    /// let heap = Heap::new();
    /// {
    ///     let _pause = heap.pause();
    ///     // build something large
    /// }
    /// assert!(heap.is_auto_collect());
    /// ```
    pub fn pause(&self) -> Pause {
        self.state.hold();
        self.state.pauses.set(self.state.pauses.get() + 1);
        self.state.refuel();
        Pause { state: self.state }
    }

    /// When automatic collections happen.
    ///
    /// ```
    /// use gc_core::{Heap, Thresholds};
    ///
    /// assert_eq!(Heap::new().thresholds(), Thresholds::default());
    /// ```
    #[must_use]
    pub fn thresholds(&self) -> Thresholds {
        self.state.thresholds.get()
    }

    /// Sets when automatic collections happen.
    ///
    /// ```
    /// use gc_core::{Gc, Generation, Heap, Thresholds};
    ///
    /// let heap = Heap::new();
    /// heap.set_thresholds(Thresholds { young: 10, ..heap.thresholds() });
    /// let _list: Vec<_> = (0..100).map(|n| Gc::new_in(&heap, vec![Gc::new_in(&heap, n)])).collect();
    /// assert!(heap.stats()[Generation::Young].collections > 0);
    /// ```
    pub fn set_thresholds(&self, thresholds: Thresholds) {
        self.state.thresholds.set(thresholds);
        self.state.refuel();
    }

    /// What has accumulated towards the thresholds. The twin of `gc.get_count`.
    ///
    /// ```
    /// use gc_core::{Gc, Generation, Heap};
    ///
    /// let heap = Heap::new();
    /// let _tracked = Gc::new_in(&heap, vec![Gc::new_in(&heap, 1)]);
    /// assert_eq!(heap.counts().young, 1); // a number is a leaf
    /// heap.collect_generation(Generation::Young);
    /// assert_eq!((heap.counts().young, heap.counts().middle), (0, 1));
    /// ```
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.state.counts()
    }

    /// Tells the heap that its objects hold so many bytes more (or fewer) elsewhere, which no page
    /// shows: files mapped, textures, foreign memory. They count towards
    /// [`young_bytes`](Thresholds::young_bytes).
    ///
    /// ```
    /// use gc_core::Heap;
    ///
    /// let heap = Heap::new();
    /// heap.adjust_external_bytes(4096); // a file was mapped
    /// assert_eq!(heap.stats().external_bytes, 4096);
    /// heap.adjust_external_bytes(-4096);
    /// assert_eq!(heap.stats().external_bytes, 0);
    /// ```
    pub fn adjust_external_bytes(&self, bytes: isize) {
        let state = self.state;
        state.external_bytes.set(state.external_bytes.get().saturating_add_signed(bytes));
        state.fresh_external.set(state.fresh_external.get().saturating_add_signed(bytes));
        let limit = state.thresholds.get().young_bytes;
        if limit > 0 && state.fresh_bytes() > limit {
            // The next allocation looks at what is due.
            state.drain_fuel();
        }
    }

    // ---- hooks -----------------------------------------------------------------------------------

    /// Calls `listener` at each collection's start and end. The twin of `gc.callbacks`.
    ///
    /// ```
    /// use gc_core::Heap;
    /// use std::{cell::Cell, rc::Rc};
    ///
    /// let heap = Heap::new();
    /// let events = Rc::new(Cell::new(0));
    /// let counter = events.clone();
    /// let subscription = heap.on_collection(move |_| counter.set(counter.get() + 1));
    /// heap.collect();
    /// assert_eq!(events.get(), 2);
    /// # drop(subscription);
    /// ```
    pub fn on_collection(&self, listener: impl FnMut(&CollectionEvent) + 'static) -> Subscription {
        self.state.subscribers.add(Box::new(listener))
    }

    /// Hands every panic of a hook to `handler`, so that nothing unwinds. `None` restores the default:
    /// the first panic is re-raised when the work is done. The twin of `sys.unraisablehook`.
    ///
    /// ```
    /// use gc_core::{Gc, GcError, Heap};
    /// use std::sync::mpsc::channel;
    ///
    /// let heap = Heap::new();
    /// let (sender, errors) = channel();
    /// heap.set_error_handler(Some(move |error: GcError| sender.send(error).unwrap()));
    ///
    /// let object = Gc::new_in(&heap, 1);
    /// Gc::watch(&object, || panic!("oh")).forget();
    /// drop(object); // does not panic
    /// assert_eq!(errors.recv().unwrap().message(), "oh");
    /// ```
    pub fn set_error_handler<F: FnMut(GcError) + 'static>(&self, handler: Option<F>) {
        let state = self.state;
        state.error_handlers_set.set(state.error_handlers_set.get() + 1);
        let handler = handler.map(|handler| Box::new(handler) as crate::error::Handler);
        let old = state.error_handler.replace(handler);
        drop(old);
    }

    /// Sets what the heap tells and keeps for debugging. The twin of `gc.set_debug`.
    ///
    /// ```
    /// use gc_core::{DebugFlags, Gc, Heap, Slot, Trace};
    ///
    /// #[derive(Trace)]
    /// struct Node(Slot<Node>);
    ///
    /// let heap = Heap::new();
    /// let node = Gc::new_in(&heap, Node(Slot::empty()));
    /// node.0.set(Some(node.clone())); // a cycle
    /// drop(node);
    /// heap.set_debug(DebugFlags::SAVE_ALL);
    /// assert_eq!(heap.collect().uncollectable, 1);
    /// ```
    pub fn set_debug(&self, flags: DebugFlags) {
        self.state.debug.set(flags);
    }

    /// What the heap tells and keeps for debugging.
    ///
    /// ```
    /// use gc_core::{DebugFlags, Heap};
    ///
    /// let heap = Heap::new();
    /// assert_eq!(heap.debug(), DebugFlags::NONE);
    /// heap.set_debug(DebugFlags::SAVE_ALL);
    /// assert_eq!(heap.debug(), DebugFlags::SAVE_ALL);
    /// ```
    #[must_use]
    pub fn debug(&self) -> DebugFlags {
        self.state.debug.get()
    }

    /// Hands debug records to `sink`. `None` restores the default, stderr.
    ///
    /// ```
    /// use gc_core::{DebugFlags, DebugRecord, Heap};
    /// use std::sync::mpsc::channel;
    ///
    /// let heap = Heap::new();
    /// let (sender, records) = channel();
    /// heap.set_debug_sink(Some(move |record| sender.send(record).unwrap()));
    /// heap.set_debug(DebugFlags::STATS);
    /// heap.collect();
    /// assert!(matches!(records.recv(), Ok(DebugRecord::Start { .. })));
    /// assert!(matches!(records.recv(), Ok(DebugRecord::Done { unreachable: 0, .. })));
    /// # heap.set_debug(DebugFlags::NONE);
    /// ```
    pub fn set_debug_sink<F: FnMut(DebugRecord) + 'static>(&self, sink: Option<F>) {
        let state = self.state;
        state.debug_sinks_set.set(state.debug_sinks_set.get() + 1);
        let sink = sink.map(|sink| Box::new(sink) as crate::debug::Sink);
        let old = state.debug_sink.replace(sink);
        drop(old);
    }

    /// The garbage that [`DebugFlags::SAVE_ALL`] kept. The twin of `gc.garbage`.
    ///
    /// ```
    /// use gc_core::{DebugFlags, Gc, Heap, Slot, Trace};
    ///
    /// #[derive(Trace)]
    /// struct Node(Slot<Node>);
    ///
    /// let heap = Heap::new();
    /// let node = Gc::new_in(&heap, Node(Slot::empty()));
    /// node.0.set(Some(node.clone())); // a cycle
    /// drop(node);
    /// heap.set_debug(DebugFlags::SAVE_ALL);
    /// heap.collect();
    /// let garbage = heap.take_garbage();
    /// assert!(garbage[0].is::<Node>());
    /// assert!(heap.take_garbage().is_empty());
    /// ```
    #[must_use = "the garbage is lost otherwise"]
    pub fn take_garbage(&self) -> Vec<AnyGc> {
        let garbage = self.state.garbage.take();
        // SAFETY: each entry is a counted handle, and leaves the list for this one.
        garbage.into_iter().map(|object| unsafe { AnyGc::from_counted(object) }).collect()
    }

    // ---- freezing --------------------------------------------------------------------------------

    /// Takes every tracked object out of the generations: no collection visits it until
    /// [`unfreeze`](Heap::unfreeze). The twin of `gc.freeze`.
    ///
    /// For what lives as long as the program: built once, frozen, never paid for again.
    ///
    /// ```
    /// use gc_core::{Gc, Generation, Heap};
    ///
    /// let heap = Heap::new();
    /// let table = Gc::new_in(&heap, vec![Gc::new_in(&heap, 1)]);
    /// drop(table.clone()); // a suspect: a handle has gone
    /// assert_eq!(heap.collect_generation(Generation::Young).candidates, 1);
    /// heap.freeze();
    /// drop(table.clone());
    /// assert_eq!(heap.collect().candidates, 0);
    /// ```
    pub fn freeze(&self) {
        freeze(&self.state);
    }

    /// Puts the frozen objects into the Old generation. The twin of `gc.unfreeze`.
    ///
    /// ```
    /// use gc_core::{Gc, Generation, Heap};
    ///
    /// let heap = Heap::new();
    /// let table = Gc::new_in(&heap, vec![Gc::new_in(&heap, 1)]);
    /// heap.freeze();
    /// heap.unfreeze();
    /// assert_eq!(heap.frozen_count(), 0);
    /// assert_eq!(Gc::generation(&table), Generation::Old);
    /// ```
    pub fn unfreeze(&self) {
        unfreeze(&self.state);
    }

    /// How many objects are frozen. The twin of `gc.get_freeze_count`.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let _table = Gc::new_in(&heap, vec![Gc::new_in(&heap, 1)]);
    /// assert_eq!(heap.frozen_count(), 0);
    /// heap.freeze();
    /// assert_eq!(heap.frozen_count(), 1); // the number is a leaf
    /// ```
    #[must_use]
    pub fn frozen_count(&self) -> usize {
        self.state.frozen.get()
    }

    // ---- looking inside --------------------------------------------------------------------------

    /// Objects alive, of tracked and of leaf types.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let list = Gc::new_in(&heap, vec![Gc::new_in(&heap, 1)]);
    /// assert_eq!(heap.live_count(), 2);
    /// drop(list);
    /// assert_eq!(heap.live_count(), 0);
    /// ```
    #[must_use]
    pub fn live_count(&self) -> usize {
        self.state.store.live_objects()
    }

    /// Figures since the heap began, and of now. The twin of `gc.get_stats`.
    ///
    /// ```
    /// use gc_core::{Gc, Generation, Heap};
    ///
    /// let heap = Heap::new();
    /// let _list = Gc::new_in(&heap, vec![Gc::new_in(&heap, 1)]);
    /// heap.collect_generation(Generation::Young);
    /// let stats = heap.stats();
    /// assert_eq!(stats.live_objects, 2);
    /// assert_eq!(stats[Generation::Young].collections, 1);
    /// assert_eq!(stats[Generation::Old].collections, 0);
    /// ```
    #[must_use]
    pub fn stats(&self) -> HeapStats {
        HeapStats {
            generations: self.state.stats.get(),
            live_objects: self.state.store.live_objects(),
            live_bytes: self.state.store.live_bytes(),
            page_bytes: self.state.store.bytes(),
            external_bytes: self.state.external_bytes.get(),
        }
    }

    /// A handle to every tracked object, the frozen left out. The twin of `gc.get_objects`.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let list = Gc::new_in(&heap, vec![Gc::new_in(&heap, 1)]);
    /// let objects = heap.objects(); // the number is a leaf
    /// assert_eq!(objects.len(), 1);
    /// assert_eq!(objects[0].id(), Gc::id(&list));
    /// ```
    #[must_use]
    pub fn objects(&self) -> Vec<AnyGc> {
        self.objects_where(|_| true)
    }

    /// A handle to every tracked object of this generation.
    ///
    /// ```
    /// use gc_core::{Gc, Generation, Heap};
    ///
    /// let heap = Heap::new();
    /// let _list = Gc::new_in(&heap, vec![Gc::new_in(&heap, 1)]);
    /// assert_eq!(heap.objects_in(Generation::Young).len(), 1);
    /// heap.collect();
    /// assert_eq!(heap.objects_in(Generation::Young).len(), 0);
    /// assert_eq!(heap.objects_in(Generation::Old).len(), 1);
    /// ```
    #[must_use]
    pub fn objects_in(&self, generation: Generation) -> Vec<AnyGc> {
        self.objects_where(|object| object.generation() == generation)
    }

    /// Calls `look` for every tracked object.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let _list = Gc::new_in(&heap, vec![Gc::new_in(&heap, 1)]);
    /// let mut lists = 0;
    /// heap.for_each_object(|any| lists += usize::from(any.is::<Vec<Gc<i32>>>()));
    /// assert_eq!(lists, 1);
    /// ```
    pub fn for_each_object(&self, look: impl FnMut(AnyGc)) {
        // Gathered first: the closure may change the heap.
        self.objects().into_iter().for_each(look);
    }

    /// A handle to every tracked object that holds a handle to this one. The twin of
    /// `gc.get_referrers`.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let one = Gc::new_in(&heap, 1);
    /// let list = Gc::new_in(&heap, vec![one.clone()]);
    /// let referrers = heap.referrers(&one);
    /// assert_eq!(referrers.len(), 1);
    /// assert_eq!(referrers[0].id(), Gc::id(&list));
    /// ```
    #[must_use]
    pub fn referrers<T: ?Sized>(&self, gc: &Gc<T>) -> Vec<AnyGc> {
        let target = gc.object();
        let mut objects = self.objects();
        objects.retain(|object| edges_of(object.object()).contains(&target));
        objects
    }

    fn objects_where(&self, wanted: impl Fn(ObjectRef) -> bool) -> Vec<AnyGc> {
        let mut found = Vec::new();
        self.state.for_each_tracked(|object| {
            if object.life() == Life::Alive && !object.has(FROZEN) && wanted(object) {
                found.extend(AnyGc::new(object));
            }
        });
        found
    }

    // ---- the end -----------------------------------------------------------------------------------

    /// Ends the heap: runs cleanups, sweeps every cycle, and closes it.
    ///
    /// Objects that are held from outside live on and go by count; new ones can still be made, and do
    /// the same. A second time does nothing.
    ///
    /// ```
    /// use gc_core::{Gc, Heap, Slot, Trace};
    ///
    /// #[derive(Trace)]
    /// struct Node(Slot<Node>);
    ///
    /// let heap = Heap::new();
    /// let node = Gc::new_in(&heap, Node(Slot::empty()));
    /// node.0.set(Some(node.clone())); // a cycle
    /// drop(node);
    /// let five = Gc::new_in(&heap, 5);
    /// let report = heap.shutdown();
    /// assert_eq!((report.collected, report.outstanding), (1, 1));
    /// assert_eq!(*five, 5);
    /// ```
    pub fn shutdown(&self) -> ShutdownReport {
        shutdown::shut_down(self.state)
    }

    /// Checks the heap's data against each other: counts and edges, lists, marks, side tables, sums.
    ///
    /// For tests of programs with a hand-written `Trace`, and of this crate. It visits every object.
    ///
    /// # Panics
    ///
    /// Says what does not hold. That is a bug: of an `unsafe impl Trace`, or of this crate.
    ///
    /// ```
    /// gc_core::Heap::current().verify();
    /// ```
    pub fn verify(&self) {
        verify(&self.state).raise();
    }

    /// Asserts that no object is alive.
    ///
    /// # Panics
    ///
    /// Says how many objects of which types are, and what keeps one of each alive, by names of fields.
    ///
    /// ```
    /// gc_core::Heap::new().assert_empty();
    /// ```
    #[track_caller]
    pub fn assert_empty(&self) {
        let live = self.live_count();
        if live > 0 {
            panic!("the heap has {live} objects:{}", what_is_left(&self.snapshot()));
        }
    }
}

impl Default for Heap {
    fn default() -> Self {
        Self::new()
    }
}

impl Clone for Heap {
    fn clone(&self) -> Self {
        Self::of(self.state)
    }
}

impl Drop for Heap {
    fn drop(&mut self) {
        shutdown::let_go(self.state);
    }
}

impl PartialEq for Heap {
    /// Whether both are the same heap.
    fn eq(&self, other: &Self) -> bool {
        self.state == other.state
    }
}

impl Eq for Heap {}

impl fmt::Debug for Heap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Heap").field("live_objects", &self.live_count()).finish_non_exhaustive()
    }
}

/// No automatic collection in a heap as long as this exists. From [`Heap::pause`].
#[must_use = "dropping a `Pause` ends it at once"]
pub struct Pause {
    state: HeapRef,
}

impl Drop for Pause {
    fn drop(&mut self) {
        self.state.pauses.set(self.state.pauses.get() - 1);
        self.state.refuel();
        self.state.let_go();
    }
}

impl fmt::Debug for Pause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pause").finish_non_exhaustive()
    }
}
