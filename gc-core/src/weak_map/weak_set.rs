//! [`WeakSet`]: a set of objects that it does not keep alive.

use std::fmt;
use std::marker::PhantomData;

use super::Walk;
use crate::gc::Gc;
use crate::registry::{Registry, of_member};
use crate::weak::Weak;

/// A set of objects, by identity, that leave it when they die. The twin of `WeakSet`: for observers,
/// and for "all of my kind".
///
/// All methods take `&self`: the set can be used through a shared reference, a field of an object or a
/// `static` of the thread.
///
/// ```
/// use gc_core::{Gc, WeakSet};
///
/// let observers = WeakSet::new();
/// let one = Gc::new("one");
/// observers.insert(&one);
/// observers.insert(&Gc::new("another")); // dies at once
/// assert_eq!(observers.len(), 1);
/// assert!(observers.contains(&one));
/// ```
pub struct WeakSet<T: ?Sized> {
    pub(super) registry: Registry<Weak<T>>,
}

impl<T: ?Sized> WeakSet<T> {
    /// An empty set.
    ///
    /// ```
    /// assert!(gc_core::WeakSet::<str>::new().is_empty());
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self { registry: Registry::new() }
    }

    /// How many members are alive, at any moment. See [`WeakKeyMap::len`](crate::WeakKeyMap::len).
    ///
    /// ```
    /// use gc_core::{Gc, WeakSet};
    ///
    /// let (five, six) = (Gc::new(5), Gc::new(6));
    /// let set: WeakSet<_> = [&five, &six].into_iter().collect();
    /// assert_eq!(set.len(), 2);
    /// drop(six);
    /// assert_eq!(set.len(), 1);
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.registry.len()
    }

    /// Whether no member is alive.
    ///
    /// ```
    /// use gc_core::{Gc, WeakSet};
    ///
    /// let (set, five) = (WeakSet::new(), Gc::new(5));
    /// set.insert(&five);
    /// assert!(!set.is_empty());
    /// drop(five);
    /// assert!(set.is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether this object is in the set.
    ///
    /// ```
    /// use gc_core::{Gc, WeakSet};
    ///
    /// let (set, five) = (WeakSet::new(), Gc::new(5));
    /// set.insert(&five);
    /// assert!(set.contains(&five));
    /// assert!(!set.contains(&Gc::new(5))); // an equal one is another
    /// ```
    #[must_use]
    pub fn contains(&self, object: &Gc<T>) -> bool {
        self.registry.find_member(object.object()).is_some()
    }

    /// Takes an object out. Returns whether it was in.
    ///
    /// ```
    /// use gc_core::{Gc, WeakSet};
    ///
    /// let (set, five) = (WeakSet::new(), Gc::new(5));
    /// set.insert(&five);
    /// assert!(set.remove(&five));
    /// assert!(!set.remove(&five));
    /// ```
    pub fn remove(&self, object: &Gc<T>) -> bool {
        let Some(found) = self.registry.find_member(object.object()) else { return false };
        self.registry.remove(&found);
        true
    }

    /// Takes all objects out.
    ///
    /// ```
    /// use gc_core::{Gc, WeakSet};
    ///
    /// let (set, five) = (WeakSet::new(), Gc::new(5));
    /// set.insert(&five);
    /// set.clear();
    /// assert!(set.is_empty());
    /// ```
    pub fn clear(&self) {
        self.registry.clear();
    }
}

