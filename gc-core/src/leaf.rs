//! [`Leaf`]: a value of any type as a leaf, for the types that neither have `Trace` nor can get it.

use std::borrow::{Borrow, BorrowMut};
use std::error::Error;
use std::fmt;
use std::ops::{Deref, DerefMut};

use crate::gc_free::GcFree;
use crate::trace::{Depth, Trace, Tracer};

/// A value of any type, as a field, an element or an object of its own: the heap does not look into it.
///
/// The orphan rule keeps you from implementing [`Trace`] for a type of another crate. Where the type is
/// a field, `#[trace(skip)]` says the same as this wrapper. `Leaf` also works where there is no field to
/// put an attribute on: inside a container, as a type argument, in `Gc::new`, behind an `Rc`.
///
/// It has the layout of `T`, derefs to it, and compares, hashes, shows and defaults as `T` does.
///
/// ```
/// use gc_core::{Gc, Leaf, Trace};
/// use std::collections::HashMap;
///
/// #[derive(Trace)]
/// struct Program {
///     args: Leaf<std::env::Args>,
///     hooks: HashMap<String, Leaf<Box<dyn Fn(u32) -> u32>>>,
///     children: Vec<Gc<Program>>,
/// }
///
/// let program = Gc::new(Program {
///     args: std::env::args().into(),
///     hooks: HashMap::from([("twice".into(), Leaf(Box::new(|n: u32| 2 * n) as _))]),
///     children: vec![],
/// });
/// assert_eq!(program.hooks["twice"](21), 42);
/// assert!(program.args.len() > 0);
/// ```
///
/// # What if there is a `Gc` in it?
///
/// Then the handle counts as held from outside, and what it leads to is alive as long as the leaf is.
/// Nothing is freed too early, and a cycle through the leaf is not freed at all: it leaks, as it would
/// with `Rc`. A [`Weak`](crate::Weak) in a leaf is as weak as ever.
///
/// ```
/// use gc_core::{Gc, Heap, Leaf, Trace};
/// use std::cell::RefCell;
///
/// #[derive(Trace)]
/// struct Node(RefCell<Option<Leaf<Gc<Node>>>>);
///
/// let heap = Heap::new();
/// let node = Gc::new_in(&heap, Node(RefCell::new(None)));
/// node.0.replace(Some(Leaf(node.clone()))); // holds itself, and does not tell
/// let weak = Gc::downgrade(&node);
/// drop(node);
/// assert_eq!(heap.collect().collected, 0);
/// weak.upgrade().unwrap().0.take(); // what opens the cycle frees it
/// assert!(weak.is_dead());
/// ```
///
/// # What if `T` has a `Drop`, or a `Trace`?
///
/// A `Drop` is welcome: whatever it can reach through handles in the leaf is alive. A `Trace` of `T` is
/// not asked, and neither is its finalizer.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(transparent)]
pub struct Leaf<T: ?Sized>(pub T);

impl<T> Leaf<T> {
    /// The value, unwrapped.
    ///
    /// ```
    /// use gc_core::Leaf;
    ///
    /// let leaf = Leaf(vec![1, 2]);
    /// assert_eq!(Leaf::into_inner(leaf), [1, 2]);
    /// ```
    #[must_use = "the value is lost otherwise"]
    pub fn into_inner(this: Self) -> T {
        this.0
    }
}

// SAFETY: reports no handle, so none twice and none that outlives the value; does nothing. What the
// value may own counts as held from outside and is alive as long as it is.
unsafe impl<T: ?Sized + 'static> Trace for Leaf<T> {
    #[inline(always)]
    fn trace(&self, _: &mut Tracer<'_>) {}

    #[inline(always)]
    fn may_hold_gc(_: Depth) -> bool
    where
        Self: Sized,
    {
        false
    }
}

impl<T: ?Sized + 'static> GcFree for Leaf<T> {}

impl<T: ?Sized> Deref for Leaf<T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: ?Sized> DerefMut for Leaf<T> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T> From<T> for Leaf<T> {
    #[inline]
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T: ?Sized> AsRef<T> for Leaf<T> {
    fn as_ref(&self) -> &T {
        self
    }
}

impl<T: ?Sized> AsMut<T> for Leaf<T> {
    fn as_mut(&mut self) -> &mut T {
        self
    }
}

/// A map with keys of `Leaf<T>` is searched by a `T`: both compare and hash alike.
impl<T> Borrow<T> for Leaf<T> {
    fn borrow(&self) -> &T {
        self
    }
}

impl<T> BorrowMut<T> for Leaf<T> {
    fn borrow_mut(&mut self) -> &mut T {
        self
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for Leaf<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T: ?Sized + fmt::Display> fmt::Display for Leaf<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T: ?Sized + Error> Error for Leaf<T> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}
