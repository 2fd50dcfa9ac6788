//! One entry of a weak container: it ties an object, its *member*, to the container's registry, and
//! carries what the container keeps for that member.
//!
//! Two ways lead to an entry: the registry's table, and a list that begins in the member's side table.
//! It is on both or on neither (*enlisted* or not), so when either end goes the other one is told, at
//! once and without memory. What it carries, its *content*, is dropped when it is off both and nobody
//! has it on loan; its memory is freed when nobody points at it either.

use std::cell::Cell;
use std::marker::PhantomData;
use std::ptr::NonNull;

use crate::error::{Hook, guarded};
use crate::inspect::Inspector;
use crate::object::ObjectRef;
use crate::registry::RegistryRef;
use crate::side::Side;
use crate::trace::{Depth, Trace, Tracer};
use crate::tracked_leaf;

/// What every entry begins with.
struct Head {
    member: ObjectRef,
    /// By which the table finds the entry.
    hash: u64,
    /// The registry that the entry is in.
    registry: Cell<Option<RegistryRef>>,
    /// Neighbours in the member's list.
    newer: Cell<Option<EntryRef>>,
    older: Cell<Option<EntryRef>>,
    /// The last judgement that explained the content's handles.
    explained: Cell<u64>,
    /// Who uses the content: one for being enlisted, and the loans.
    users: Cell<u32>,
    /// Who points at the memory: one for the content, and the places.
    pointers: Cell<u32>,
    kind: &'static Kind,
}

/// An entry's memory.
#[repr(C)]
struct Node<P> {
    head: Head,
    content: P,
}

