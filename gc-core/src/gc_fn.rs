//! [`GcFn`] and [`gc_fn!`](crate::gc_fn): closures whose captures are traced.
//!
//! A closure does not tell what it captured. So the macro makes two of each: one that captures nothing,
//! with the user's code, which is handed the captures as an argument (that it coerces to a pointer to a
//! function proves that the list is complete); and one around it, which has the signature that the user
//! wants and knows where the captures are. The captures are an object of their own, which the [`GcFn`]
//! holds and reports.

use std::fmt;
use std::ops::Deref;
use std::ptr::NonNull;
use std::rc::Rc;

use crate::any::AnyGc;
use crate::coerce::Coerce;
use crate::gc::Gc;
use crate::heap::Heap;
use crate::inspect::Inspector;
use crate::trace::{Depth, Trace, Tracer};

/// A shared closure whose captures the heap can see. Made by [`gc_fn!`](crate::gc_fn).
///
/// It is to a heap what `Rc<dyn Fn(A) -> R>` is to the rest of Rust: derefs to the closure, so it is
/// called like a function; a clone is a second handle to the same closure. But what the closure captured
/// is listed and traced, so a listener that holds the object that holds the listener is collected.
///
/// ```
/// use gc_core::{Gc, GcFn, Trace, gc_fn};
/// use std::cell::{Cell, RefCell};
///
/// #[derive(Trace, Default)]
/// struct Button {
///     clicks: Cell<u32>,
///     listeners: RefCell<Vec<GcFn<dyn Fn(&str)>>>,
/// }
///
/// impl Button {
///     fn click(&self, by: &str) {
///         // Clones, so that a listener may add or remove listeners.
///         let listeners = self.listeners.borrow().clone();
///         listeners.iter().for_each(|listener| listener(by));
///     }
/// }
///
/// let button = Gc::new(Button::default());
/// let counts: GcFn<dyn Fn(&str)> = gc_fn!([button = button.clone()] |by| {
///     button.clicks.set(button.clicks.get() + by.len() as u32);
/// });
/// button.listeners.borrow_mut().push(counts);
/// button.click("me");
/// assert_eq!(button.clicks.get(), 2);
///
/// drop(button); // held by its own listener, which it holds
/// assert_eq!(gc_core::collect().collected, 2); // the button, and what the closure captured
/// ```
pub struct GcFn<F: ?Sized> {
    /// The captures. As long as this handle is there, `body` may be called.
    captures: AnyGc,
    body: Rc<F>,
}

impl<F: ?Sized> GcFn<F> {
    /// What [`gc_fn!`](crate::gc_fn) ends with.
    #[doc(hidden)]
    pub fn from_parts(captures: AnyGc, body: Rc<F>) -> Self {
        Self { captures, body }
    }

    /// Whether both are handles to the same closure.
    ///
    /// ```
    /// use gc_core::{GcFn, gc_fn};
    ///
    /// let listener: GcFn<dyn Fn()> = gc_fn!([] || ());
    /// let mut listeners = vec![listener.clone(), gc_fn!([] || ())];
    /// listeners.retain(|it| !GcFn::ptr_eq(it, &listener));
    /// assert_eq!(listeners.len(), 1);
    /// ```
    #[must_use]
    pub fn ptr_eq(this: &Self, other: &Self) -> bool {
        this.captures.ptr_eq(&other.captures)
    }
}

impl<F: ?Sized> Deref for GcFn<F> {
    type Target = F;

    #[inline]
    fn deref(&self) -> &F {
        &self.body
    }
}

impl<F: ?Sized> Clone for GcFn<F> {
    /// One handle more to the same closure; its captures are not cloned.
    fn clone(&self) -> Self {
        Self { captures: self.captures.clone(), body: self.body.clone() }
    }
}

impl<F: ?Sized> fmt::Debug for GcFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GcFn({})", std::any::type_name::<F>())
    }
}

// SAFETY: reports its own handle to the captures, once. `body` is shared by clones and owns no handle that
// anybody reports.
unsafe impl<F: ?Sized + 'static> Trace for GcFn<F> {
    #[inline]
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.captures.trace(tracer);
    }

    fn inspect(&self, inspector: Inspector<'_>) {
        self.captures.inspect(inspector);
    }

    #[inline(always)]
    fn may_hold_gc(_: Depth) -> bool {
        true
    }
}

impl<F: ?Sized> Coerce for GcFn<F> {
    type Value = F;
    type To<U: ?Sized + 'static> = GcFn<U>;

