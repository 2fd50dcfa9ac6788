//! The contract of tracing: [`Trace`] reports the handles that a value owns, to a [`Tracer`] that
//! only the heap can make.

use std::fmt;
use std::marker::PhantomData;

use crate::ephemeron::Pass;
use crate::finalize::Finalizer;
use crate::inspect::Inspector;
use crate::object::ObjectRef;
use crate::registry::RegistryRef;

/// A type whose values can live in a heap: it can tell which [`Gc`](crate::Gc) handles it owns.
///
/// Write `#[derive(Trace)]`; it is safe, and this page is for those who cannot.
///
/// # Safety
///
/// `trace` must, each time it is called:
/// * report each owned handle **at most once**, by handing it on to the `trace` of the field that
///   owns it. What shares ownership (`Rc`, `Arc`) owns nothing alone: do not trace through it;
/// * do nothing else that can be observed: no handle is cloned, dropped, moved or stored, nothing
///   is allocated or collected, no panic;
/// * hand on the same handles as long as the value does not change;
/// * only read: it may not reach through a cell that somebody else may be writing to.
///
/// [`inspect`](Trace::inspect) must do nothing else either, and only read; what it tells is free.
///
/// When the value is dropped, each handle that `trace` reports must be dropped with it (a handle in
/// a `ManuallyDrop` or behind a leaked box must not be reported), and before that no code of the
/// type's own may run that reads through such a handle: a traced type has no `Drop`.
///
/// `may_hold_gc` may answer `false` only if `trace` never reports anything.
///
/// # What if my `Trace` is wrong?
///
/// | mistake | consequence |
/// | --- | --- |
/// | a handle is not reported | whatever it leads to counts as held from outside: it may leak, nothing worse |
/// | a handle is reported twice | a contract broken. The heap aborts with the type's name if it notices, that is, if more edges were reported than handles exist; it cannot notice while other handles make up for the excess |
/// | `trace` panics, allocates, drops or collects | the collection is given up where this is noticed; the heap stays usable and everything alive, and what it let go of unnoticed may leak |
///
/// # Examples
///
/// By hand, for a container of one's own:
///
/// ```
/// use gc_core::{Depth, Gc, Trace, Tracer};
///
/// struct Pair<T>(T, T);
///
/// // SAFETY: reports each field's handles once, by way of the field; has no `Drop`.
/// unsafe impl<T: Trace> Trace for Pair<T> {
///     fn trace(&self, tracer: &mut Tracer<'_>) {
///         self.0.trace(tracer);
///         self.1.trace(tracer);
///     }
///     fn may_hold_gc(depth: Depth) -> bool {
///         T::may_hold_gc(depth)
///     }
/// }
///
/// let pair = Gc::new(Pair(Gc::new(1), Gc::new(2)));
/// assert_eq!(*pair.0 + *pair.1, 3);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be part of a `Gc` heap: it does not implement `Trace`",
    label = "`Trace` is missing for `{Self}`",
    note = "for a type of your own, write `#[derive(Trace)]` above it; for a trait of your own, declare it as `trait Name: Trace`",
    note = "for a foreign type, put `#[trace(skip)]` on the field, or wrap the value: `Leaf<_>`; a `Gc` in it counts as held from outside"
)]
pub unsafe trait Trace: 'static {
    /// Reports every handle that `self` owns, each once, by calling `trace` of what owns it.
    ///
    /// Only the heap can make a [`Tracer`], so this is no operation on a live value.
    fn trace(&self, tracer: &mut Tracer<'_>);

    /// Whether a value of this type may own a handle. `false` makes its objects leaves, which are
    /// never suspected and never visited.
    ///
    /// A type that asks its parts hands them [`depth.deeper()`](Depth::deeper), so that the
    /// question ends for types that contain themselves. The answer must not depend on anything
    /// but the type and `depth`.
    fn may_hold_gc(depth: Depth) -> bool
    where
        Self: Sized,
    {
        let _ = depth;
        true
    }

    /// Tells what `trace` reports once more, by name, and how much memory the value owns outside its
    /// object: for those who look inside a heap. The collector never calls it.
    ///
    /// Without it the edges are called `#0`, `#1`, and so on. One that tells of too many edges, or too few,
    /// makes wrong pictures, and nothing worse.
    ///
    /// ```
    /// use gc_core::{Gc, Heap, Inspector, Trace, Tracer};
    ///
    /// struct Stack<T>(Vec<T>);
    ///
    /// // SAFETY: reports what the list reports; has no `Drop`.
    /// unsafe impl<T: Trace> Trace for Stack<T> {
    ///     fn trace(&self, tracer: &mut Tracer<'_>) {
    ///         self.0.trace(tracer);
    ///     }
    ///     fn inspect(&self, mut inspector: Inspector<'_>) {
    ///         self.0.inspect(inspector.field("items"));
    ///     }
    /// }
    ///
    /// let heap = Heap::new();
    /// let stack = Gc::new_in(&heap, Stack(vec![Gc::new_in(&heap, 5)]));
    /// let snapshot = heap.snapshot();
    /// let edge = snapshot.find(&stack).unwrap().edges().next().unwrap();
    /// assert_eq!(edge.label().to_string(), "items[0]");
    /// ```
    fn inspect(&self, mut inspector: Inspector<'_>) {
        inspector.unnamed(|tracer| self.trace(tracer));
    }

    /// Whether dropping the value, as it is now, would do nothing: all its places for handles are empty,
    /// say. Then the heap frees the object without a drop. `false` is always right; `true` may be answered
    /// only by who has no `Drop` and knows it of every field. It does nothing else, and calls nothing but
    /// the same of fields. Written by the derive.
    #[doc(hidden)]
    #[inline(always)]
    fn drops_nothing(&mut self) -> bool {
        !std::mem::needs_drop::<Self>()
    }

    /// The finalizer of this type, if it has one. Written by `#[trace(finalize)]`.
    #[doc(hidden)]
    fn finalizer() -> Option<Finalizer<Self>>
    where
        Self: Sized,
    {
        None
    }
}

