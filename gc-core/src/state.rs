//! What one heap keeps: its storage, its clock of generations, its settings and hooks.
//!
//! The state outlives the `Heap` value: it goes when no holder and no page is left.

use std::cell::{Cell, RefCell};
use std::ops::Deref;
use std::ptr::NonNull;

use crate::debug::{DebugFlags, Sink};
use crate::error::{GcError, Handler};
use crate::event::Subscribers;
use crate::fallible::try_box;
use crate::object::{FIELD_MAX, FIELD_SHIFT, FROZEN, IN_SET, LEAF, Life, ObjectRef, SIDE, SUSPECT};
use crate::page::PageRef;
use crate::report::GenerationStats;
use crate::settings::{Counts, Generation, Thresholds};
use crate::store::Store;
use crate::tracked_leaf::TrackedLeafRef;

/// The state of one heap.
///
/// # The clock of generations
///
/// An object's header holds the epoch of its birth, and every collection begins a new epoch. So
/// nothing needs to be walked to move survivors up: born in this epoch is Young, born since the last
/// collection of Middle or Old is Middle, born before is Old.
#[repr(C)]
pub(crate) struct HeapState {
    // On the path of every allocation and death, and together for that.
    /// Tracked objects that may still be allocated before anybody has to look whether a collection
    /// is due.
    fuel: Cell<usize>,
    /// Tracked objects by which the heap has grown since the last collection, never below zero.
    young: Cell<usize>,
    /// The other tracked objects: as many as there were at the last collection, or as few as there have
    /// been since.
    floor: Cell<usize>,
    /// The present epoch, where an object's header has it.
    birth: Cell<u32>,
    pub(crate) store: Store,

    // Generations.
    /// The first epoch after the last collection of Middle or Old.
    middle_from: Cell<u32>,
    middle_count: Cell<usize>,
    old_count: Cell<usize>,
    /// Tracked objects after the last collection of Old.
    pub(crate) old_total: Cell<usize>,
    /// By how many the tracked objects had grown at the last collection of Middle since then.
    pub(crate) old_pending: Cell<usize>,
    /// Suspects in Old since its last collection.
    pub(crate) old_suspects: Cell<usize>,
    /// Tracked objects allocated since the last collection of Old, as far as `fuel` was used up.
    allocated: Cell<usize>,
    /// What `fuel` was when it was last filled.
    filled: Cell<usize>,
    pub(crate) frozen: Cell<usize>,
    /// Leaves that are tracked, and the first of those that are suspects.
    pub(crate) tracked_leaves: Cell<usize>,
    pub(crate) leaf_suspects: Cell<Option<TrackedLeafRef>>,
    /// Where the last budgeted collection that ran out of budget should go on.
    pub(crate) resume_at: Cell<usize>,

    // Settings.
    pub(crate) thresholds: Cell<Thresholds>,
    pub(crate) auto: Cell<bool>,
    pub(crate) pauses: Cell<usize>,
    pub(crate) debug: Cell<DebugFlags>,
    pub(crate) external_bytes: Cell<usize>,
    /// Growth of `external_bytes` since the last collection; never below zero.
    pub(crate) fresh_external: Cell<usize>,
    pub(crate) stats: Cell<[GenerationStats; 3]>,

    // What is going on.
    pub(crate) collecting: Cell<bool>,
    judging: Cell<bool>,
    /// A `Trace` did what it must not, during this judgement.
    pub(crate) misbehaved: Cell<bool>,
    /// Objects that died during a judgement: they end when it is over.
    pub(crate) died_while_judging: RefCell<Vec<ObjectRef>>,
    /// No collection happens by itself any more, and cleanups do not run.
    pub(crate) closed: Cell<bool>,
    /// The heap is at its end: a hook that ends it once more changes nothing.
    pub(crate) ending: Cell<bool>,
    /// The heap is to end as soon as the collection that is running is over.
    pub(crate) ends_when_idle: Cell<bool>,
    /// `Heap` values, guards, and operations under way.
    holders: Cell<usize>,
    /// `Heap` values alone.
    pub(crate) heaps: Cell<usize>,

    // Hooks.
    pub(crate) subscribers: Subscribers,
    pub(crate) error_handler: RefCell<Option<Handler>>,
    /// The error handler is being called.
    pub(crate) handling_error: Cell<bool>,
    /// Errors that came meanwhile.
    pub(crate) errors_waiting: RefCell<Vec<GcError>>,
    pub(crate) error_handlers_set: Cell<usize>,
    pub(crate) debug_sink: RefCell<Option<Sink>>,
    pub(crate) debug_sinks_set: Cell<usize>,
    /// What SAVE_ALL kept; each is a counted handle.
    pub(crate) garbage: RefCell<Vec<ObjectRef>>,

