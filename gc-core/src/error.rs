//! What becomes of a panic in a user's hook.
//!
//! The rule, on both ways to die: the work is finished first. With an error handler every panic
//! goes to it and nothing unwinds. Without one, the outermost operation re-raises the first when it
//! is done, and the rest are told on stderr; so are all while the thread is unwinding or ending.

use std::any::Any;
use std::cell::Cell;
use std::fmt;
use std::io::Write;
use std::mem::ManuallyDrop;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use crate::object::ObjectRef;
use crate::state::{HeapRef, HeapState};

/// The kinds of user code that the heap runs.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Hook {
    /// `Finalize::finalize`.
    Finalizer,
    /// The drop of an object's value, or of what a weak container keeps for it.
    Drop,
    /// The closure of a watch.
    Watch,
    /// The closure of a cleanup.
    Cleanup,
    /// A subscriber of collection events.
    Subscriber,
    /// A debug sink.
    DebugSink,
    /// A hand-written `Trace`.
    Trace,
}

impl fmt::Display for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Hook::Finalizer => "finalizer",
            Hook::Drop => "drop",
            Hook::Watch => "watch",
            Hook::Cleanup => "cleanup",
            Hook::Subscriber => "collection subscriber",
            Hook::DebugSink => "debug sink",
            Hook::Trace => "Trace impl",
        })
    }
}

/// A panic in a hook, as an error handler gets it. The twin of what `sys.unraisablehook` gets.
///
/// ```
/// use gc_core::{Gc, Heap};
/// use std::{cell::RefCell, rc::Rc};
///
/// let heap = Heap::new();
/// let seen = Rc::new(RefCell::new(Vec::new()));
/// let log = seen.clone();
/// heap.set_error_handler(Some(move |error: gc_core::GcError| {
///     log.borrow_mut().push(error.to_string());
/// }));
///
/// let object = Gc::new_in(&heap, 1);
/// Gc::watch(&object, || panic!("oh")).forget();
/// drop(object);
/// assert_eq!(seen.borrow()[0], "the watch of a `i32` panicked: oh");
/// ```
pub struct GcError {
    hook: Hook,
    type_name: Option<&'static str>,
    payload: Box<dyn Any + Send>,
}

impl GcError {
    /// Which kind of user code panicked.
    ///
    /// ```
    /// use gc_core::{GcError, Heap, Hook};
    /// use std::sync::mpsc::channel;
    ///
    /// let heap = Heap::new();
    /// let (sender, errors) = channel();
    /// heap.set_error_handler(Some(move |error: GcError| sender.send(error).unwrap()));
    ///
    /// heap.on_collection(|_| panic!("oh")).forget();
    /// heap.collect();
    /// assert_eq!(errors.recv().unwrap().hook(), Hook::Subscriber);
    /// ```
    #[must_use]
    pub fn hook(&self) -> Hook {
        self.hook
    }