    unsafe fn coerce_by<U: ?Sized + 'static>(
        self,
        unsize: impl FnOnce(*mut F) -> *mut U,
    ) -> GcFn<U> {
        let body = unsize(Rc::into_raw(self.body).cast_mut());
        // SAFETY: the pointer that `into_raw` gave out, unsized.
        GcFn { captures: self.captures, body: unsafe { Rc::from_raw(body) } }
    }
}

/// The value of a closure's captures. A type of its own, so that inspection shows what it is, and nobody
/// can name it.
struct Captures<C, N> {
    captures: C,
    /// Of no size: a closure that captures nothing. It tells what the captures are called in the source.
    names: N,
}

// SAFETY: reports what the captures report, each once; has no `Drop`.
unsafe impl<C: Trace, N: Names> Trace for Captures<C, N> {
    #[inline]
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.captures.trace(tracer);
    }

    fn inspect(&self, inspector: Inspector<'_>) {
        self.captures.inspect(inspector.with_names((self.names)()));
    }

    #[inline]
    fn may_hold_gc(depth: Depth) -> bool {
        C::may_hold_gc(depth)
    }
}

/// A function without a pointer to it: the names of captures, in their order.
pub trait Names: Fn() -> &'static [&'static str] + 'static {}

impl<N: Fn() -> &'static [&'static str] + 'static> Names for N {}

/// Where a closure finds its captures. No clone of it can be made, so it is where the macro puts it:
/// a closure outside of the handle that keeps its captures would find them freed.
///
/// ```
/// use gc_core::{Gc, gc_fn};
///
/// let a = Gc::new(1);
/// let f = gc_fn!([a] || **a);
/// let g = f.clone();
/// ```
///
/// ```compile_fail,E0277
/// use gc_core::{Gc, gc_fn};
///
/// let a = Gc::new(1);
/// let f = gc_fn!([a] || **a);
/// let g = (*f).clone();
/// ```
pub struct Lent<C> {
    captures: NonNull<C>,
}

impl<C> Lent<C> {
    /// The captures.
    ///
    /// # Safety
    ///
    /// The handle that [`capture`] returned together with this, or a clone of it, exists for as long as
    /// the reference is used.
    #[inline]
    pub unsafe fn get(&self) -> &C {
        // SAFETY: the caller's duty: the object lives, and nobody gets `&mut` to its value, whose type
        // nobody can name.
        unsafe { self.captures.as_ref() }
    }
}

impl<C> fmt::Debug for Lent<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lent")
    }
}

/// An object of a closure's captures, in the thread's default heap.
#[cfg_attr(feature = "alloc-sites", track_caller)]
pub fn capture<C: Trace>(names: impl Names, captures: C) -> (AnyGc, Lent<C>) {
    lend(Gc::new(Captures { captures, names }))
}

/// An object of a closure's captures, in this heap.
#[cfg_attr(feature = "alloc-sites", track_caller)]
pub fn capture_in<C: Trace>(heap: &Heap, names: impl Names, captures: C) -> (AnyGc, Lent<C>) {
    lend(Gc::new_in(heap, Captures { captures, names }))
}

fn lend<C: Trace, N: Names>(object: Gc<Captures<C, N>>) -> (AnyGc, Lent<C>) {
    let captures = NonNull::from(&object.captures);
    (object.into(), Lent { captures })
}

/// Calls the code of a closure. If that captured anything, it would be no pointer to a function.
#[inline(always)]
pub fn call<C, A, R>(captures: &C, args: A, code: fn(&C, A) -> R) -> R {
    code(captures, args)
}