    #[cfg(feature = "stress")]
    pub(crate) stress: crate::stress::Stress,
    #[cfg(feature = "alloc-sites")]
    pub(crate) sites: crate::sites::Sites,
    /// Automatic full collections in a row that freed nothing.
    #[cfg(feature = "tracing")]
    pub(crate) idle_collections: Cell<usize>,
}

impl HeapState {
    fn new() -> Self {
        let state = Self {
            fuel: Cell::new(0),
            young: Cell::new(0),
            floor: Cell::new(0),
            birth: Cell::new(1 << FIELD_SHIFT),
            store: Store::new(),
            middle_from: Cell::new(1),
            middle_count: Cell::new(0),
            old_count: Cell::new(0),
            old_total: Cell::new(0),
            old_pending: Cell::new(0),
            old_suspects: Cell::new(0),
            allocated: Cell::new(0),
            filled: Cell::new(0),
            frozen: Cell::new(0),
            tracked_leaves: Cell::new(0),
            leaf_suspects: Cell::new(None),
            resume_at: Cell::new(0),
            thresholds: Cell::new(Thresholds::default()),
            auto: Cell::new(true),
            pauses: Cell::new(0),
            debug: Cell::new(DebugFlags::NONE),
            external_bytes: Cell::new(0),
            fresh_external: Cell::new(0),
            stats: Cell::default(),
            collecting: Cell::new(false),
            judging: Cell::new(false),
            misbehaved: Cell::new(false),
            died_while_judging: RefCell::default(),
            closed: Cell::new(false),
            ending: Cell::new(false),
            ends_when_idle: Cell::new(false),
            holders: Cell::new(0),
            heaps: Cell::new(0),
            subscribers: Subscribers::default(),
            error_handler: RefCell::default(),
            handling_error: Cell::new(false),
            errors_waiting: RefCell::default(),
            error_handlers_set: Cell::new(0),
            debug_sink: RefCell::default(),
            debug_sinks_set: Cell::new(0),
            garbage: RefCell::default(),
            #[cfg(feature = "stress")]
            stress: crate::stress::Stress::new(),
            #[cfg(feature = "alloc-sites")]
            sites: crate::sites::Sites::default(),
            #[cfg(feature = "tracing")]
            idle_collections: Cell::new(0),
        };
        state.refuel();
        state
    }

    // ---- counting tracked objects --------------------------------------------------------------

    /// Takes the fuel for one tracked object. `false`: there is none.
    #[inline(always)]
    pub(crate) fn burn(&self) -> bool {
        // Written before it is looked at: one instruction, on memory.
        let (fuel, none) = self.fuel.get().overflowing_sub(1);
        self.fuel.set(fuel);
        if none {
            self.fuel.set(0);
        }
        !none
    }

    /// One tracked object more.
    #[inline(always)]
    pub(crate) fn count_birth(&self) {
        self.young.set(self.young.get() + 1);
    }

    /// One tracked object less.
    #[inline(always)]
    pub(crate) fn count_death(&self) {
        let (young, none) = self.young.get().overflowing_sub(1);
        self.young.set(young);
        if none {
            self.young.set(0);
            self.floor.set(self.floor.get() - 1);
        }
    }

    /// So many tracked objects less.
    pub(crate) fn count_deaths(&self, deaths: usize) {
        let young = self.young.get();
        self.young.set(young.saturating_sub(deaths));
        self.floor.set(self.floor.get() - deaths.saturating_sub(young));
    }

    /// From here on growth is counted anew.
    fn stop_growing(&self) {
        self.floor.set(self.live());
        self.young.set(0);
    }

    /// Tracked objects.
    pub(crate) fn live(&self) -> usize {
        self.floor.get() + self.young.get()
    }

    /// Tracked objects by which the heap has grown since the last collection.
    pub(crate) fn young(&self) -> usize {
        self.young.get()
    }

    /// Fills the fuel up to the next allocation at which a collection may be due.
    pub(crate) fn refuel(&self) {
        self.account_fuel();
        let limit = self.thresholds.get().young;
        let endless = limit == 0 || !self.may_collect_by_itself();
        let fuel = if endless { usize::MAX / 2 } else { limit.saturating_sub(self.young()) };
        self.fuel.set(fuel);
        self.filled.set(fuel);
    }

    /// Whether automatic collections happen at present. Who changes that refuels.
    pub(crate) fn may_collect_by_itself(&self) -> bool {
        self.auto.get() && self.pauses.get() == 0 && !self.collecting.get() && !self.closed.get()
    }

