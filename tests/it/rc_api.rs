//! `Gc` is `Rc` that also frees cycles: every stable method and trait of `Rc` and `rc::Weak` runs here
//! on both, with the same code, and must tell the same.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use gc_core::Trace;

/// Unsizes an `Rc` or its weak handle.
macro_rules! unsize_rc {
    ($from:expr => Weak<$to:ty>) => {{
        let to: std::rc::Weak<$to> = $from;
        to
    }};
    ($from:expr => Pin<$to:ty>) => {{
        let to: std::pin::Pin<std::rc::Rc<$to>> = $from;
        to
    }};
    ($from:expr => $to:ty) => {{
        let to: std::rc::Rc<$to> = $from;
        to
    }};
}

/// Unsizes a `Gc` or its weak handle.
macro_rules! unsize_gc {
    ($from:expr => Weak<$to:ty>) => { gc_core::coerce!($from => $to) };
    ($from:expr => Pin<$to:ty>) => { gc_core::coerce!($from => $to) };
    ($from:expr => $to:ty) => { gc_core::coerce!($from => $to) };
}

/// Tests whose body is run with `Ptr` and `Weak` as those of std and as ours. What it evaluates to
/// must be the same.
macro_rules! same_on_both {
    ($($name:ident $body:block)+) => {
        #[allow(unused_imports, reason = "not each file needs all of them")]
        mod on_rc {
            use super::*;
            use crate::rc_api::unsize_rc as unsize;
            use std::rc::{Rc as Ptr, Weak};
            $(pub(super) fn $name() -> String { format!("{:?}", $body) })+
        }
        #[allow(unused_imports, reason = "not each file needs all of them")]
        mod on_gc {
            use super::*;
            use crate::rc_api::unsize_gc as unsize;
            use gc_core::{Gc as Ptr, Weak};
            $(pub(super) fn $name() -> String { format!("{:?}", $body) })+
        }
        $(#[test]
        fn $name() {
            assert_eq!(on_gc::$name(), on_rc::$name());
        })+
    };
}

use {unsize_gc, unsize_rc};

mod making;
mod handles;
mod conversions;
mod traits;
mod cycles;
mod written_later;

/// Counts how often it is cloned and dropped.
#[derive(Trace, Debug)]
#[trace(leaf)]
struct Noisy {
    name: &'static str,
    counts: Rc<Counts>,
}

#[derive(Default, Debug)]
struct Counts {
    clones: Cell<u32>,
    drops: Cell<u32>,
}

impl Noisy {
    fn new(name: &'static str, counts: &Rc<Counts>) -> Self {
        Self { name, counts: counts.clone() }
    }
}

impl Clone for Noisy {
    fn clone(&self) -> Self {
        self.counts.clones.set(self.counts.clones.get() + 1);
        Self::new(self.name, &self.counts)
    }
}

impl Drop for Noisy {
    fn drop(&mut self) {
        self.counts.drops.set(self.counts.drops.get() + 1);
    }
}

/// The message that `code` panics with.
fn panic_of<R>(code: impl FnOnce() -> R) -> Option<String> {
    let payload = catch_unwind(AssertUnwindSafe(code)).err()?;
    Some(crate::support::message(&*payload))
}