    /// The type of the object whose hook it was, if it was one's.
    ///
    /// ```
    /// use gc_core::{Gc, GcError, Heap};
    /// use std::sync::mpsc::channel;
    ///
    /// let heap = Heap::new();
    /// let (sender, errors) = channel();
    /// heap.set_error_handler(Some(move |error: GcError| sender.send(error).unwrap()));
    ///
    /// let object = Gc::new_in(&heap, 1);
    /// Gc::watch(&object, || panic!("oh")).forget();
    /// drop(object);
    /// assert_eq!(errors.recv().unwrap().type_name(), Some("i32"));
    /// ```
    #[must_use]
    pub fn type_name(&self) -> Option<&'static str> {
        self.type_name
    }

    /// The panic's message, if it was a string.
    ///
    /// ```
    /// use gc_core::{GcError, Heap};
    /// use std::sync::mpsc::channel;
    ///
    /// let heap = Heap::new();
    /// let (sender, errors) = channel();
    /// heap.set_error_handler(Some(move |error: GcError| sender.send(error).unwrap()));
    ///
    /// heap.on_collection(|event| panic!("oh, a {:?}", event.phase)).forget();
    /// heap.collect();
    /// assert_eq!(errors.recv().unwrap().message(), "oh, a Start");
    /// ```
    #[must_use]
    pub fn message(&self) -> &str {
        let payload = &*self.payload;
        payload
            .downcast_ref::<&str>()
            .copied()
            .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
            .unwrap_or("(a panic without a message)")
    }

    /// What the hook panicked with.
    ///
    /// ```
    /// use gc_core::{GcError, Heap};
    /// use std::sync::mpsc::channel;
    ///
    /// let heap = Heap::new();
    /// let (sender, errors) = channel();
    /// heap.set_error_handler(Some(move |error: GcError| sender.send(error).unwrap()));
    ///
    /// heap.on_collection(|_| std::panic::panic_any(5)).forget();
    /// heap.collect();
    /// let payload = errors.recv().unwrap().into_payload();
    /// assert_eq!(payload.downcast_ref(), Some(&5));
    /// ```
    #[must_use]
    pub fn into_payload(self) -> Box<dyn Any + Send> {
        self.payload
    }
}

impl fmt::Display for GcError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.type_name {
            Some(name) => write!(f, "the {} of a `{name}` panicked: {}", self.hook, self.message()),
            None => write!(f, "a {} panicked: {}", self.hook, self.message()),
        }
    }
}

impl fmt::Debug for GcError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GcError")
            .field("hook", &self.hook)
            .field("type_name", &self.type_name)
            .field("message", &self.message())
            .finish()
    }
}

impl std::error::Error for GcError {}

/// A user's error handler.
pub(crate) type Handler = Box<dyn FnMut(GcError)>;

thread_local! {
    /// Operations under way that will re-raise.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
    /// The first panic, waiting for the outermost operation. No destructor: it never stays.
    static FIRST: Cell<ManuallyDrop<Option<Box<dyn Any + Send>>>> =
        const { Cell::new(ManuallyDrop::new(None)) };
    /// The thread is running its last destructors.
    static ENDING: Cell<bool> = const { Cell::new(false) };
}

/// From now on, panics of this thread's hooks go to stderr.
pub(crate) fn thread_is_ending() {
    ENDING.set(true);
}

/// A piece of work in which hooks may run. The outermost one re-raises the first panic.
pub(crate) struct Operation(());

impl Operation {
    pub(crate) fn begin() -> Self {
        DEPTH.set(DEPTH.get() + 1);
        Self(())
    }

    /// The work is done. Re-raises what was kept, if this is the outermost operation.
    pub(crate) fn end(self) {
        drop(self);
        re_raise_if_outermost();
    }
}

impl Drop for Operation {
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get() - 1);
    }
}

/// Re-raises the first panic that was kept, if no operation and no death is under way any more.
pub(crate) fn re_raise_if_outermost() {
    if crate::deaths::a_panic_waits() && !is_under_way() {
        re_raise();
    }
}

#[cold]
#[inline(never)]
fn re_raise() {
    crate::deaths::let_a_panic_wait(false);
    if let Some(payload) = ManuallyDrop::into_inner(FIRST.replace(ManuallyDrop::new(None))) {
        resume_unwind(payload);
    }
}

/// Whether something is under way that will re-raise: a collection, an object's end.
pub(crate) fn is_under_way() -> bool {
    DEPTH.get() > 0 || crate::deaths::is_ending()
}

/// Runs a hook and reports its panic. `None`: it panicked.
pub(crate) fn guarded<R>(
    heap: HeapRef,
    hook: Hook,
    type_name: Option<&'static str>,
    code: impl FnOnce() -> R,
) -> Option<R> {
    #[cfg(feature = "stress")]
    let code = || {
        crate::stress::opportunity(heap, crate::stress::At::Hook);
        code()
    };
    match catch_unwind(AssertUnwindSafe(code)) {
        Ok(value) => Some(value),
        Err(payload) => {
            report(&heap, GcError { hook, type_name, payload });
            None
        }
    }
}