    /// Takes the fuel away, so that the next tracked allocation looks at what is due.
    pub(crate) fn drain_fuel(&self) {
        self.account_fuel();
        self.fuel.set(0);
        self.filled.set(0);
    }

    fn account_fuel(&self) {
        self.allocated.set(self.allocated.get() + (self.filled.get() - self.fuel.get()));
        self.filled.set(self.fuel.get());
    }

    /// Tracked objects allocated since the last collection of Old.
    pub(crate) fn allocated(&self) -> usize {
        self.account_fuel();
        self.allocated.get()
    }

    /// The bytes by which the heap, and what it holds outside, have grown since the last collection.
    pub(crate) fn fresh_bytes(&self) -> usize {
        self.store.fresh_bytes().saturating_add(self.fresh_external.get())
    }

    pub(crate) fn counts(&self) -> Counts {
        Counts { young: self.young(), middle: self.middle_count.get(), old: self.old_count.get() }
    }

    // ---- what is going on ------------------------------------------------------------------------

    /// Whether the heap judges, or reads its objects for a snapshot: nobody may change anything.
    #[inline]
    pub(crate) fn is_judging(&self) -> bool {
        self.judging.get()
    }

    pub(crate) fn set_judging(&self, judging: bool) {
        self.judging.set(judging);
        // A loss meanwhile has to come to our notice.
        self.store.losses.close(judging);
    }

    // ---- generations -----------------------------------------------------------------------------

    /// The meta bits with which an object is born now.
    #[inline(always)]
    pub(crate) fn birth(&self) -> u32 {
        self.birth.get()
    }

    fn epoch(&self) -> u32 {
        self.birth.get() >> FIELD_SHIFT
    }

    /// The generation of an object born in this epoch.
    #[inline]
    pub(crate) fn generation_of(&self, field: u32) -> Generation {
        if field >= self.epoch() {
            Generation::Young
        } else if field >= self.middle_from.get() {
            Generation::Middle
        } else {
            Generation::Old
        }
    }

    /// The first epoch whose objects a collection of this generation judges.
    pub(crate) fn born_from(&self, generation: Generation) -> u32 {
        match generation {
            Generation::Young => self.epoch(),
            Generation::Middle => self.middle_from.get(),
            Generation::Old => 0,
        }
    }

    /// An epoch that makes an object one of this generation.
    pub(crate) fn field_of(&self, generation: Generation) -> u32 {
        match generation {
            Generation::Young => self.epoch(),
            Generation::Middle => self.epoch() - 1,
            Generation::Old => 0,
        }
    }

    /// Begins a new epoch: everything of up to this generation moves up.
    pub(crate) fn promote(&self, generation: Generation) {
        debug_assert!(self.store.losses.len() == 0, "what is written down is Young");
        let next = self.epoch() + 1;
        match generation {
            Generation::Young => self.middle_count.set(self.middle_count.get() + 1),
            Generation::Middle => {
                self.middle_from.set(next);
                self.middle_count.set(0);
                self.old_count.set(self.old_count.get() + 1);
                self.old_pending.set(self.live().saturating_sub(self.old_total.get()));
            }
            Generation::Old => {
                self.middle_from.set(next);
                self.middle_count.set(0);
                self.old_count.set(0);
                self.old_suspects.set(0);
                self.account_fuel();
                self.allocated.set(0);
            }
        }
        self.birth.set(next << FIELD_SHIFT);
        if next == FIELD_MAX {
            self.begin_epochs_anew();
        }
        self.stop_growing();
        self.store.reset_fresh_bytes();
        self.fresh_external.set(0);
        self.refuel();
    }

    /// The clock has come to its end: every object gets an epoch from its beginning.
    #[cold]
    fn begin_epochs_anew(&self) {
        self.store.for_each_page(|page| {
            // The dying keep their place in the queue where others keep their epoch.
            for object in page.objects().filter(|object| !matches!(object.life(), Life::Dying)) {
                let generation = self.generation_of(object.field());
                // From here on epoch 1 is Middle and epoch 2 the present one.
                object.set_field(if generation == Generation::Old { 0 } else { 1 });
            }
        });
        self.middle_from.set(1);
        self.birth.set(2 << FIELD_SHIFT);
    }

    /// The counters of a freeze: everything has left the generations.
    pub(crate) fn reset_counts(&self) {
        self.middle_count.set(0);
        self.old_count.set(0);
        self.stop_growing();
        self.refuel();
    }

    /// Every tracked object that has a value or is about to lose it. No user code may run inside.
    pub(crate) fn for_each_tracked(&self, mut found: impl FnMut(ObjectRef)) {
        self.for_each_page_with_tracked(|page| {
            page.objects()
                .filter(|object| !matches!(object.life(), Life::Dying | Life::Empty))
                .filter(|object| !object.has(LEAF))
                .for_each(&mut found);
        });
    }

