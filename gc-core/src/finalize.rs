//! The contract of last words: [`Finalize`], and the context that a finalizer gets.
//!
//! A finalizer runs at most once for each object, on both ways to die, with everything that the
//! object leads to still whole. It may store a handle and so bring the object back.

use std::fmt;

use crate::Gc;

/// Code that runs once, when an object has become unreachable and before anything of it is gone.
///
/// Chosen with `#[trace(finalize)]` on a type that derives `Trace`. The twin of CPython's
/// `__del__` under [PEP 442](https://peps.python.org/pep-0442/): at most one call for each
/// object, before weak handles die and before any value of the same sweep is dropped.
///
/// # What may a finalizer do?
///
/// Anything safe: follow its edges (all neighbours are whole), allocate, collect (a reported no-op
/// inside a collection), drop handles, and bring its object back by storing
/// [`cx.handle()`](FinalizeCx::handle). A panic is caught and reported like that of every hook.
///
/// # Examples
///
/// ```
/// use gc_core::{Finalize, FinalizeCx, Gc, Trace};
/// use std::{cell::Cell, rc::Rc};
///
/// #[derive(Trace)]
/// #[trace(finalize)]
/// struct Connection {
///     #[trace(skip)]
///     closed: Rc<Cell<bool>>,
/// }
///
/// impl Finalize for Connection {
///     fn finalize(&self, _: &FinalizeCx<'_, Self>) {
///         self.closed.set(true);
///     }
/// }
///
/// let closed = Rc::new(Cell::new(false));
/// drop(Gc::new(Connection { closed: closed.clone() }));
/// assert!(closed.get());
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no finalizer: it does not implement `Finalize`",
    label = "`Finalize` is missing for `{Self}`",
    note = "write `impl Finalize for {Self}`, or remove `finalize` from its `#[trace(..)]`"
)]
pub trait Finalize {
    /// Runs before the object goes. See the trait for what it may do.
    fn finalize(&self, cx: &FinalizeCx<'_, Self>);
}

/// What a finalizer gets besides `&self`: the way to a handle of its own object.
///
/// Only the heap makes one, so a finalizer cannot be called by hand.
pub struct FinalizeCx<'a, T: ?Sized> {
    object: &'a Gc<T>,
}

impl<'a, T: ?Sized> FinalizeCx<'a, T> {
    pub(crate) fn new(object: &'a Gc<T>) -> Self {
        Self { object }
    }

    /// A strong handle to the object that is being finalized.
    ///
    /// Storing it where it outlives the finalizer brings the object back to life. Its finalizer
    /// does not run a second time.
    ///
    /// ```
    /// use gc_core::{Finalize, FinalizeCx, Gc, Slot, Trace};
    ///
    /// #[derive(Trace)]
    /// #[trace(finalize)]
    /// struct Phoenix(Gc<Slot<Phoenix>>);
    ///
    /// impl Finalize for Phoenix {
    ///     fn finalize(&self, cx: &FinalizeCx<'_, Self>) {
    ///         self.0.set(Some(cx.handle()));
    ///     }
    /// }
    ///
    /// let nest = Gc::new(Slot::empty());
    /// drop(Gc::new(Phoenix(nest.clone())));
    /// assert!(nest.is_some());
    /// drop(nest.take());
    /// assert!(nest.is_none()); // once is enough
    /// ```
    pub fn handle(&self) -> Gc<T> {
        self.object.clone()
    }
}

impl<T: ?Sized> fmt::Debug for FinalizeCx<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FinalizeCx").finish_non_exhaustive()
    }
}

/// A type's finalizer, as `Trace` hands it to the heap. Written by the derive.
#[doc(hidden)]
pub struct Finalizer<T>(fn(&T, &FinalizeCx<'_, T>));

impl<T> Finalizer<T> {
    /// Of `T`'s [`Finalize`] impl. The derive names the function, so that the error for a type
    /// without the impl is `Finalize`'s own.
    ///
    /// ```
    /// use gc_core::{Finalize, FinalizeCx, Finalizer};
    ///
    /// struct Noisy;
    ///
    /// impl Finalize for Noisy {
    ///     fn finalize(&self, _: &FinalizeCx<'_, Self>) {
    ///         println!("bye");
    ///     }
    /// }
    ///
    /// const _: Finalizer<Noisy> = Finalizer::new(Noisy::finalize);
    /// ```
    pub const fn new(finalize: fn(&T, &FinalizeCx<'_, T>)) -> Self {
        Self(finalize)
    }

    pub(crate) fn run(&self, value: &T, cx: &FinalizeCx<'_, T>) {
        (self.0)(value, cx);
    }
}

impl<T> fmt::Debug for Finalizer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Finalizer")
    }
}
