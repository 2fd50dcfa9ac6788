//! [`Walk`]: what a handle leads to, each object once, without recursion.

use std::collections::{HashSet, VecDeque};
use std::iter::FusedIterator;

use crate::any::{AnyGc, edges_of};
use crate::gc::Gc;
use crate::object::ObjectRef;

/// The objects that can be reached from one, that one first: an iterator from [`Gc::walk`].
///
/// Depth first, in the order of fields, unless it is told [otherwise](Walk::breadth_first). Each object
/// comes once, however many handles lead to it. What a value hides (a borrowed cell, a skipped field) is
/// not walked into.
///
/// The walk holds a handle to each object that it has seen, until it is dropped. It looks at an object's
/// handles when the next object is asked for: so the graph may change on the way, and the walk takes it
/// as it finds it.
///
/// ```
/// use gc_core::{Gc, Trace};
///
/// #[derive(Trace)]
/// struct Node(&'static str, Vec<Gc<Node>>);
///
/// let leaf = Gc::new(Node("leaf", vec![]));
/// let left = Gc::new(Node("left", vec![leaf.clone()]));
/// let root = Gc::new(Node("root", vec![left, Gc::new(Node("right", vec![leaf]))]));
///
/// let names = |walk: gc_core::Walk| -> Vec<&str> {
///     walk.filter_map(|any| any.downcast::<Node>().ok()).map(|node| node.0).collect()
/// };
/// assert_eq!(names(Gc::walk(&root)), ["root", "left", "leaf", "right"]);
/// assert_eq!(names(Gc::walk(&root).breadth_first()), ["root", "left", "right", "leaf"]);
/// ```
#[derive(Debug)]
#[must_use = "a walk is lazy: it does nothing until it is iterated"]
pub struct Walk {
    /// Found, and not yet returned.
    ahead: VecDeque<AnyGc>,
    /// Returned last; its handles are to be looked at.
    here: Option<AnyGc>,
    seen: HashSet<ObjectRef>,
    /// Keeps what was seen, so that no other object takes its place meanwhile.
    kept: Vec<AnyGc>,
    is_breadth_first: bool,
}

impl Walk {
    fn from(start: AnyGc) -> Self {
        Self {
            ahead: VecDeque::from([start]),
            here: None,
            seen: HashSet::new(),
            kept: Vec::new(),
            is_breadth_first: false,
        }
    }

    /// The same walk, by distance: first what the object itself leads to, then what that leads to.
    ///
    /// ```
    /// use gc_core::Gc;
    ///
    /// let root = Gc::new((Gc::new(Gc::new('c')), Gc::new(1)));
    /// let last = |walk: gc_core::Walk| walk.last().unwrap();
    /// assert!(last(Gc::walk(&root)).is::<i32>());
    /// assert!(last(Gc::walk(&root).breadth_first()).is::<char>()); // the farthest
    /// ```
    pub fn breadth_first(mut self) -> Self {
        self.is_breadth_first = true;
        self
    }

    /// Leaves out what the object that was returned last leads to, unless something else does, too.
    ///
    /// ```
    /// use gc_core::Gc;
    ///
    /// let outer = Gc::new((Gc::new(vec![Gc::new(1), Gc::new(2)]), Gc::new('c')));
    /// let mut walk = Gc::walk(&outer);
    /// let mut count = 0;
    /// while let Some(any) = walk.next() {
    ///     count += 1;
    ///     if any.is::<Vec<Gc<i32>>>() {
    ///         walk.turn_back();
    ///     }
    /// }
    /// assert_eq!(count, 3); // not the numbers
    /// ```
    pub fn turn_back(&mut self) {
        self.here = None;
    }

    /// Notes what the last object leads to.
    fn look_around(&mut self) {
        let Some(here) = self.here.take() else { return };
        let edges = edges_of(here.object());
        let fresh = edges.into_iter().filter(|edge| !self.seen.contains(edge));
        let fresh = fresh.filter_map(AnyGc::new);
        if self.is_breadth_first {
            self.ahead.extend(fresh);
        } else {
            // The first of them is to come next.
            let fresh: Vec<AnyGc> = fresh.collect();
            fresh.into_iter().rev().for_each(|any| self.ahead.push_front(any));
        }
    }
}

impl Iterator for Walk {
    type Item = AnyGc;

    fn next(&mut self) -> Option<AnyGc> {
        self.look_around();
        loop {
            let any = self.ahead.pop_front()?;
            if self.seen.insert(any.object()) {
                self.kept.push(any.clone());
                self.here = Some(any.clone());
                return Some(any);
            }
        }
    }
}

impl FusedIterator for Walk {}

impl<T: ?Sized> Gc<T> {
    /// Walks over the objects that can be reached from this one, itself first. See [`Walk`].
    ///
    /// ```
    /// use gc_core::Gc;
    ///
    /// let one = Gc::new(1);
    /// let list = Gc::new(vec![one.clone(), one, Gc::new(2)]);
    /// let numbers = Gc::walk(&list).filter_map(|any| any.downcast::<i32>().ok());
    /// assert_eq!(numbers.map(|n| *n).collect::<Vec<_>>(), [1, 2]);
    /// ```
    pub fn walk(this: &Self) -> Walk {
        Walk::from(this.clone().into())
    }
}

impl AnyGc {
    /// Walks over the objects that can be reached from this one, itself first. See [`Walk`].
    ///
    /// ```
    /// use gc_core::{AnyGc, Gc};
    ///
    /// let any: AnyGc = Gc::new(vec![Gc::new(1), Gc::new(2)]).into();
    /// assert_eq!(any.walk().next().unwrap().id(), any.id());
    /// assert_eq!(any.walk().count(), 3);
    /// ```
    pub fn walk(&self) -> Walk {
        Walk::from(self.clone())
    }
}
