//! Containers that do not keep their members alive: caches, interners, side tables.
//!
//! An entry goes when its member dies, at once, from every container, and what the container keeps for
//! it goes with it. All methods take `&self`, so that a container works inside a shared object. No
//! borrow is held while user code runs: whatever that is (`Hash`, `Eq`, closures, drops, and all that
//! they set off), it may use the container too.

pub mod weak_value_map;
pub mod weak_key_map;
pub mod weak_set;
pub mod interner;
#[allow(unsafe_code)] // points into an entry
pub(crate) mod lent;
#[allow(unsafe_code)] // implements `Trace`
mod tracing;

use crate::any::AnyGc;
use crate::entry::{Loan, Place};

/// A walk over the entries that a container had when it began. What goes meanwhile is left out.
struct Walk<P> {
    places: std::vec::IntoIter<Place<P>>,
}

impl<P> Walk<P> {
    fn new(places: Vec<Place<P>>) -> Self {
        Self { places: places.into_iter() }
    }
}

impl<P> Iterator for Walk<P> {
    /// An entry, and a handle to its member: the walk's, to be given back as every handle is.
    type Item = (Loan<P>, AnyGc);

    fn next(&mut self) -> Option<Self::Item> {
        self.places.find_map(|place| {
            let loan = place.lend()?;
            let member = AnyGc::new(loan.entry().member())?;
            Some((loan, member))
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(self.places.len()))
    }
}

/// Whoever takes a value out of a map, or another's place, needs it for himself.
#[cold]
#[track_caller]
fn on_loan() -> ! {
    panic!("the value is on loan: a `Lent` of it exists, so it cannot be taken out of its map")
}
