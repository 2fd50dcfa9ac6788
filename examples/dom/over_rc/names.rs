//! `Rc` under the names that the document uses, and as leaves, for its derives: nobody ever traces them.

use std::cell::Cell;
use std::fmt;
use std::ops::Deref;
use std::rc::Rc;

use gc_core::Leaf;

pub(crate) use gc_core::Trace;

#[derive(Trace)]
#[trace(leaf)]
pub(crate) struct Gc<T: 'static>(Leaf<Rc<Counted<T>>>);

/// A value that is counted among the living.
pub(crate) struct Counted<T>(T);

thread_local! {
    static LIVE: Cell<usize> = const { Cell::new(0) };
}

impl<T> Drop for Counted<T> {
    fn drop(&mut self) {
        LIVE.set(LIVE.get() - 1);
    }
}

impl<T> Gc<T> {
    pub(crate) fn new_in(_: &Heap, value: T) -> Self {
        LIVE.set(LIVE.get() + 1);
        Self(Leaf(Rc::new(Counted(value))))
    }

    pub(crate) fn ptr_eq(this: &Self, other: &Self) -> bool {
        Rc::ptr_eq(&this.0, &other.0)
    }

    pub(super) fn rc(&self) -> &Rc<Counted<T>> {
        &self.0.0
    }
}

impl<T> From<Rc<Counted<T>>> for Gc<T> {
    fn from(rc: Rc<Counted<T>>) -> Self {
        Self(Leaf(rc))
    }
}

impl<T> Clone for Gc<T> {
    fn clone(&self) -> Self {
        Self(Leaf(Rc::clone(&self.0)))
    }
}

impl<T> Deref for Gc<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0.0.0
    }
}

impl<T: fmt::Display> fmt::Display for Gc<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

/// Counts who lives on this thread; there is nothing to collect with.
pub(crate) struct Heap {
    /// How many there were before.
    others: usize,
}

impl Heap {
    pub(crate) fn new() -> Self {
        Self { others: LIVE.get() }
    }

    pub(crate) fn live_count(&self) -> usize {
        LIVE.get() - self.others
    }

    pub(crate) fn collect(&self) {}
}

/// A link to what is owned.
#[derive(Trace)]
#[trace(leaf)]
pub(crate) struct Slot<T: 'static>(Leaf<Owner<T>>);

struct Owner<T: 'static>(Cell<Option<Gc<T>>>);

impl<T> Drop for Owner<T> {
    fn drop(&mut self) {
        if let Some(owned) = self.0.take() {
            super::links::let_go(owned.0.0);
        }
    }
}

impl<T> Slot<T> {
    pub(crate) fn new(handle: Option<Gc<T>>) -> Self {
        Self(Leaf(Owner(Cell::new(handle))))
    }

    pub(crate) fn empty() -> Self {
        Self::new(None)
    }

    pub(crate) fn get(&self) -> Option<Gc<T>> {
        let handle = self.0.0.0.take();
        let clone = handle.clone();
        self.0.0.0.set(handle);
        clone
    }

    pub(crate) fn is_none(&self) -> bool {
        self.get().is_none()
    }

    pub(crate) fn set(&self, handle: Option<Gc<T>>) {
        self.0.0.0.set(handle);
    }

    pub(crate) fn take(&self) -> Option<Gc<T>> {
        self.0.0.0.take()
    }
}

/// A shared closure. What it holds, it holds for ever.
#[derive(Trace)]
#[trace(leaf)]
pub(crate) struct Closure<F: ?Sized + 'static>(Leaf<Rc<F>>);

impl<F: ?Sized> Closure<F> {
    pub(crate) fn new(closure: Rc<F>) -> Self {
        Self(Leaf(closure))
    }

    pub(crate) fn ptr_eq(this: &Self, other: &Self) -> bool {
        Rc::ptr_eq(&this.0, &other.0)
    }
}

impl<F: ?Sized> Clone for Closure<F> {
    fn clone(&self) -> Self {
        Self(Leaf(Rc::clone(&self.0)))
    }
}

impl<F: ?Sized> Deref for Closure<F> {
    type Target = F;

    fn deref(&self) -> &F {
        &self.0.0
    }
}

/// A closure, written as [`gc_core::gc_fn!`] wants it.
macro_rules! closure {
    (in $heap:expr; [$($name:ident = $value:expr),* $(,)?] |$event:tt: $type:ty| $body:expr) => {{
        let _ = $heap;
        let ($($name,)*) = ($($value,)*);
        let closure = move |$event: $type| {
            $(let $name = &$name;)*
            $body
        };
        let closure: std::rc::Rc<dyn Fn($type)> = std::rc::Rc::new(closure);
        $crate::over_rc::pointer::Closure::new(closure)
    }};
}
pub(crate) use closure;
