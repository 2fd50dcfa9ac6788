//! The programs' words in terms of this library: all that binds the one to the other.
//!
//! A destructor (`node_dtor!`) and a finalizer (`node_fin!`) are both a `Finalize`, since a traced
//! type has no `Drop`.

use std::cell::{Ref, RefCell, RefMut};
use std::rc::Rc;

pub(crate) use gc_core::{Finalize, FinalizeCx, Gc, Trace, Tracer, Weak};

/// A plain field: nothing in it is traced.
#[derive(Trace)]
pub(crate) struct P<T: 'static>(#[trace(skip)] pub(crate) T);

pub(crate) type Slot<T> = RefCell<Option<Gc<T>>>;
pub(crate) type Slots<T> = RefCell<Vec<Gc<T>>>;
pub(crate) type WSlot<T> = RefCell<Option<Weak<T>>>;
/// Shared ownership is never traced, and the derive refuses it: a plain field.
pub(crate) type RcSlot<T> = P<RefCell<Option<Rc<Gc<T>>>>>;

macro_rules! node {
    (struct $n:ident { $($f:ident: $t:ty),* $(,)? }) => {
        #[derive(Trace)]
        pub(crate) struct $n { $(pub(crate) $f: $t),* }
    };
}

macro_rules! node_fin {
    (struct $n:ident { $($f:ident: $t:ty),* $(,)? } fin($this:ident) $code:block) => {
        #[derive(Trace)]
        #[trace(finalize)]
        pub(crate) struct $n { $(pub(crate) $f: $t),* }
        impl Finalize for $n {
            fn finalize(&self, _: &FinalizeCx<'_, Self>) {
                let $this = self;
                $code
            }
        }
    };
}

macro_rules! node_dtor {
    ($(#$attr:tt)* struct $n:ident $fields:tt dtor($this:ident) $code:block) => {
        node_fin! { struct $n $fields fin($this) $code }
    };
}

macro_rules! node_trace_hook {
    (struct $n:ident { $($f:ident: $t:ty),* $(,)? } pre_trace($this:ident) $code:block) => {
        pub(crate) struct $n { $(pub(crate) $f: $t),* }
        // SAFETY: reports each handle once. That user code runs besides is what is tried.
        unsafe impl Trace for $n {
            fn trace(&self, tracer: &mut Tracer<'_>) {
                let $this = self;
                $code
                $(self.$f.trace(tracer);)*
            }
        }
    };
}

pub(crate) use {node, node_dtor, node_fin, node_trace_hook};

pub(crate) fn gc<T: Trace>(value: T) -> Gc<T> {
    Gc::new(value)
}

pub(crate) fn collect() {
    gc_core::collect();
}

pub(crate) fn slot<T: Trace>() -> Slot<T> {
    RefCell::new(None)
}

pub(crate) fn slots<T: Trace>() -> Slots<T> {
    RefCell::new(Vec::new())
}

pub(crate) fn wcell<T: Trace>() -> WSlot<T> {
    RefCell::new(None)
}

pub(crate) fn rc_slot<T: Trace>() -> RcSlot<T> {
    P(RefCell::new(None))
}

pub(crate) fn guard_mut<T>(cell: &RefCell<T>) -> RefMut<'_, T> {
    cell.borrow_mut()
}

pub(crate) fn guard_ref<T>(cell: &RefCell<T>) -> Ref<'_, T> {
    cell.borrow()
}

pub(crate) fn put<T: Trace>(slot: &Slot<T>, handle: Gc<T>) {
    // Dropped when the cell is free again.
    let old = slot.replace(Some(handle));
    drop(old);
}

pub(crate) fn take<T: Trace>(slot: &Slot<T>) -> Option<Gc<T>> {
    slot.take()
}

pub(crate) fn get<T: Trace>(slot: &Slot<T>) -> Option<Gc<T>> {
    slot.borrow().clone()
}

pub(crate) fn push<T: Trace>(slots: &Slots<T>, handle: Gc<T>) {
    slots.borrow_mut().push(handle);
}

pub(crate) fn rc_put<T: Trace>(slot: &RcSlot<T>, shared: Rc<Gc<T>>) {
    drop(slot.0.replace(Some(shared)));
}

pub(crate) fn downgrade<T: Trace>(handle: &Gc<T>) -> Weak<T> {
    Gc::downgrade(handle)
}

pub(crate) fn upgrade<T: Trace>(weak: &Weak<T>) -> Option<Gc<T>> {
    weak.upgrade()
}

pub(crate) fn wput<T: Trace>(slot: &WSlot<T>, weak: Weak<T>) {
    *slot.borrow_mut() = Some(weak);
}

pub(crate) fn wget<T: Trace>(slot: &WSlot<T>) -> Option<Gc<T>> {
    slot.borrow().as_ref().and_then(Weak::upgrade)
}

pub(crate) fn new_cyclic_weak<T: Trace>(make: impl FnOnce(&Weak<T>) -> T) -> Gc<T> {
    Gc::new_cyclic(make)
}

pub(crate) fn make_mut<T: Trace + Clone>(handle: &mut Gc<T>) -> gc_core::GcMut<'_, T> {
    Gc::make_mut(handle)
}

/// Both ways to `&mut`: the one that may refuse, and the one that may make a copy.
pub(crate) fn update_mut<T: Trace + Clone>(handle: &mut Gc<T>, mut code: impl FnMut(&mut T)) {
    if let Some(mut value) = Gc::get_mut(handle) {
        code(&mut value);
    }
    code(&mut Gc::make_mut(handle));
}

/// The heap must be whole when a program is over.
pub(crate) fn verify() {
    gc_core::Heap::current().verify();
}
