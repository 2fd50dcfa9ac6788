//! The contract of "no handle in here": [`GcFree`], asked of whatever shared ownership points at.

use std::array;
use std::borrow::Cow;
use std::cell::{Cell, LazyCell, OnceCell, RefCell, UnsafeCell};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::mem::{ManuallyDrop, MaybeUninit};
use std::num::{Saturating, Wrapping};
use std::ops::{Bound, ControlFlow, Range, RangeFrom, RangeInclusive, RangeTo, RangeToInclusive};
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::{LazyLock, Mutex, OnceLock, RwLock};
use std::task::Poll;
use std::vec;

/// Values of this type hold no traced [`Gc`](crate::Gc).
///
/// An `Rc` shares what it points at: if two objects hold clones of one `Rc<Gc<T>>`, both would
/// report the one handle in it. So nothing is traced through `Rc`, `Arc`, their weak handles,
/// `&'static T` and channels; they are plain fields, of no concern to the heap, when what they
/// lead to is `GcFree`, and do not compile as fields of a traced type otherwise.
///
/// `#[derive(Trace)]` with `#[trace(leaf)]` implements this trait too. It is safe to implement by
/// hand: a handle in a type that wrongly claims to be free of them counts as held from outside,
/// so at worst a cycle through it is never freed.
///
/// # How do I share a handle?
///
/// Clone it. A [`Gc`](crate::Gc) is already what an `Rc` would be around it, so hold `Gc<T>`
/// instead of `Rc<Gc<T>>`, and `Gc<RefCell<Vec<Gc<T>>>>` instead of `Rc<RefCell<Vec<Gc<T>>>>`.
///
/// # Examples
///
/// ```
/// use gc_core::{Gc, Trace};
/// use std::{cell::Cell, rc::Rc};
///
/// #[derive(Trace)]
/// struct Page {
///     title: Rc<str>,
///     visits: Rc<Cell<u64>>,
/// }
///
/// let page = Gc::new(Page { title: "home".into(), visits: Rc::default() });
/// assert!(!Gc::is_tracked(&page));
/// ```
///
/// ```compile_fail
/// use gc_core::{Gc, Trace};
/// use std::rc::Rc;
///
/// #[derive(Trace)]
/// struct Page {
///     next: Rc<Gc<u8>>, // two pages could share this one handle
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is shared, and not known to be free of `Gc` handles",
    label = "what is shared here has to implement `GcFree`, and `{Self}` does not",
    note = "each owner of an `Rc`, an `Arc`, a `&'static` or a channel would report the handles behind it as its own",
    note = "if there are any, share the `Gc` itself: hold `Gc<T>` instead of `Rc<Gc<T>>`",
    note = "if there are none in a type of your own, write `#[derive(Trace)]` and `#[trace(leaf)]` above it; a trait of your own is declared as `trait Name: GcFree`",
    note = "else put `#[trace(skip)]` on the field, or share a `Leaf<_>` of the value: a `Gc` in it counts as held from outside"
)]
pub trait GcFree: 'static {}

/// What consists of parts, as far as its parts go. Leaves, tuples and what shares ownership have
/// their lines where `Trace` is implemented for them.
macro_rules! free_as_their_parts {
    ($([$($generics:tt)*] $whole:ty;)+) => {$(
        impl<$($generics)*> GcFree for $whole {}
    )+};
}

free_as_their_parts! {
    [T: GcFree] Option<T>;
    [T: GcFree, E: GcFree] Result<T, E>;
    [T: GcFree] Poll<T>;
    [B: GcFree, C: GcFree] ControlFlow<B, C>;
    [T: GcFree] Reverse<T>;
    [T: GcFree] Wrapping<T>;
    [T: GcFree] Saturating<T>;
    [T: GcFree] AssertUnwindSafe<T>;
    [T: GcFree] Bound<T>;
    [T: GcFree] Range<T>;
    [T: GcFree] RangeFrom<T>;
    [T: GcFree] RangeTo<T>;
    [T: GcFree] RangeToInclusive<T>;
    [T: GcFree] RangeInclusive<T>;

    [T: GcFree] [T];
    [T: GcFree, const N: usize] [T; N];
    [T: ?Sized + GcFree] Box<T>;
    [T: ?Sized + GcFree] Pin<Box<T>>;
    [B: ?Sized + GcFree + ToOwned<Owned: GcFree>] Cow<'static, B>;

    [T: GcFree] Vec<T>;
    [T: GcFree] vec::IntoIter<T>;
    [T: GcFree, const N: usize] array::IntoIter<T, N>;
    [T: GcFree] VecDeque<T>;
    [T: GcFree] LinkedList<T>;
    [T: GcFree] BinaryHeap<T>;
    [T: GcFree] BTreeSet<T>;
    [K: GcFree, V: GcFree] BTreeMap<K, V>;
    [T: GcFree, S: 'static] HashSet<T, S>;
    [K: GcFree, V: GcFree, S: 'static] HashMap<K, V, S>;

    [T: ?Sized + GcFree] Cell<T>;
    [T: ?Sized + GcFree] RefCell<T>;
    [T: ?Sized + GcFree] UnsafeCell<T>;
    [T: ?Sized + GcFree] Mutex<T>;
    [T: ?Sized + GcFree] RwLock<T>;
    [T: GcFree] OnceCell<T>;
    [T: GcFree] OnceLock<T>;
    [T: GcFree, F: GcFree] LazyCell<T, F>;
    [T: GcFree, F: GcFree] LazyLock<T, F>;
    [T: GcFree] MaybeUninit<T>;
    [T: ?Sized + GcFree] ManuallyDrop<T>;
}