    /// Every page that may hold tracked objects, leaves that are tracked included.
    pub(crate) fn for_each_page_with_tracked(&self, page: impl FnMut(PageRef)) {
        if self.tracked_leaves.get() == 0 {
            self.store.for_each_tracked_page(page);
        } else {
            self.store.for_each_page(page);
        }
    }

    /// Notes that a handle to the object has gone while others stayed, if that is quickly done. If not,
    /// `suspect` does it.
    #[inline(always)]
    pub(crate) fn suspect_quickly(&self, object: ObjectRef) -> bool {
        // What has a side table may be a leaf, whose page has no marks.
        let meta = object.meta();
        let noted = meta & (SUSPECT | LEAF | IN_SET | SIDE) == 0
            && meta >= self.birth()
            && self.store.losses.push(object);
        if noted {
            object.become_suspect(meta);
        }
        noted
    }

    /// Notes that a handle to the object has gone while others stayed.
    pub(crate) fn suspect(&self, object: ObjectRef) {
        debug_assert!(!object.has(LEAF));
        let meta = object.meta();
        object.set(SUSPECT);
        if self.judging.get() || meta & (FROZEN | IN_SET) != 0 {
            return self.suspect_while_judging(object);
        }
        self.mark_suspect(object, self.generation_of(object.field()));
        if self.store.losses.is_full() {
            self.store.losses.thin_out();
        }
    }

    fn mark_suspect(&self, object: ObjectRef, generation: Generation) {
        object.page().mark_suspect(object, generation);
        if generation == Generation::Old {
            self.old_suspects.set(self.old_suspects.get() + 1);
        }
    }

    /// As `suspect`, where that may be so, or where the object is frozen.
    #[cold]
    #[inline(never)]
    fn suspect_while_judging(&self, object: ObjectRef) {
        if self.judging.get() {
            // Only a `Trace` can have dropped it.
            self.misbehaved.set(true);
        }
        // The frozen are suspects without a mark; unfreezing makes suspects of them all.
        if object.has(FROZEN) {
            return;
        }
        let generation = if object.has(IN_SET) {
            Generation::ALL[object.set_generation() as usize]
        } else {
            self.generation_of(object.field())
        };
        self.mark_suspect(object, generation);
    }
}

/// A heap's state.
///
/// # Invariants
/// H1. `self.0` came from [`HeapRef::create`] and was not freed.
/// H2. A state is freed only with no holder and no page in use. Whoever keeps a `HeapRef` over user
///     code is a holder; a page keeps the reference of its own heap.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct HeapRef(NonNull<HeapState>);

impl HeapRef {
    /// Stands where there is no heap, and is never used.
    pub(crate) const fn dangling() -> Self {
        Self(NonNull::dangling())
    }

    /// A new heap, with one holder.
    pub(crate) fn create() -> Self {
        match try_box(HeapState::new()) {
            Ok(state) => {
                let heap = Self(state);
                heap.hold();
                heap
            }
            Err(_) => std::alloc::handle_alloc_error(std::alloc::Layout::new::<HeapState>()),
        }
    }

    /// One holder more.
    pub(crate) fn hold(self) {
        self.holders.set(self.holders.get() + 1);
    }

    /// One holder less, without looking whether that was all: the heap goes with its last page.
    pub(crate) fn stop_holding(self) {
        self.holders.set(self.holders.get() - 1);
    }

    /// One holder less. The state may be gone afterwards.
    pub(crate) fn let_go(self) {
        self.holders.set(self.holders.get() - 1);
        self.free_if_done();
    }

    /// Frees the state if nobody holds it and no page is in use.
    pub(crate) fn free_if_done(self) {
        if self.holders.get() != 0 || self.store.pages() != 0 {
            return;
        }
        crate::current::forget(self);
        // The user's closures may have drops that use the heap: they find it held.
        self.holders.set(1);
        let hooks = (self.error_handler.take(), self.debug_sink.take(), self.subscribers.take());
        crate::error::drop_hooks(hooks);
        self.holders.set(self.holders.get() - 1);
        if self.holders.get() != 0 || self.store.pages() != 0 {
            return;
        }
        // SAFETY: H1; from `try_box`. No holder but us and no page is left (H2).
        drop(unsafe { Box::from_raw(self.0.as_ptr()) });
    }
}

impl Deref for HeapRef {
    type Target = HeapState;

    #[inline(always)]
    fn deref(&self) -> &HeapState {
        // SAFETY: H1; all that changes in a state are cells.
        unsafe { self.0.as_ref() }
    }
}