/// How many levels of a type the question [`Trace::may_hold_gc`] may still descend.
///
/// ```
/// use gc_core::{Gc, Slot, Trace};
///
/// #[derive(Trace)]
/// struct Tree {
///     kids: Vec<Tree>, // asks itself, and stops where the depth ends
/// }
///
/// assert!(Gc::is_tracked(&Gc::new(Tree { kids: vec![] })));
/// assert!(!Gc::is_tracked(&Gc::new(vec![1, 2, 3])));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Depth(u8);

impl Depth {
    /// What the heap asks with: more levels than hand-written types nest.
    pub(crate) const START: Depth = Depth(12);

    /// One level further down; `None` at the limit, where the answer is "it may".
    #[inline(always)]
    pub const fn deeper(self) -> Option<Depth> {
        match self.0.checked_sub(1) {
            Some(left) => Some(Depth(left)),
            None => None,
        }
    }
}

/// A traced type uses [`Finalize`](crate::Finalize) where others use `Drop`.
///
/// The derive implements this trait for each type that it traces, and every type with a `Drop`
/// implements it already: a type that has both does not compile, and this name is in the message.
///
/// # Why?
///
/// When a cycle is swept, its values are dropped one after the other. A `Drop` could look at a
/// neighbour that is already gone. `Finalize` runs before anything is gone, sees the whole graph,
/// and so needs no check on each deref.
///
/// # What to do instead
///
/// * `#[trace(finalize)]` and `impl Finalize`, if the code wants to see the neighbours;
/// * a field with a `Drop` of its own that holds no traced handle (a file, a guard);
/// * `#[trace(leaf)]`, if the type holds no handle at all;
/// * `#[trace(unsafe_drop)]`, if you can promise that the `Drop` touches no handle.
#[diagnostic::on_unimplemented(message = "a traced type uses `Finalize` instead of `Drop`")]
pub trait TracedTypesUseFinalizeInsteadOfDrop {}

#[allow(drop_bounds, reason = "the bound is the check: it conflicts with the derive's own impl")]
impl<T: ?Sized + Drop> TracedTypesUseFinalizeInsteadOfDrop for T {}

/// Collects what [`Trace::trace`] reports. Made by the heap alone.
pub struct Tracer<'a> {
    /// Those reported.
    pub(crate) edges: Vec<ObjectRef>,
    /// Registries of weak containers that what was traced owns.
    pub(crate) registries: Vec<RegistryRef>,
    /// There is more to look at than edges.
    pub(crate) is_stirred: bool,
    /// Some were not taken down, for want of memory.
    pub(crate) overflow: bool,
    /// What it is used for.
    pub(crate) pass: Pass,
    /// The heap may come to lend it something.
    lent: PhantomData<&'a ()>,
}

impl Tracer<'_> {
    pub(crate) fn new(pass: Pass) -> Self {
        Self {
            edges: Vec::new(),
            registries: Vec::new(),
            is_stirred: false,
            overflow: false,
            pass,
            lent: PhantomData,
        }
    }

    /// Takes down the registry of a weak container. Its entries are looked at later, so that containers
    /// in what they carry need no stack.
    pub(crate) fn registry(&mut self, registry: RegistryRef) {
        self.is_stirred = true;
        if self.registries.try_reserve(1).is_err() {
            self.overflow = true;
            return;
        }
        self.registries.push(registry);
    }

    /// Takes down one edge. Its header is fetched ahead, since the passes read it soon.
    #[inline]
    pub(crate) fn edge(&mut self, target: ObjectRef) {
        target.prefetch();
        if self.edges.len() == self.edges.capacity() {
            return self.edge_beyond(target);
        }
        self.edges.push(target);
    }

    /// As `edge`, where there is no room. The last thing that a `trace` of one edge calls, so that it
    /// saves no registers for this.
    #[cold]
    #[inline(never)]
    fn edge_beyond(&mut self, target: ObjectRef) {
        if self.edges.try_reserve(1).is_ok() {
            self.edges.push(target);
        } else {
            (self.is_stirred, self.overflow) = (true, true);
        }
    }
}

impl fmt::Debug for Tracer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tracer").finish_non_exhaustive()
    }
}
