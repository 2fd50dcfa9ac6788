//! The side table of one object: what most objects never have. Weak handles, an identity, calls to
//! make at its death.
//!
//! An object gets one at the first ask; its header's last word then points here, and the type's
//! table is found one step further.

use std::cell::{Cell, RefCell};
use std::ptr::NonNull;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::entry::EntryRef;
use crate::fallible::try_box;
use crate::info::{End, Info};
use crate::object::ObjectRef;
use crate::reclaim::end_or_notice_loss;
use crate::tracked_leaf::{self, Leads};

/// A call to make when an object has died: a watch or a cleanup.
pub(crate) trait Call {
    /// Makes the call, once. Later ones do nothing.
    fn fire(&self);
    /// Whether it is still to be made.
    fn is_armed(&self) -> bool;
    /// Whether it is to be made at the heap's end, too, with the object alive.
    fn at_exit(&self) -> bool;
    /// Gives the closure up without calling it.
    fn disarm(&self);
    /// The name for reports: "watch" or "cleanup".
    fn hook(&self) -> crate::error::Hook;
}

/// One entry of an object's list of calls.
pub(crate) struct CallEntry {
    /// Place in the order of registration, over all objects of the thread.
    pub(crate) serial: u64,
    pub(crate) call: Rc<dyn Call>,
}

/// What belongs to one object and lies outside its slot.
#[repr(C)]
pub(crate) struct Side {
    /// How the object ends. First, as in [`Info`].
    end: End,
    pub(crate) info: &'static Info,
    /// Weak handles, those inside watches included.
    pub(crate) weak: Cell<usize>,
    /// The identity, once somebody has asked; zero before.
    id: Cell<u64>,
    /// Oldest first.
    pub(crate) calls: RefCell<Vec<CallEntry>>,
    /// The newest of the entries that weak containers have for the object.
    pub(crate) entries: Cell<Option<EntryRef>>,
    /// Whether any of them may hold handles.
    pub(crate) leads: Cell<Leads>,
}

impl Side {
    /// The object's side table, made now if there is none. `None`: out of memory.
    pub(crate) fn of(object: ObjectRef) -> Option<NonNull<Side>> {
        if let Some(side) = object.side() {
            return Some(side);
        }
        let side = Side {
            end: end_or_notice_loss,
            info: object.info(),
            weak: Cell::new(0),
            id: Cell::new(0),
            calls: RefCell::new(Vec::new()),
            entries: Cell::new(None),
            leads: Cell::new(Leads::NOWHERE),
        };
        let side = try_box(side).ok()?;
        object.attach_side(side);
        Some(side)
    }

    /// The object's side table, if it has one, as a reference that the caller uses at once.
    pub(crate) fn get<'a>(object: ObjectRef) -> Option<&'a Side> {
        // SAFETY: O3: while the flag is set the table lives. It is all cells, so that shared
        // references may meet; those who free it (`release`) hold none.
        object.side().map(|side| unsafe { side.as_ref() })
    }

    /// As `get`, and makes it.
    pub(crate) fn get_or_make<'a>(object: ObjectRef) -> &'a Side {
        match Self::of(object) {
            // SAFETY: as in `get`.
            Some(side) => unsafe { side.as_ref() },
            None => std::alloc::handle_alloc_error(std::alloc::Layout::new::<Side>()),
        }
    }

    /// The identity, given out now if it was not yet.
    pub(crate) fn id(&self) -> u64 {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        if self.id.get() == 0 {
            self.id.set(NEXT.fetch_add(1, Ordering::Relaxed));
        }
        self.id.get()
    }

    /// The identity, if it was given out.
    pub(crate) fn known_id(&self) -> Option<u64> {
        Some(self.id.get()).filter(|&id| id != 0)
    }

    /// Adds a call, the newest of this object's.
    pub(crate) fn add_call(&self, call: Rc<dyn Call>) {
        let mut calls = self.calls.borrow_mut();
        // Cancelled calls are cleared out before the list would grow.
        if calls.len() == calls.capacity() {
            calls.retain(|entry| entry.call.is_armed());
        }
        calls.push(CallEntry { serial: next_serial(), call });
    }

    /// Frees the side table of an object that needs it no more.
    pub(crate) fn release(object: ObjectRef) {
        let Some(side) = object.side() else { return };
        // SAFETY: O3, and `of` made it from a box. The flag goes first, so nobody finds it again;
        // references from `get` are not kept across calls.
        let side = unsafe { Box::from_raw(side.as_ptr()) };
        object.detach_side(side.info);
        if side.leads.get() != Leads::NOWHERE {
            tracked_leaf::release(side.leads.get());
        }
        debug_assert!(side.weak.get() == 0 && side.entries.get().is_none());
    }
}

thread_local! {
    /// Calls registered so far, over all objects of the thread.
    static SERIAL: Cell<u64> = const { Cell::new(0) };
}

/// The place of a new call in the order of registration.
fn next_serial() -> u64 {
    SERIAL.set(SERIAL.get() + 1);
    SERIAL.get()
}

/// The place of the newest call.
pub(crate) fn last_serial() -> u64 {
    SERIAL.get()
}