/// A closure that says what it captures: `gc_fn!([a, b] |x, y| …)` is a [`GcFn`].
///
/// | form | meaning |
/// | --- | --- |
/// | `[a, b]` | the variables `a` and `b` move into the closure |
/// | `[a = expr]` | `a` is the value of an expression: `[a = a.clone()]`, `[me = Gc::downgrade(&me)]` |
/// | `[]` | captures nothing |
/// | `\|x, y: &str\| …`, `\|\| …`, `\|x\| -> u8 { … }` | parameters and body as in any closure. A parameter that is more than a name is in parentheses: `\|(x, y)\|`, `\|(Point { x, .. }): Point\|` |
/// | `gc_fn!(in &heap; [a] \|x\| …)` | in this heap instead of the thread's default one |
///
/// In the body each capture is a reference: `a` is an `&A`, since the closure may be called many times.
/// Each has to be [`Trace`]: handles, plain data, cells; a [`Leaf`](crate::Leaf) for anything else. There
/// is no limit to the number of parameters, and one of 16 to that of captures.
///
/// rustfmt takes the bars for operators and puts spaces around them; with braces, `gc_fn! { .. }`, it lets
/// them be.
///
/// # Which type does it have?
///
/// Where a `GcFn<dyn Fn(X) -> R>` is expected (a typed variable, a field, an argument), it has that type,
/// and the types of the parameters are known from it. Elsewhere it is a `GcFn` of a closure without a
/// name, and [`coerce!`](crate::coerce) makes it one of `dyn Fn`.
///
/// ```
/// use gc_core::{Gc, GcFn, coerce, gc_fn};
///
/// let (ten, word) = (Gc::new(10), String::from("n"));
/// let show: GcFn<dyn Fn(&[u32]) -> String> = gc_fn!([ten, word] |list| {
///     format!("{word}={}", **ten + list.iter().sum::<u32>())
/// });
/// assert_eq!(show(&[1, 2]), "n=13");
///
/// let add = gc_fn!([] |x: u32, y: u32| -> u32 { x + y });
/// let add = coerce!(add => dyn Fn(u32, u32) -> u32);
/// assert_eq!(add(1, 2), 3);
/// ```
///
/// # What if I forget to list a variable?
///
/// It does not compile: the body may capture nothing by itself. The compiler says "closures can only be
/// coerced to `fn` types if they do not capture any variables" and points at the variable.
///
/// ```compile_fail
/// use gc_core::{Gc, GcFn, gc_fn};
///
/// let (a, b) = (Gc::new(1), Gc::new(2));
/// let sum: GcFn<dyn Fn() -> i32> = gc_fn!([a] || **a + *b); // `b` is not listed
/// ```
///
/// # What if a closure holds itself?
///
/// By way of a cell, or of the object that it listens to, that is a cycle like any other.
#[macro_export]
macro_rules! gc_fn {
    ([$($captures:tt)*] $($closure:tt)+) => {
        $crate::gc_fn! { @captures {capture} [$($captures)*] $($closure)+ }
    };
    (in $heap:expr; $($closure:tt)+) => {
        $crate::gc_fn! { @captures {capture_in $heap} $($closure)+ }
    };
    // The captures, each with its value, and the parameters, each in braces.
    (@captures $place:tt [$($name:ident $(= $value:expr)?),* $(,)?] || $($body:tt)+) => {
        $crate::gc_fn! { @params $place {$($name $(= $value)?),*} {} {} $($body)+ }
    };
    (@captures $place:tt [$($name:ident $(= $value:expr)?),* $(,)?]
        | $($param:tt $(: $type:ty)?),+ | $($body:tt)+) => {
        $crate::gc_fn! {
            @params $place {$($name $(= $value)?),*} {$({$param $(: $type)?})+} {} $($body)+
        }
    };
    // A name for each parameter: `__param` is another one in each round. (The underscores are there for
    // the constants of the user's, which a name in a pattern would meet.)
    (@params $place:tt $captures:tt {{$pattern:tt $(: $type:ty)?} $($rest:tt)*} {$($done:tt)*}
        $($body:tt)+) => {
        $crate::gc_fn! {
            @params $place $captures {$($rest)*} {$($done)* {__param $pattern $(: $type)?}} $($body)+
        }
    };
    (@params $place:tt $captures:tt {} $params:tt -> $result:ty $body:block) => {
        $crate::gc_fn! { @make $place $captures $params {-> $result} $body }
    };
    (@params $place:tt $captures:tt {} $params:tt $body:expr) => {
        $crate::gc_fn! { @make $place $captures $params {} $body }
    };
    (@make {$make:ident $($heap:expr)?} {$($name:ident $(= $value:expr)?),*}
        {$({$param:ident $pattern:tt $(: $type:ty)?})*} {$($result:tt)*} $body:expr) => {{
        let (__captures, __lent) = $crate::gc_fn::$make(
            $($heap,)?
            || -> &'static [&'static str] { &[$(::core::stringify!($name)),*] },
            ($($crate::gc_fn!(@value $name $(= $value)?),)*),
        );
        $crate::GcFn::from_parts(
            __captures,
            ::std::rc::Rc::new(move |$($param $(: $type)?),*| $($result)* {
                $crate::gc_fn::call(
                    // SAFETY: this closure is called by way of the `GcFn` alone, whose handle holds
                    // the captures for as long as it lends the closure.
                    unsafe { __lent.get() },
                    ($($param,)*),
                    |($($name,)*), ($($pattern,)*)| $body,
                )
            }),
        )
    }};
    (@value $name:ident) => { $name };
    (@value $name:ident = $value:expr) => { $value };
    ($($other:tt)*) => {
        ::core::compile_error!(
            "`gc_fn!` takes the captures, then the closure: `gc_fn!([a, b = b.clone()] |x, (y, z)| ..)`"
        )
    };
}
