//! [`Trace`] for the types of std, by what they do with a handle:
//!
//! | module | its types | what they report |
//! | --- | --- | --- |
//! | `leaf` | numbers, strings, files, `fn` pointers, … | nothing: they can hold no handle |
//! | `container` | `Vec`, `Option`, tuples, `Box`, … | what their parts report |
//! | `cell` | `Cell`, `RefCell`, `Mutex`, `LazyCell`, … | what their content reports, unless it is being written |
//! | `shared` | `Rc`, `Arc`, `&'static T`, channels | nothing: only [`GcFree`](crate::GcFree) content is let in |
//! | `private` | `Peekable`, `Rev`, `Ready`, … | likewise |
//!
//! No impl here runs any code of the user's but `Trace`: no `Hash`, no `Ord`, no `Deref`.
//!
//! Types left out on purpose: raw pointers (nobody says who owns what they point at), boxed
//! closures (nobody lists their captures) unless they are `Send`, and `Pin<P>` for any `P` but
//! `Box` and `Gc` (its `Deref` would be the user's).

use crate::trace::{Depth, Trace};

/// The types that report nothing, whatever is in them. What they may own counts as held from
/// outside and is alive as long as they are; so a `Drop` of theirs meets nothing dead.
macro_rules! report_nothing {
    ($([$($generics:tt)*] $silent:ty;)+) => {$(
        // SAFETY: reports no handle, so none twice and none that outlives the value; does nothing.
        unsafe impl<$($generics)*> Trace for $silent {
            #[inline(always)]
            fn trace(&self, _: &mut Tracer<'_>) {}
            #[inline(always)]
            fn may_hold_gc(_: Depth) -> bool {
                false
            }
        }
    )+};
}

/// Types that report nothing because there is nothing: `GcFree` as well.
macro_rules! leaves {
    ($([$($generics:tt)*] $leaf:ty;)+) => {$(
        report_nothing! { [$($generics)*] $leaf; }
        impl<$($generics)*> GcFree for $leaf {}
    )+};
}

/// Calls `then!` with no name, with the first name, with the first two, up to the whole list.
macro_rules! for_each_prefix {
    ($then:ident: $($name:ident)*) => { for_each_prefix! { $then [] $($name)* } };
    ($then:ident [$($taken:ident)*]) => { $then! { $($taken)* } };
    ($then:ident [$($taken:ident)*] $next:ident $($rest:ident)*) => {
        $then! { $($taken)* }
        for_each_prefix! { $then [$($taken)* $next] $($rest)* }
    };
}

mod leaf;
#[macro_use]
pub(crate) mod container;
#[macro_use]
mod cell;
mod shared;
mod private;

/// Whether a part of type `T` may hold a handle, as the type that has the part asks it.
#[inline(always)]
pub(crate) fn part_may_hold_gc<T: Trace>(depth: Depth) -> bool {
    match depth.deeper() {
        Some(depth) => T::may_hold_gc(depth),
        None => true,
    }
}

/// Whether a visit to values of type `T` can find anything. A constant in an optimized build, so
/// that a million bytes in a field cost no loop, and a plain `Mutex` is not locked for a look.
#[inline(always)]
pub(crate) fn is_worth_a_visit<T: Trace>() -> bool {
    T::may_hold_gc(Depth::START)
}
