//! Calls at an object's death: [`Watch`], which its owner may cancel by dropping it, and
//! [`Cleanup`], which stands by itself.

use std::cell::Cell;
use std::fmt;
use std::rc::Rc;

use crate::error::Hook;
use crate::gc::Gc;
use crate::side::{Call, Side};
use crate::trace::{Depth, Trace, Tracer};
use crate::weak::Weak;

impl<T: ?Sized> Gc<T> {
    /// Calls `call` when the object has died. The twin of `weakref.ref(object, callback)`.
    ///
    /// The call comes after the value is dropped, when all weak handles are dead already; of several
    /// calls for one object the newest comes first. What the closure captures counts as held from
    /// outside.
    ///
    /// ```
    /// use gc_core::Gc;
    /// use std::{cell::Cell, rc::Rc};
    ///
    /// let called = Rc::new(Cell::new(false));
    /// let flag = called.clone();
    /// let object = Gc::new(5);
    /// let watch = Gc::watch(&object, move || flag.set(true));
    /// drop(object);
    /// assert!(called.get());
    /// # drop(watch);
    /// ```
    pub fn watch(this: &Self, call: impl FnOnce() + 'static) -> Watch<T> {
        let node = Rc::new(WatchCall { call: Cell::new(Some(Box::new(call))) });
        Side::get_or_make(this.object()).add_call(node.clone());
        Watch { weak: Gc::downgrade(this), node }
    }

    /// Calls `call` when the object has died, or at its heap's end. The twin of `weakref.finalize`.
    ///
    /// Dropping the [`Cleanup`] does not cancel it.
    ///
    /// ```
    /// use gc_core::Gc;
    ///
    /// let object = Gc::new("a temporary file".to_owned());
    /// let cleanup = Gc::cleanup(&object, || 42);
    /// assert!(cleanup.is_alive());
    /// assert_eq!(cleanup.call(), Some(42)); // by hand, ahead of time
    /// assert_eq!(cleanup.call(), None);
    /// ```
    pub fn cleanup<R: 'static>(this: &Self, call: impl FnOnce() -> R + 'static) -> Cleanup<R> {
        let node = Rc::new(CleanupCall {
            call: Cell::new(Some(Box::new(call))),
            at_exit: Cell::new(true),
        });
        let heap = this.object().page().heap();
        if heap.closed.get() {
            // Cleanups of a closed heap never run.
            node.disarm();
        } else {
            Side::get_or_make(this.object()).add_call(node.clone());
        }
        Cleanup { node }
    }
}

/// A call to be made when an object has died. Dropping the `Watch` cancels it.
#[must_use = "dropping a `Watch` cancels its call; keep it, or `forget` it to arm it for good"]
pub struct Watch<T: ?Sized> {
    weak: Weak<T>,
    node: Rc<WatchCall>,
}

struct WatchCall {
    call: Cell<Option<Box<dyn FnOnce()>>>,
}

impl<T: ?Sized> Watch<T> {
    /// A strong handle to the watched object, if it lives.
    ///
    /// ```
    /// use gc_core::Gc;
    ///
    /// let five = Gc::new(5);
    /// let watch = Gc::watch(&five, || ());
    /// assert!(Gc::ptr_eq(&watch.upgrade().unwrap(), &five));
    /// drop(five);
    /// assert!(watch.upgrade().is_none());
    /// ```
    #[must_use = "the handle is dropped at once otherwise"]
    pub fn upgrade(&self) -> Option<Gc<T>> {
        self.weak.upgrade()
    }

    /// Whether the watched object is gone.
    ///
    /// ```
    /// use gc_core::Gc;
    ///
    /// let five = Gc::new(5);
    /// let watch = Gc::watch(&five, || ());
    /// assert!(!watch.is_dead());
    /// drop(five);
    /// assert!(watch.is_dead());
    /// ```
    #[must_use]
    pub fn is_dead(&self) -> bool {
        self.weak.is_dead()
    }

    /// A weak handle to the watched object.
    ///
    /// ```
    /// use gc_core::Gc;
    ///
    /// let five = Gc::new(5);
    /// let weak = Gc::watch(&five, || ()).weak(); // outlives the watch
    /// assert_eq!(*weak.upgrade().unwrap(), 5);
    /// ```
    #[must_use = "an unused weak handle does nothing"]
    pub fn weak(&self) -> Weak<T> {
        self.weak.clone()
    }

    /// Arms the call for good: it is made whatever becomes of the `Watch`.
    ///
    /// ```
    /// use gc_core::Gc;
    /// use std::{cell::Cell, rc::Rc};
    ///
    /// let called = Rc::new(Cell::new(false));
    /// let flag = called.clone();
    /// let object = Gc::new(5);
    /// Gc::watch(&object, move || flag.set(true)).forget();
    /// drop(object);
    /// assert!(called.get());
    /// ```
    pub fn forget(self) {
        // The weak handle goes; the call stays with the object.
        let this = std::mem::ManuallyDrop::new(self);
        let (weak, node) = (&raw const this.weak, &raw const this.node);
        // SAFETY: the watch is not dropped, so each field is moved out once.
        drop(unsafe { weak.read() });
        // SAFETY: as above.
        drop(unsafe { node.read() });
    }
}