impl<T: ?Sized + 'static> WeakSet<T> {
    /// Puts an object in, without keeping it alive. Returns whether it was not in yet.
    ///
    /// ```
    /// use gc_core::{Gc, WeakSet};
    ///
    /// let (set, five) = (WeakSet::new(), Gc::new(5));
    /// assert!(set.insert(&five));
    /// assert!(!set.insert(&five));
    /// assert!(set.remove(&five));
    /// ```
    pub fn insert(&self, object: &Gc<T>) -> bool {
        let member = object.object();
        if self.registry.find_member(member).is_some() {
            return false;
        }
        self.registry.insert(member, of_member(member), Gc::downgrade(object));
        true
    }

    /// The living members, in no order.
    ///
    /// What dies or is taken out during the walk is left out; what is put in may be.
    ///
    /// ```
    /// use gc_core::{Gc, WeakSet};
    ///
    /// let numbers = [Gc::new(1), Gc::new(2)];
    /// let set: WeakSet<_> = numbers.iter().collect();
    /// assert_eq!(set.iter().map(|n| *n).sum::<i32>(), 3);
    /// ```
    pub fn iter(&self) -> Iter<'_, T> {
        Iter { walk: Walk::new(self.registry.places()), _set: PhantomData }
    }

    /// Takes out the members of which `keep` says no.
    ///
    /// ```
    /// use gc_core::{Gc, WeakSet};
    ///
    /// let numbers: Vec<_> = (0..10).map(Gc::new).collect();
    /// let set: WeakSet<_> = numbers.iter().collect();
    /// set.retain(|number| **number % 2 == 0);
    /// assert_eq!(set.len(), 5);
    /// ```
    pub fn retain(&self, mut keep: impl FnMut(&Gc<T>) -> bool) {
        for (loan, _member) in Walk::new(self.registry.places()) {
            if loan.content().upgrade().is_some_and(|object| !keep(&object)) {
                self.registry.remove(&loan);
            }
        }
    }

    /// Puts in all members of another set.
    ///
    /// ```
    /// use gc_core::{Gc, WeakSet};
    ///
    /// let (five, six) = (Gc::new(5), Gc::new(6));
    /// let set: WeakSet<_> = [&five].into_iter().collect();
    /// set.merge(&[&five, &six].into_iter().collect());
    /// assert_eq!(set.len(), 2);
    /// ```
    pub fn merge(&self, other: &Self) {
        other.iter().for_each(|object| _ = self.insert(&object));
    }
}

/// A walk over the members of a [`WeakSet`]. From [`WeakSet::iter`].
pub struct Iter<'a, T: ?Sized> {
    walk: Walk<Weak<T>>,
    _set: PhantomData<&'a WeakSet<T>>,
}

impl<T: ?Sized> Iterator for Iter<'_, T> {
    type Item = Gc<T>;

    fn next(&mut self) -> Option<Self::Item> {
        self.walk.find_map(|(loan, _member)| loan.content().upgrade())
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.walk.size_hint()
    }
}

impl<T: ?Sized> fmt::Debug for Iter<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Iter").finish_non_exhaustive()
    }
}

impl<'a, T: ?Sized + 'static> IntoIterator for &'a WeakSet<T> {
    type Item = Gc<T>;
    type IntoIter = Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: ?Sized> Default for WeakSet<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: ?Sized + 'static> Clone for WeakSet<T> {
    /// A set of its own with the living members.
    fn clone(&self) -> Self {
        self.iter().collect()
    }
}

impl<'a, T: ?Sized + 'static> Extend<&'a Gc<T>> for WeakSet<T> {
    fn extend<I: IntoIterator<Item = &'a Gc<T>>>(&mut self, objects: I) {
        objects.into_iter().for_each(|object| _ = self.insert(object));
    }
}

impl<T: ?Sized + 'static> Extend<Gc<T>> for WeakSet<T> {
    fn extend<I: IntoIterator<Item = Gc<T>>>(&mut self, objects: I) {
        objects.into_iter().for_each(|object| _ = self.insert(&object));
    }
}

impl<'a, T: ?Sized + 'static> FromIterator<&'a Gc<T>> for WeakSet<T> {
    fn from_iter<I: IntoIterator<Item = &'a Gc<T>>>(objects: I) -> Self {
        let mut set = Self::new();
        set.extend(objects);
        set
    }
}

impl<T: ?Sized + 'static> FromIterator<Gc<T>> for WeakSet<T> {
    fn from_iter<I: IntoIterator<Item = Gc<T>>>(objects: I) -> Self {
        let mut set = Self::new();
        set.extend(objects);
        set
    }
}

impl<T: ?Sized + fmt::Debug + 'static> fmt::Debug for WeakSet<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self).finish()
    }
}