/// What an entry can do with a content whose type is gone.
struct Kind {
    trace: unsafe fn(EntryRef, &mut Tracer<'_>),
    inspect: unsafe fn(EntryRef, usize, Inspector<'_>),
    drop: unsafe fn(EntryRef),
    free: unsafe fn(EntryRef),
    /// Whether the content may hold a handle.
    traced: bool,
    /// Bytes of the entry.
    bytes: usize,
}

/// What an entry carries.
pub(crate) trait Content: Trace {
    /// As [`Trace::inspect`], from where the container is: the entry has this place among the others.
    fn inspect_at(&self, place: usize, container: Inspector<'_>);
}

/// Carries the table for contents of type `P` as a constant.
struct KindOf<P>(PhantomData<P>);

impl<P: Content> KindOf<P> {
    const KIND: &'static Kind = &Kind {
        trace: |entry, tracer| {
            // SAFETY: the caller's duty of `Kind::trace`: the entry carries a `P`.
            let content = unsafe { entry.content::<P>() };
            // SAFETY: and the content is there.
            unsafe { content.as_ref() }.trace(tracer);
        },
        inspect: |entry, place, container| {
            // SAFETY: the caller's duty of `Kind::inspect`: the entry carries a `P`.
            let content = unsafe { entry.content::<P>() };
            // SAFETY: and the content is there.
            unsafe { content.as_ref() }.inspect_at(place, container);
        },
        drop: |entry| {
            // SAFETY: the caller's duty of `Kind::drop`: the entry carries a `P`.
            let content = unsafe { entry.content::<P>() };
            // SAFETY: and the content is there, and nobody uses it again.
            unsafe { content.drop_in_place() };
        },
        free: |entry| {
            let node = entry.0.cast::<std::mem::ManuallyDrop<Node<P>>>();
            // SAFETY: `EntryRef::new` made it from a box of this size, and by the caller's duty
            // nobody points at it any more. Its head has nothing to drop; its content is gone.
            drop(unsafe { Box::from_raw(node.as_ptr()) });
        },
        traced: false,
        bytes: size_of::<Node<P>>(),
    };

    /// As `KIND`, for contents that may hold a handle.
    const TRACED: &'static Kind = &Kind { traced: true, ..*Self::KIND };
}

/// Whether contents of type `P` may hold a handle. Folds to a constant.
pub(crate) fn is_traced<P: Trace>() -> bool {
    P::may_hold_gc(Depth::START)
}

/// An entry.
///
/// # Invariants
/// E1. `self.0` is the head of a [`Node`], made by [`EntryRef::new`], whose `pointers` is not zero: what
///     is enlisted has a content, and loans and places count themselves.
/// E2. While `users` is not zero the content is there, and it is of the type that `kind` is for.
/// E3. The content holds a weak handle to the member, so the member's header can be read while `users` is
///     not zero.
/// E4. While enlisted, an entry's member has a side table, and its list has the entry once; the table
///     of its registry has it once, too, or a function of this crate is about to put it in or out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct EntryRef(NonNull<Head>);

impl EntryRef {
    /// An entry for a living object, not enlisted yet: the caller enlists it before anything else.
    pub(crate) fn new<P: Content>(member: ObjectRef, hash: u64, content: P) -> Self {
        let kind = if is_traced::<P>() { KindOf::<P>::TRACED } else { KindOf::<P>::KIND };
        let head = Head {
            member,
            hash,
            registry: Cell::new(None),
            newer: Cell::new(None),
            older: Cell::new(None),
            explained: Cell::new(0),
            users: Cell::new(1),
            pointers: Cell::new(1),
            kind,
        };
        let node = Box::new(Node { head, content });
        Self(NonNull::from(Box::leak(node)).cast())
    }

    #[inline(always)]
    fn head(self) -> &'static Head {
        // SAFETY: E1. All that changes are cells, and the reference covers nothing of the content. No
        // caller keeps it: this function is private, and each use ends before the memory can go.
        unsafe { self.0.as_ref() }
    }

    /// Where the content is, or was.
    ///
    /// # Safety
    /// The entry was made with a `P`.
    #[inline(always)]
    unsafe fn content<P>(self) -> NonNull<P> {
        let node = self.0.cast::<Node<P>>().as_ptr();
        // SAFETY: E1: the node is there, so its field's address lies inside it.
        let content = unsafe { &raw mut (*node).content };
        // SAFETY: the address of a field is not null.
        unsafe { NonNull::new_unchecked(content) }
    }

    #[inline(always)]
    pub(crate) fn member(self) -> ObjectRef {
        self.head().member
    }

    pub(crate) fn hash(self) -> u64 {
        self.head().hash
    }

    /// The registry that the entry is in, as long as it is enlisted.
    pub(crate) fn registry(self) -> Option<RegistryRef> {
        self.head().registry.get()
    }

    // ---- the member's list -----------------------------------------------------------------------

    /// Puts the entry on its member's list. The caller puts it into the registry's table.
    pub(crate) fn enlist(self, registry: RegistryRef) {
        let head = self.head();
        let side = Side::get_or_make(head.member);
        if head.kind.traced {
            tracked_leaf::track(head.member);
        }
        head.registry.set(Some(registry));
        head.older.set(side.entries.replace(Some(self)));
        if let Some(older) = head.older.get() {
            older.head().newer.set(Some(self));
        }
    }

    /// Takes the entry off its member's list. The caller takes it out of the table, and then gives up
    /// the use that comes with being enlisted.
    pub(crate) fn delist(self) {
        let head = self.head();
        head.registry.set(None);
        let (newer, older) = (head.newer.take(), head.older.take());
        if let Some(older) = older {
            older.head().newer.set(newer);
        }
        match newer {
            Some(newer) => newer.head().older.set(older),
            None => {
                let side = Side::get(head.member).expect("the member of an entry has a side table");
                side.entries.set(older);
            }
        }
    }

    // ---- the content -----------------------------------------------------------------------------

    /// Whether somebody has the content on loan.
    pub(crate) fn is_lent(self) -> bool {
        self.head().users.get() > 1
    }

    #[inline(always)]
    fn begin_use(self) {
        // Loans can be forgotten; the count must not come round.
        let users = self.head().users.get().checked_add(1).expect("too many loans of one entry");
        self.head().users.set(users);
    }

    /// Ends one use of the content. The last one drops it, and so runs user code.
    #[inline(always)]
    pub(crate) fn end_use(self) {
        let users = self.head().users.get() - 1;
        self.head().users.set(users);
        if users == 0 {
            self.drop_content();
        }
    }

    #[inline(never)]
    fn drop_content(self) {
        /// Gives the memory up, also if the content's drop panics.
        struct Unpoint(EntryRef);
        impl Drop for Unpoint {
            fn drop(&mut self) {
                self.0.unpoint();
            }
        }
        let _memory = Unpoint(self);
        debug_assert!(self.registry().is_none());
        // SAFETY: E2: the content was there until now; with no user left nobody looks at it again.
        unsafe { (self.head().kind.drop)(self) };
    }

    fn point(self) {
        let pointers = self.head().pointers.get().checked_add(1);
        self.head().pointers.set(pointers.expect("too many iterators over one entry"));
    }

    fn unpoint(self) {
        let pointers = self.head().pointers.get() - 1;
        self.head().pointers.set(pointers);
        if pointers == 0 {
            // SAFETY: the content is gone, since it counts as one; nobody else points here.
            unsafe { (self.head().kind.free)(self) };
        }
    }

    // ---- judging ---------------------------------------------------------------------------------

    /// Whether this judgement is to look at the content: it may hold handles, and nobody has it on
    /// loan. (What is on loan counts as held from outside, like what is in a cell that is borrowed.)
    pub(crate) fn is_traced(self) -> bool {
        self.head().kind.traced && !self.is_lent()
    }

    /// Whether this judgement sees the entry for the first time.
    pub(crate) fn explain(self, judgement: u64) -> bool {
        self.head().explained.replace(judgement) != judgement
    }

    /// Reports what the content holds.
    pub(crate) fn trace(self, tracer: &mut Tracer<'_>) {
        debug_assert!(self.registry().is_some());
        // SAFETY: E2: enlisted, so the content is used.
        unsafe { (self.head().kind.trace)(self, tracer) }
    }

    // ---- looking inside --------------------------------------------------------------------------

    /// Bytes of the entry, without what its content owns elsewhere.
    pub(crate) fn bytes(self) -> usize {
        self.head().kind.bytes
    }

    /// Has the content tell its edges by name.
    pub(crate) fn inspect(self, place: usize, container: Inspector<'_>) {
        debug_assert!(self.registry().is_some());
        // SAFETY: E2: enlisted, so the content is used.
        unsafe { (self.head().kind.inspect)(self, place, container) }
    }
}

/// The entries of this object, newest first.
pub(crate) fn entries_of(member: ObjectRef) -> impl Iterator<Item = EntryRef> {
    let newest = Side::get(member).and_then(|side| side.entries.get());
    std::iter::successors(newest, |entry| entry.head().older.get())
}

thread_local! {
    /// Panics of contents that were dropped by `end_content`, so far.
    static PANICS: Cell<usize> = const { Cell::new(0) };
}

/// How many contents have panicked when they were dropped by `end_content`.
pub(crate) fn panics() -> usize {
    PANICS.get()
}

/// Ends the use that came with being enlisted, and so drops the content unless it is on loan. A panic
/// is reported, as one of the member's value is.
pub(crate) fn end_content(entry: EntryRef) {
    let (heap, name) = (entry.member().page().heap(), entry.member().type_name());
    // The content's weak handle may be what kept the member's slot, and that its heap.
    heap.hold();
    if guarded(heap, Hook::Drop, Some(name), || entry.end_use()).is_none() {
        PANICS.set(PANICS.get() + 1);
    }
    heap.let_go();
}

/// The member is at its end, its value gone: its entries go, and what they carry.
#[inline]
pub(crate) fn end_entries_of(member: ObjectRef) {
    if Side::get(member).is_some_and(|side| side.entries.get().is_some()) {
        end_each_entry_of(member);
    }
}

#[inline(never)]
fn end_each_entry_of(member: ObjectRef) {
    // One by one: what a content's drop runs may add or take out others.
    while let Some(entry) = entries_of(member).next() {
        if let Some(registry) = entry.registry() {
            registry.take_out(entry);
        }
        end_content(entry);
    }
}

/// A use of an entry: its content stays as long as this exists.
pub(crate) struct Use(EntryRef);

impl Drop for Use {
    #[inline(always)]
    fn drop(&mut self) {
        self.0.end_use();
    }
}

/// A use of an entry that carries a `P`.
pub(crate) struct Loan<P> {
    entry: Use,
    content: PhantomData<*mut P>,
}

impl<P> Loan<P> {
    /// # Safety
    /// The entry carries a `P`, and its content is there.
    #[inline(always)]
    pub(crate) unsafe fn new(entry: EntryRef) -> Self {
        entry.begin_use();
        Self { entry: Use(entry), content: PhantomData }
    }