impl<T: ?Sized> Drop for Watch<T> {
    fn drop(&mut self) {
        self.node.disarm();
    }
}

impl<T: ?Sized> fmt::Debug for Watch<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch").field("object", &self.weak).finish_non_exhaustive()
    }
}

impl Call for WatchCall {
    fn fire(&self) {
        if let Some(call) = self.call.take() {
            call();
        }
    }

    fn is_armed(&self) -> bool {
        is_some(&self.call)
    }

    fn at_exit(&self) -> bool {
        false
    }

    fn disarm(&self) {
        drop(self.call.take());
    }

    fn hook(&self) -> Hook {
        Hook::Watch
    }
}

/// A call made at an object's death or at its heap's end, whichever comes first, or by hand.
pub struct Cleanup<R> {
    node: Rc<CleanupCall<R>>,
}

struct CleanupCall<R> {
    call: Cell<Option<Box<dyn FnOnce() -> R>>>,
    at_exit: Cell<bool>,
}

impl<R> Cleanup<R> {
    /// Makes the call now, if it was not made yet, and returns its result.
    ///
    /// ```
    /// use gc_core::Gc;
    ///
    /// let object = Gc::new(5);
    /// let cleanup = Gc::cleanup(&object, || "cleaned up");
    /// assert_eq!(cleanup.call(), Some("cleaned up"));
    /// drop(object); // does not call again
    /// assert_eq!(cleanup.call(), None);
    /// ```
    pub fn call(&self) -> Option<R> {
        self.node.call.take().map(|call| call())
    }

    /// Cancels the call and drops what it captured. Returns whether it was still to be made.
    ///
    /// ```
    /// use gc_core::Gc;
    /// use std::rc::Rc;
    ///
    /// let (object, captured) = (Gc::new(5), Rc::new(()));
    /// let held = captured.clone();
    /// let cleanup = Gc::cleanup(&object, move || drop(held));
    /// assert!(cleanup.detach());
    /// assert_eq!(Rc::strong_count(&captured), 1);
    /// assert!(!cleanup.detach());
    /// ```
    pub fn detach(&self) -> bool {
        // Taken out first: the closure's own drop may come back here.
        let call = self.node.call.take();
        call.is_some()
    }

    /// Whether the call is still to be made.
    ///
    /// ```
    /// use gc_core::Gc;
    ///
    /// let object = Gc::new(5);
    /// let cleanup = Gc::cleanup(&object, || ());
    /// assert!(cleanup.is_alive());
    /// drop(object);
    /// assert!(!cleanup.is_alive());
    /// ```
    #[must_use]
    pub fn is_alive(&self) -> bool {
        is_some(&self.node.call)
    }

    /// Whether the call is made at the heap's end if the object lives on then. It is, unless told
    /// otherwise.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    /// use std::{cell::Cell, rc::Rc};
    ///
    /// let called = Rc::new(Cell::new(false));
    /// let flag = called.clone();
    /// let heap = Heap::new();
    /// let object = Gc::new_in(&heap, 5);
    /// Gc::cleanup(&object, move || flag.set(true)).set_at_exit(false);
    /// heap.shutdown();
    /// assert!(!called.get());
    /// ```
    pub fn set_at_exit(&self, at_exit: bool) {
        self.node.at_exit.set(at_exit);
    }
}

impl<R> fmt::Debug for Cleanup<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cleanup").field("alive", &self.is_alive()).finish_non_exhaustive()
    }
}

impl<R> Call for CleanupCall<R> {
    fn fire(&self) {
        if let Some(call) = self.call.take() {
            call();
        }
    }

    fn is_armed(&self) -> bool {
        is_some(&self.call)
    }

    fn at_exit(&self) -> bool {
        self.at_exit.get()
    }

    fn disarm(&self) {
        drop(self.call.take());
    }

    fn hook(&self) -> Hook {
        Hook::Cleanup
    }
}

/// Whether a cell holds something, without showing it to anybody.
fn is_some<C: ?Sized>(cell: &Cell<Option<Box<C>>>) -> bool {
    let content = cell.take();
    let some = content.is_some();
    cell.set(content);
    some
}

// SAFETY: what a watch or a cleanup captures counts as held from outside; nothing is reported.
unsafe impl<T: ?Sized + 'static> Trace for Watch<T> {
    fn trace(&self, _: &mut Tracer<'_>) {}

    #[inline(always)]
    fn may_hold_gc(_: Depth) -> bool {
        false
    }
}

// SAFETY: as for `Watch`.
unsafe impl<R: 'static> Trace for Cleanup<R> {
    fn trace(&self, _: &mut Tracer<'_>) {}

    #[inline(always)]
    fn may_hold_gc(_: Depth) -> bool {
        false
    }
}
