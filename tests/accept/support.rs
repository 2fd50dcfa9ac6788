//! How a type is put to the test.

pub(crate) use std::cell::{Cell, RefCell};
pub(crate) use std::rc::Rc;

pub(crate) use gc_core::{Finalize, FinalizeCx, Gc, GcFree, Slot, Trace, Weak};

/// One end of a cycle; the other is a value of the type under test.
#[derive(Trace, Default)]
pub(crate) struct Hub(RefCell<Option<Gc<dyn Trace>>>);

impl std::fmt::Debug for Hub {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hub")
    }
}

/// Whether a cycle through the value that `make` builds around a handle to its hub is freed.
pub(crate) fn cycle_is_freed<T: Trace>(make: impl FnOnce(Gc<Hub>) -> T) -> bool {
    let hub: Gc<Hub> = Gc::default();
    let watched = Gc::downgrade(&hub);
    let value = Gc::new(make(hub.clone()));
    *hub.0.borrow_mut() = Some(gc_core::coerce!(value => dyn Trace));
    drop(hub);
    gc_core::collect();
    watched.is_dead()
}

/// Whether objects of this type take part in collections.
pub(crate) fn is_tracked<T: Trace>(value: T) -> bool {
    Gc::is_tracked(&Gc::new(value))
}

/// How many handles a visit to the value finds.
pub(crate) fn edges<T: Trace>(value: T) -> usize {
    Gc::referents(&Gc::new(value)).len()
}

/// Compiles if the type is traced.
pub(crate) const fn traced<T: ?Sized + Trace>() {}

/// Compiles if the type may be shared.
pub(crate) const fn free<T: ?Sized + GcFree>() {}

/// Has no `Trace`.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Foreign;