    #[inline(always)]
    pub(crate) fn entry(&self) -> EntryRef {
        self.entry.0
    }

    /// The use alone, whatever the content is.
    pub(crate) fn into_use(self) -> Use {
        self.entry
    }

    #[inline(always)]
    pub(crate) fn content(&self) -> &P {
        // SAFETY: a loan's entry carries a `P`.
        let content = unsafe { self.entry().content::<P>() };
        // SAFETY: it is in use (E2), and nobody has `&mut` to its content but through `content_mut`,
        // which needs to be the only loan.
        unsafe { content.as_ref() }
    }

    /// `&mut` to the content, if this is the only loan. No collection may happen as long as it lasts.
    pub(crate) fn content_mut(&mut self) -> Option<&mut P> {
        let others = u32::from(self.entry().registry().is_some());
        if self.entry().head().users.get() > 1 + others {
            return None;
        }
        // SAFETY: a loan's entry carries a `P`.
        let mut content = unsafe { self.entry().content::<P>() };
        // SAFETY: as in `content`; there is no other loan, and this one is borrowed meanwhile.
        Some(unsafe { content.as_mut() })
    }

    /// The content, of an entry that is enlisted no more and that nobody else has on loan.
    pub(crate) fn into_content(self) -> P {
        let entry = std::mem::ManuallyDrop::new(self).entry();
        assert!(entry.registry().is_none() && !entry.is_lent(), "the entry is not ours alone");
        // SAFETY: a loan's entry carries a `P`.
        let content = unsafe { entry.content::<P>() };
        // SAFETY: this loan's use is the last, and ends here without dropping the content.
        let content = unsafe { content.read() };
        entry.head().users.set(0);
        entry.unpoint();
        content
    }
}

/// Where an entry that carries a `P` is, or was: its memory stays as long as this exists.
pub(crate) struct Place<P> {
    entry: EntryRef,
    content: PhantomData<*mut P>,
}

impl<P> Place<P> {
    /// # Safety
    /// The entry was made with a `P`, and nothing has freed it yet.
    pub(crate) unsafe fn new(entry: EntryRef) -> Self {
        entry.point();
        Self { entry, content: PhantomData }
    }

    /// The entry, if it is enlisted still.
    pub(crate) fn lend(&self) -> Option<Loan<P>> {
        // SAFETY: enlisted, so in use (E2); and it was made with a `P`.
        self.entry.registry().map(|_| unsafe { Loan::new(self.entry) })
    }
}

impl<P> Drop for Place<P> {
    fn drop(&mut self) {
        self.entry.unpoint();
    }
}
