//! Collection events: subscribers hear of each collection's start and end.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

use crate::error::{Hook, guarded};
use crate::report::Collection;
use crate::state::HeapRef;

/// Which end of a collection an event tells of.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Phase {
    /// It begins; the figures are zero.
    Start,
    /// It has ended; the figures are those that it returns.
    Stop,
}

/// What a subscriber gets. The twin of what `gc.callbacks` are called with.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CollectionEvent {
    /// Start or stop.
    pub phase: Phase,
    /// The collection's figures so far.
    pub collection: Collection,
}

type Listener = Box<dyn FnMut(&CollectionEvent)>;

/// A subscription to collection events. Dropping it ends it.
#[must_use = "dropping a `Subscription` ends it at once"]
pub struct Subscription {
    entry: Rc<Entry>,
}

impl Subscription {
    /// Keeps the subscription for as long as the heap lives.
    ///
    /// ```
    /// use gc_core::Heap;
    /// use std::{cell::Cell, rc::Rc};
    ///
    /// let heap = Heap::new();
    /// let events = Rc::new(Cell::new(0));
    /// let counter = events.clone();
    /// heap.on_collection(move |_| counter.set(counter.get() + 1)).forget();
    /// heap.collect();
    /// assert_eq!(events.get(), 2);
    /// ```
    pub fn forget(self) {
        self.entry.kept.set(true);
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if !self.entry.kept.get() {
            self.entry.ended.set(true);
            // Taken out first: the closure's own drop may do anything.
            drop(self.entry.listener.take());
        }
    }
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription").finish_non_exhaustive()
    }
}

struct Entry {
    /// `None` while it is being called, and for ever once it has ended.
    listener: RefCell<Option<Listener>>,
    ended: Cell<bool>,
    kept: Cell<bool>,
}

/// The subscribers of a heap, in the order of subscription.
#[derive(Default)]
pub(crate) struct Subscribers {
    entries: RefCell<Vec<Rc<Entry>>>,
    /// Events that are being told: the entries keep their places.
    telling: Cell<usize>,
}

impl Subscribers {
    pub(crate) fn add(&self, listener: Listener) -> Subscription {
        let entry = Rc::new(Entry {
            listener: RefCell::new(Some(listener)),
            ended: Cell::new(false),
            kept: Cell::new(false),
        });
        let mut entries = self.entries.borrow_mut();
        if self.telling.get() == 0 {
            entries.retain(|entry| !entry.ended.get());
        }
        entries.push(entry.clone());
        Subscription { entry }
    }

    /// All of them, for the heap's end.
    pub(crate) fn take(&self) -> impl Sized + use<> {
        self.entries.take()
    }

    pub(crate) fn are_none(&self) -> bool {
        self.entries.borrow().is_empty()
    }
}

/// Tells every subscriber. Those who come meanwhile hear of the next event, those who go do not
/// hear of this one.
pub(crate) fn tell(heap: HeapRef, phase: Phase, collection: &Collection) {
    if heap.subscribers.are_none() {
        return;
    }
    let event = CollectionEvent { phase, collection: collection.clone() };
    // By number, not from a copy of the list, for which there may be no memory. Those who subscribe
    // meanwhile hear of the next event.
    let subscribers = &heap.subscribers;
    let count = subscribers.entries.borrow().len();
    subscribers.telling.set(subscribers.telling.get() + 1);
    for number in 0..count {
        let entry = subscribers.entries.borrow().get(number).cloned();
        let Some(entry) = entry else { break };
        let listener = entry.listener.take();
        let Some(mut listener) = listener else { continue };
        guarded(heap, Hook::Subscriber, None, || listener(&event));
        if entry.ended.get() {
            guarded(heap, Hook::Subscriber, None, || drop(listener));
        } else {
            *entry.listener.borrow_mut() = Some(listener);
        }
    }
    subscribers.telling.set(subscribers.telling.get() - 1);
}