/// Reports a panic that a hook ended with.
pub(crate) fn report_panic(
    heap: &HeapState,
    hook: Hook,
    type_name: Option<&'static str>,
    payload: Box<dyn Any + Send>,
) {
    report(heap, GcError { hook, type_name, payload });
}

#[cold]
fn report(heap: &HeapState, error: GcError) {
    // Taken out for the call: the handler may replace itself, or set off errors of its own, which
    // wait until it is free again.
    if heap.handling_error.get() {
        return heap.errors_waiting.borrow_mut().push(error);
    }
    let mut next = Some(error);
    while let Some(error) = next {
        match heap.error_handler.take() {
            Some(handler) => call_handler(heap, handler, error),
            None => keep_or_tell(error),
        }
        let waiting = &mut *heap.errors_waiting.borrow_mut();
        next = (!waiting.is_empty()).then(|| waiting.remove(0));
    }
}

fn call_handler(heap: &HeapState, mut handler: Handler, error: GcError) {
    let sets = heap.error_handlers_set.get();
    heap.handling_error.set(true);
    let called = catch_unwind(AssertUnwindSafe(|| handler(error)));
    let old = if heap.error_handlers_set.get() == sets {
        heap.error_handler.replace(Some(handler))
    } else {
        Some(handler)
    };
    // A user's closure may panic when it is dropped, too.
    let dropped = catch_unwind(AssertUnwindSafe(|| drop(old)));
    heap.handling_error.set(false);
    for payload in [called, dropped].into_iter().filter_map(Result::err) {
        tell_stderr(format_args!("the error handler panicked"));
        discard(payload);
    }
}

/// Drops a user's closures at the end of their heap, where nobody is left to hear of a panic.
pub(crate) fn drop_hooks(hooks: impl Sized) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(|| drop(hooks))) {
        tell_stderr(format_args!("a hook panicked when it was dropped"));
        discard(payload);
    }
}

fn keep_or_tell(error: GcError) {
    let first = ManuallyDrop::into_inner(FIRST.replace(ManuallyDrop::new(None)));
    let (first, told) = match first {
        None if is_under_way() && !std::thread::panicking() && !ENDING.get() => {
            crate::deaths::let_a_panic_wait(true);
            (Some(error.payload), None)
        }
        first => (first, Some(error)),
    };
    FIRST.set(ManuallyDrop::new(first));
    if let Some(error) = told {
        tell_stderr(format_args!("{error}"));
        discard(error.payload);
    }
}

/// Writes a line to stderr. Unlike `eprintln!`, it does not panic if nobody can hear it.
pub(crate) fn tell_stderr(line: fmt::Arguments<'_>) {
    let _ = writeln!(std::io::stderr().lock(), "gc-core: {line}");
}

/// Drops a panic's payload, whose own drop may panic, with a payload of its own: in the end it is leaked.
fn discard(mut payload: Box<dyn Any + Send>) {
    for _ in 0..8 {
        match catch_unwind(AssertUnwindSafe(|| drop(payload))) {
            Ok(()) => return,
            Err(next) => payload = next,
        }
    }
    std::mem::forget(payload);
}

/// A `Trace` has reported more edges than there are handles. Freeing anything now could free what is
/// in use, so the process ends, before any memory is reused.
#[cold]
#[inline(never)]
pub(crate) fn over_reported(object: ObjectRef) -> ! {
    tell_stderr(format_args!(
        "refcount error: the object <{} at {:p}> has {} handles, but more edges to it were reported, \
         or it is in use although nothing holds it. A hand-written `Trace` (or `unsafe_with`) reports \
         a handle twice, or one that it does not own. Aborting before memory is reused.",
        object.type_name(),
        object.value(),
        object.refs(),
    ));
    std::process::abort()
}
