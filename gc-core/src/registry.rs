//! What is behind every weak container: a registry of entries, each for one object, that go when their
//! objects do.
//!
//! No borrow of a registry is held while user code runs. `Eq` may do anything, then: the search begins
//! anew when an entry came or went meanwhile. A death takes its entries out by their stored hashes.

use std::cell::{Cell, RefCell};
use std::marker::PhantomData;
use std::ptr::NonNull;

use crate::entry::{Content, EntryRef, Loan, Place, end_content, is_traced};
use crate::error::{Operation, is_under_way};
use crate::inspect::Inspector;
use crate::object::{Life, ObjectRef};
use crate::table::Table;
use crate::trace::{Depth, Tracer};

/// What a registry shares with its entries.
struct Shared {
    table: RefCell<Table>,
    /// The last judgement in which an owner of the registry was in the set.
    found: Cell<u64>,
    /// The last judgement in which such an owner was reached from outside the set.
    reached: Cell<u64>,
}

/// A registry, whatever its entries carry.
///
/// # Invariants
/// G1. `self.0` comes from a box that the [`Registry`] owns, which is there: each entry that leads here
///     is enlisted, and the registry delists all of them before the box goes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct RegistryRef(NonNull<Shared>);

impl RegistryRef {
    #[inline(always)]
    fn shared(self) -> &'static Shared {
        // SAFETY: G1. It is all cells; the reference is used at once and not kept: this function is
        // private.
        unsafe { self.0.as_ref() }
    }

    /// Takes an entry out of the table and off its member's list. Its content is the caller's use.
    pub(crate) fn take_out(self, entry: EntryRef) {
        let was_in = self.shared().table.borrow_mut().remove(entry.hash(), entry);
        debug_assert!(was_in, "an enlisted entry is in its registry's table");
        entry.delist();
    }

    /// Shows every entry to `look`, which changes nothing.
    pub(crate) fn for_each_entry(self, look: impl FnMut(EntryRef)) {
        self.shared().table.borrow().entries().for_each(look);
    }

    /// Bytes of the table, without those of the entries.
    pub(crate) fn table_bytes(self) -> usize {
        self.shared().table.borrow().bytes() + size_of::<Shared>()
    }

    /// Keeps entries from coming and going while `look` runs: a `Trace` that lets one go panics.
    pub(crate) fn kept_as_it_is<R>(self, look: impl FnOnce() -> R) -> R {
        let _table = self.shared().table.borrow();
        look()
    }

    // ---- judging ---------------------------------------------------------------------------------

    /// Notes that an owner is in the set. Returns whether that is news to this judgement.
    pub(crate) fn find(self, judgement: u64) -> bool {
        self.shared().found.replace(judgement) != judgement
    }

    /// Notes that an owner was reached. Returns whether that is news to this judgement.
    pub(crate) fn reach(self, judgement: u64) -> bool {
        self.shared().reached.replace(judgement) != judgement
    }

    /// Whether the registry is alive as far as this judgement knows: no owner of it is in the set, or
    /// one that was reached.
    pub(crate) fn is_reached(self, judgement: u64) -> bool {
        let shared = self.shared();
        shared.found.get() != judgement || shared.reached.get() == judgement
    }
}

/// Which entries a search looks at. Never those whose members are condemned: what such an entry carries
/// may lead to values that are gone.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Members {
    /// Those to whose members a handle can be made.
    Alive,
    /// Those as well whose members wait for their end: a finalizer may bring them back.
    Waiting,
}

impl Members {
    fn include(self, member: ObjectRef) -> bool {
        member.can_upgrade() || self == Members::Waiting && member.life() == Life::Dying
    }
}

/// A table of entries that carry a `P` each.
///
/// # Invariants
/// G2. Every entry in the table carries a `P`.
pub(crate) struct Registry<P> {
    /// Made with the first entry.
    shared: Cell<Option<RegistryRef>>,
    /// Invariant in `P`: what goes in through one handle comes out through another.
    content: PhantomData<*mut P>,
}

impl<P> Registry<P> {
    pub(crate) const fn new() -> Self {
        Self { shared: Cell::new(None), content: PhantomData }
    }

    #[inline(always)]
    fn shared(&self) -> Option<&Shared> {
        // SAFETY: G1: the box is this registry's own, and goes with it.
        self.shared.get().map(|shared| unsafe { shared.0.as_ref() })
    }

    /// How many entries have a living member, at any moment.
    pub(crate) fn len(&self) -> usize {
        let Some(shared) = self.shared() else { return 0 };
        let table = shared.table.borrow();
        if is_under_way() {
            // Some members may be dead with their entries still to go.
            table.entries().filter(|entry| entry.member().can_upgrade()).count()
        } else {
            table.len()
        }
    }

