//! The first losses of Young objects, in the order in which they come.
//!
//! A suspect's place is a mark on its page. To find that place takes more than twice the instructions of
//! writing down which object it was; and most of what is suspected while Young is judged soon, by a
//! collection that can begin from such a list, or dies before. When the list is full, the dead leave it. So
//! marks are set only of what is left if that is much, and when a collection begins that looks at the pages.

use std::cell::{Cell, OnceCell};

use crate::object::{ObjectRef, SUSPECT};
use crate::settings::Generation;

/// As many losses are written down: about what a collection of Young finds with default thresholds. (Few
/// with debug assertions, so that tests come beyond them.)
const ROOM: usize = if cfg!(debug_assertions) { 8 } else { 2048 };

/// No number of losses: those who bring one see that there is no room.
const CLOSED: usize = 1 << (usize::BITS - 1);

#[cfg(test)]
mod tests;

type Places = [Cell<Option<ObjectRef>>; ROOM];

/// Young suspects without a mark on their page.
///
/// An entry is that of a suspect only if the header has the flag: the object may have died, and another
/// may be in its slot, with an entry of its own or without. Each entry's slot stays a slot of this heap: who
/// gives a page back marks them first.
pub(crate) struct Losses {
    places: OnceCell<Box<Places>>,
    /// So many are written down. With [`CLOSED`], nothing is.
    len: Cell<usize>,
}

impl Losses {
    pub(crate) fn new() -> Self {
        Self { places: OnceCell::new(), len: Cell::new(0) }
    }

    /// Gets the memory, if there is any. Without, every suspect is marked at once.
    pub(crate) fn make_room(&self) {
        if self.places.get().is_some() {
            return;
        }
        let mut places = Vec::new();
        if places.try_reserve_exact(ROOM).is_ok() {
            places.resize(ROOM, Cell::new(None));
            if let Ok(places) = places.into_boxed_slice().try_into() {
                let _ = self.places.set(places);
            }
        }
    }

    /// Writes down a Young suspect of a page of tracked objects. `false`: there is no room.
    #[inline(always)]
    pub(crate) fn push(&self, object: ObjectRef) -> bool {
        let len = self.len.get();
        match self.places.get().and_then(|places| places.get(len)) {
            Some(place) => {
                place.set(Some(object));
                self.len.set(len + 1);
                true
            }
            None => false,
        }
    }

    /// Nothing is written down from now on; or it is again.
    pub(crate) fn close(&self, closed: bool) {
        let len = self.len.get() & !CLOSED;
        self.len.set(if closed { len | CLOSED } else { len });
    }

    pub(crate) fn is_full(&self) -> bool {
        self.len() == ROOM
    }

    /// How many entries there are.
    pub(crate) fn len(&self) -> usize {
        self.len.get() & !CLOSED
    }

    /// What is written down. Who is in those slots now may be no suspect.
    pub(crate) fn entries(&self) -> impl Iterator<Item = ObjectRef> {
        let places = self.places.get().map_or(&[][..], |places| &places[..self.len()]);
        places.iter().filter_map(Cell::get)
    }

    /// The suspects, some of them twice.
    pub(crate) fn suspects(&self) -> impl Iterator<Item = ObjectRef> {
        self.entries().filter(|object| object.has(SUSPECT))
    }

    /// There are no entries any more.
    pub(crate) fn clear(&self) {
        self.len.set(self.len.get() & CLOSED);
    }

    /// The list is full: the dead leave it; and so does everybody else, marked, if there are too many.
    #[cold]
    #[inline(never)]
    pub(crate) fn thin_out(&self) {
        let Some(places) = self.places.get() else { return };
        let mut kept = 0;
        for object in self.entries() {
            // Always written, and counted or not: who is alive is hard to foresee.
            places[kept].set(Some(object));
            kept += usize::from(object.has(SUSPECT));
        }
        self.len.set(self.len.get() & CLOSED | kept);
        if kept > ROOM / 2 {
            self.mark_all();
        }
    }

    /// Has every suspect marked on its page instead.
    #[cold]
    #[inline(never)]
    pub(crate) fn mark_all(&self) {
        self.suspects().for_each(|object| object.page().mark_suspect(object, Generation::Young));
        self.clear();
    }
}
