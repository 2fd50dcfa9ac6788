//! [`Lent`]: a look at what a weak container keeps.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::ptr::NonNull;

use crate::any::AnyGc;
use crate::entry::{Loan, Use};

/// A look at what a weak container keeps for one of its members: the value in a
/// [`WeakKeyMap`](crate::WeakKeyMap), the key in a [`WeakValueMap`](crate::WeakValueMap).
///
/// It stays there as long as this exists, even if its entry goes meanwhile; then it is dropped with
/// this. To the collector it is like what is in a cell that is mutably borrowed: held from outside.
///
/// ```
/// use gc_core::{Gc, WeakKeyMap};
///
/// let node = Gc::new("a node".to_owned());
/// let widths = WeakKeyMap::new();
/// widths.insert(&node, vec![1, 2]);
/// let lent = widths.get(&node).unwrap();
/// widths.clear();
/// assert_eq!(*lent, [1, 2]);
/// ```
pub struct Lent<'a, T> {
    value: NonNull<T>,
    /// Goes before the member's handle: who lets go of that may find the entry free again.
    _entry: Use,
    /// For a walk, which has no handle of the user's to rely on: what is let go of is a suspect, and so
    /// is a member of which the user made a cycle while looking.
    _member: Option<AnyGc>,
    /// The container is there meanwhile, and so is the user's handle to the member.
    _borrow: PhantomData<&'a T>,
}

impl<T> Lent<'_, T> {
    /// Lends a part of what an entry carries.
    pub(crate) fn new<P>(
        loan: Loan<P>,
        part: impl FnOnce(&P) -> &T,
        member: Option<AnyGc>,
    ) -> Self {
        let value = NonNull::from(part(loan.content()));
        Self { value, _entry: loan.into_use(), _member: member, _borrow: PhantomData }
    }
}

impl<T> Deref for Lent<'_, T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        // SAFETY: a part of the content of an entry that is in use as long as this exists; nobody has
        // `&mut` to it while there is a loan (`Loan::content_mut`).
        unsafe { self.value.as_ref() }
    }
}

impl<T: fmt::Debug> fmt::Debug for Lent<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl<T: fmt::Display> fmt::Display for Lent<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&**self, f)
    }
}