    /// How often an entry has come or gone. While it stays the same, what a search found holds.
    pub(crate) fn changes(&self) -> u64 {
        self.shared().map_or(0, |shared| shared.table.borrow().changes())
    }

    /// The entry with this hash of which `is` says that it is the one.
    pub(crate) fn find(
        &self,
        hash: u64,
        members: Members,
        mut is: impl FnMut(&Loan<P>) -> bool,
    ) -> Option<Loan<P>> {
        let shared = self.shared()?;
        let mut skip = 0;
        loop {
            let table = shared.table.borrow();
            let (entry, looked_at) = table.find(hash, skip)?;
            let changes = table.changes();
            drop(table);
            skip = looked_at;
            if !members.include(entry.member()) {
                continue;
            }
            // SAFETY: G2; enlisted, so the content is there.
            let loan = unsafe { Loan::new(entry) };
            if is(&loan) && entry.registry().is_some() {
                return Some(loan);
            }
            // If the entry went meanwhile, its content goes here.
            drop(loan);
            if shared.table.borrow().changes() != changes {
                skip = 0;
            }
        }
    }

    /// The entry of this living object, in a registry where the hash is [`of_member`].
    #[inline]
    pub(crate) fn find_member(&self, member: ObjectRef) -> Option<Loan<P>> {
        let (entry, _) = self.shared()?.table.borrow().find(of_member(member), 0)?;
        debug_assert!(entry.member() == member);
        // SAFETY: G2; enlisted, so the content is there.
        Some(unsafe { Loan::new(entry) })
    }

    /// Takes the entry out, and gives up what it is: its content is dropped when the last loan ends.
    pub(crate) fn remove(&self, loan: &Loan<P>) {
        let entry = loan.entry();
        if let Some(registry) = entry.registry() {
            registry.take_out(entry);
            // The loan uses the content, so it is not dropped here.
            entry.end_use();
        }
    }

    /// Takes all entries out, and drops what they carry.
    pub(crate) fn clear(&self) {
        let Some(shared) = self.shared() else { return };
        let all = shared.table.borrow_mut().take_all();
        // All of them before any user code can see one.
        all.entries().for_each(EntryRef::delist);
        let operation = Operation::begin();
        all.entries().for_each(end_content);
        operation.end();
    }
}

impl<P: Content> Registry<P> {
    /// Puts in an entry for a living object.
    pub(crate) fn insert(&self, member: ObjectRef, hash: u64, content: P) {
        let registry = self.shared.get().unwrap_or_else(|| {
            let shared =
                Shared { table: RefCell::default(), found: Cell::new(0), reached: Cell::new(0) };
            let registry = RegistryRef(NonNull::from(Box::leak(Box::new(shared))));
            self.shared.set(Some(registry));
            registry
        });
        let table = &registry.shared().table;
        table.borrow_mut().reserve();
        let entry = EntryRef::new(member, hash, content);
        entry.enlist(registry);
        table.borrow_mut().insert(hash, entry);
    }

    /// The places of all entries, for a walk during which they may come and go.
    pub(crate) fn places(&self) -> Vec<Place<P>> {
        let mut places = Vec::new();
        if let Some(shared) = self.shared() {
            let table = shared.table.borrow();
            places.reserve_exact(table.len());
            // SAFETY: G2; what is in the table is not freed.
            places.extend(table.entries().map(|entry| unsafe { Place::new(entry) }));
        }
        places
    }

    /// As `Trace::may_hold_gc` of a container with such contents.
    pub(crate) fn may_hold_gc(depth: Depth) -> bool {
        depth.deeper().is_none_or(P::may_hold_gc)
    }

    /// As `Trace::trace` of a container.
    pub(crate) fn trace(&self, tracer: &mut Tracer<'_>) {
        if is_traced::<P>()
            && let Some(registry) = self.shared.get()
        {
            tracer.registry(registry);
        }
    }

    /// As `Trace::inspect` of a container.
    pub(crate) fn inspect(&self, inspector: Inspector<'_>) {
        if let Some(registry) = self.shared.get() {
            inspector.registry(registry);
        }
    }
}

/// The hash of an object in registries that go by identity: no two objects of a table share it, as
/// nothing takes a member's place before its entry is gone.
#[inline(always)]
pub(crate) fn of_member(member: ObjectRef) -> u64 {
    member.addr() as u64
}

impl<P> Drop for Registry<P> {
    fn drop(&mut self) {
        /// Frees the box, also if a content's drop panics.
        struct Free(Option<RegistryRef>);
        impl Drop for Free {
            fn drop(&mut self) {
                if let Some(RegistryRef(shared)) = self.0 {
                    // SAFETY: G1: the registry's own, and no entry leads to it any more.
                    drop(unsafe { Box::from_raw(shared.as_ptr()) });
                }
            }
        }
        let _box = Free(self.shared.get());
        self.clear();
    }
}
