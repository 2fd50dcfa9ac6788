//! [`WeakKeyMap`]: a map that does not keep its keys alive, whatever its values lead to.

use std::fmt;
use std::marker::PhantomData;

use super::lent::Lent;
use super::tracing::ValueFor;
use super::{Walk, on_loan};
use crate::gc::Gc;
use crate::registry::{Registry, of_member};
use crate::trace::Trace;
use crate::weak::Weak;

/// A map whose keys are objects, by identity, and whose entries go when their keys die. The twin of
/// `WeakKeyDictionary`, and of `WeakMap` in JavaScript: for what one wants to hang on objects from
/// outside.
///
/// The value is dropped when its key dies, at once. All methods take `&self`: the map can be used
/// through a shared reference, a field of an object or a `static` of the thread. Values that change are
/// cells, as in objects.
///
/// ```
/// use gc_core::{Gc, WeakKeyMap};
///
/// let visits = WeakKeyMap::new();
/// let page = Gc::new("index.html".to_owned());
/// visits.insert(&page, 7);
/// assert_eq!(*visits.get(&page).unwrap(), 7);
/// drop(page);
/// assert!(visits.is_empty());
/// ```
///
/// # What if a value leads to its key?
///
/// Then that does not keep the key alive: entries are *ephemerons*. A value is held by its key and the
/// map together, so it lives as long as both do, and a cycle that leads through it is swept like any
/// other. (In CPython such a key lives as long as the map.)
///
/// ```
/// use gc_core::{Gc, WeakKeyMap};
///
/// let wrappers = WeakKeyMap::new();
/// let node: Gc<str> = "a node".into();
/// wrappers.insert(&node, Some(node.clone())); // the wrapper holds its node
/// drop(node);
/// assert_eq!(wrappers.len(), 1);
/// gc_core::collect();
/// assert_eq!(wrappers.len(), 0);
/// ```
///
/// A map in a field is found by the derived `Trace`. What a value holds in a map that the collector
/// cannot see (in an `Rc`, in a skipped field) counts as held while the map exists and the key lives.
pub struct WeakKeyMap<K: ?Sized, V> {
    pub(super) registry: Registry<ValueFor<K, V>>,
}

impl<K: ?Sized, V> WeakKeyMap<K, V> {
    /// An empty map.
    ///
    /// ```
    /// let notes = gc_core::WeakKeyMap::<str, Vec<String>>::new();
    /// assert!(notes.is_empty());
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self { registry: Registry::new() }
    }

    /// How many keys are alive.
    ///
    /// Right at any moment. Inside a collection or an object's end (in a finalizer, a drop, a watch) it
    /// looks at every entry; at other times it is a number that is at hand.
    ///
    /// ```
    /// use gc_core::{Gc, WeakKeyMap};
    ///
    /// let (five, six) = (Gc::new(5), Gc::new(6));
    /// let names = WeakKeyMap::from([(&five, "five"), (&six, "six")]);
    /// assert_eq!(names.len(), 2);
    /// drop(six);
    /// assert_eq!(names.len(), 1);
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.registry.len()
    }

    /// Whether no key is alive.
    ///
    /// ```
    /// use gc_core::{Gc, WeakKeyMap};
    ///
    /// let five = Gc::new(5);
    /// let names = WeakKeyMap::from([(&five, "five")]);
    /// assert!(!names.is_empty());
    /// drop(five);
    /// assert!(names.is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether there is an entry for this object.
    ///
    /// ```
    /// use gc_core::{Gc, WeakKeyMap};
    ///
    /// let five = Gc::new(5);
    /// let names = WeakKeyMap::from([(&five, "five")]);
    /// assert!(names.contains_key(&five));
    /// assert!(!names.contains_key(&Gc::new(5))); // an equal one is another
    /// ```
    #[must_use]
    pub fn contains_key(&self, key: &Gc<K>) -> bool {
        self.registry.find_member(key.object()).is_some()
    }

    /// The value of this object.
    ///
    /// ```
    /// use gc_core::{Gc, WeakKeyMap};
    ///
    /// let (five, six) = (Gc::new(5), Gc::new(6));
    /// let names = WeakKeyMap::from([(&five, "five")]);
    /// assert_eq!(names.get(&five).as_deref(), Some(&"five"));
    /// assert!(names.get(&six).is_none());
    /// ```
    #[must_use = "this only looks"]
    pub fn get<'a>(&'a self, key: &'a Gc<K>) -> Option<Lent<'a, V>> {
        let loan = self.registry.find_member(key.object())?;
        Some(Lent::new(loan, |content| &content.value, None))
    }

    /// Takes an entry out, and returns its value.
    ///
    /// ```
    /// use gc_core::{Gc, WeakKeyMap};
    ///
    /// let five = Gc::new(5);
    /// let names = WeakKeyMap::from([(&five, "five")]);
    /// assert_eq!(names.remove(&five), Some("five"));
    /// assert_eq!(names.remove(&five), None);
    /// ```
    ///
    /// # Panics
    ///
    /// If the value is on loan, that is, a [`Lent`] of it exists.
    #[track_caller]
    pub fn remove(&self, key: &Gc<K>) -> Option<V> {
        let mut loan = self.registry.find_member(key.object())?;
        if loan.content_mut().is_none() {
            on_loan();
        }
        self.registry.remove(&loan);
        Some(loan.into_content().value)
    }

    /// Takes all entries out, and drops their values. A value on loan is dropped when that ends.
    ///
    /// ```
    /// use gc_core::{Gc, WeakKeyMap};
    ///
    /// let five = Gc::new(5);
    /// let names = WeakKeyMap::from([(&five, "five")]);
    /// names.clear();
    /// assert!(names.is_empty() && names.get(&five).is_none());
    /// ```
    ///
    /// # Panics
    ///
    /// A panic of a value's drop is that of a [hook](crate::Hook::Drop).
    pub fn clear(&self) {
        self.registry.clear();
    }
}

impl<K: ?Sized + 'static, V: Trace> WeakKeyMap<K, V> {
    /// Puts a value in for this object, without keeping the object alive. Returns its old value.
    ///
    /// ```
    /// use gc_core::{Gc, WeakKeyMap};
    ///
    /// let five = Gc::new(5);
    /// let names = WeakKeyMap::new();
    /// assert_eq!(names.insert(&five, "fünf"), None);
    /// assert_eq!(names.insert(&five, "five"), Some("fünf"));
    /// ```
    ///
    /// # Panics
    ///
    /// If the old value is on loan, that is, a [`Lent`] of it exists.
    #[track_caller]
    pub fn insert(&self, key: &Gc<K>, value: V) -> Option<V> {
        let member = key.object();
        if let Some(mut loan) = self.registry.find_member(member) {
            let Some(content) = loan.content_mut() else { on_loan() };
            return Some(std::mem::replace(&mut content.value, value));
        }
        let content = ValueFor { key: Gc::downgrade(key), value };
        self.registry.insert(member, of_member(member), content);
        None
    }

    /// The value of this object; or the one that `make` makes, which is put in.
    ///
    /// If `make` itself puts in a value for the object, that one stays, and the new one is dropped.
    ///
    /// ```
    /// use gc_core::{Gc, WeakKeyMap};
    /// use std::cell::Cell;
    ///
    /// let visits = WeakKeyMap::new();
    /// let page = Gc::new("index.html");
    /// for _ in 0..3 {
    ///     let count = visits.get_or_insert_with(&page, || Cell::new(0));
    ///     count.set(count.get() + 1);
    /// }
    /// assert_eq!(visits.get(&page).unwrap().get(), 3);
    /// ```
    pub fn get_or_insert_with<'a>(
        &'a self,
        key: &'a Gc<K>,
        make: impl FnOnce() -> V,
    ) -> Lent<'a, V> {
        if let Some(present) = self.get(key) {
            return present;
        }
        let value = make();
        if !self.contains_key(key) {
            self.insert(key, value);
        }
        // No user code has run since: the object lives, and so its entry is there.
        self.get(key).expect("it was just put in")
    }

    /// The entries with living keys, in no order.
    ///
    /// What dies or is taken out during the walk is left out; what is put in may be.
    ///
    /// ```
    /// use gc_core::{Gc, WeakKeyMap};
    ///
    /// let five = Gc::new(5);
    /// let names = WeakKeyMap::from([(&five, "five")]);
    /// for (key, name) in &names {
    ///     assert_eq!((*key, *name), (5, "five"));
    /// }
    /// ```
    pub fn iter(&self) -> Iter<'_, K, V> {
        Iter { walk: Walk::new(self.registry.places()), _map: PhantomData }
    }

    /// The living keys, in no order.
    ///
    /// ```
    /// use gc_core::{Gc, WeakKeyMap};
    ///
    /// let (five, six) = (Gc::new(5), Gc::new(6));
    /// let names = WeakKeyMap::from([(&five, "five"), (&six, "six")]);
    /// drop(six);
    /// assert!(names.keys().eq([five]));
    /// ```
    pub fn keys(&self) -> impl Iterator<Item = Gc<K>> {
        self.iter().map(|(key, _)| key)
    }

    /// Weak handles to the living keys, in no order.
    ///
    /// ```
    /// use gc_core::{Gc, WeakKeyMap};
    ///
    /// let five = Gc::new(5);
    /// let names = WeakKeyMap::from([(&five, "five")]);
    /// let weak = names.weak_keys().next().unwrap();
    /// assert_eq!(weak.upgrade(), Some(five));
    /// ```
    pub fn weak_keys(&self) -> impl Iterator<Item = Weak<K>> {
        self.keys().map(|key| Gc::downgrade(&key))
    }

    /// Takes out the entries of which `keep` says no.
    ///
    /// ```
    /// use gc_core::{Gc, WeakKeyMap};
    ///
    /// let numbers: Vec<_> = (0..10).map(Gc::new).collect();
    /// let map: WeakKeyMap<_, _> = numbers.iter().map(|n| (n, **n)).collect();
    /// map.retain(|_, value| value % 2 == 0);
    /// assert_eq!(map.len(), 5);
    /// ```
    pub fn retain(&self, mut keep: impl FnMut(&Gc<K>, &V) -> bool) {
        for (loan, _member) in Walk::new(self.registry.places()) {
            let ValueFor { key, value } = loan.content();
            if key.upgrade().is_some_and(|key| !keep(&key, value)) {
                self.registry.remove(&loan);
            }
        }
    }

    /// Puts in clones of all entries of another map. Where both have a key, the other's value wins.
    ///
    /// ```
    /// use gc_core::{Gc, WeakKeyMap};
    ///
    /// let (five, six) = (Gc::new(5), Gc::new(6));
    /// let names = WeakKeyMap::from([(&five, "fünf")]);
    /// names.merge(&WeakKeyMap::from([(&five, "five"), (&six, "six")]));
    /// assert_eq!(names.get(&five).as_deref(), Some(&"five"));
    /// assert_eq!(names.len(), 2);
    /// ```
    ///
    /// # Panics
    ///
    /// As [`insert`](Self::insert).
    pub fn merge(&self, other: &Self)
    where
        V: Clone,
    {
        for (key, value) in other {
            self.insert(&key, V::clone(&value));
        }
    }
}

/// A walk over the entries of a [`WeakKeyMap`]. From [`WeakKeyMap::iter`].
pub struct Iter<'a, K: ?Sized, V> {
    walk: Walk<ValueFor<K, V>>,
    _map: PhantomData<&'a V>,
}

impl<'a, K: ?Sized, V> Iterator for Iter<'a, K, V> {
    type Item = (Gc<K>, Lent<'a, V>);

    fn next(&mut self) -> Option<Self::Item> {
        self.walk.find_map(|(loan, member)| {
            let key = loan.content().key.upgrade()?;
            Some((key, Lent::new(loan, |content| &content.value, Some(member))))
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.walk.size_hint()
    }
}

impl<K: ?Sized, V> fmt::Debug for Iter<'_, K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Iter").finish_non_exhaustive()
    }
}

impl<'a, K: ?Sized + 'static, V: Trace> IntoIterator for &'a WeakKeyMap<K, V> {
    type Item = (Gc<K>, Lent<'a, V>);
    type IntoIter = Iter<'a, K, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<K: ?Sized, V> Default for WeakKeyMap<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: ?Sized + 'static, V: Trace + Clone> Clone for WeakKeyMap<K, V> {
    /// A map of its own, with clones of the values of living keys.
    fn clone(&self) -> Self {
        let map = Self::new();
        map.merge(self);
        map
    }
}

impl<'a, K: ?Sized + 'static, V: Trace> Extend<(&'a Gc<K>, V)> for WeakKeyMap<K, V> {
    fn extend<I: IntoIterator<Item = (&'a Gc<K>, V)>>(&mut self, entries: I) {
        entries.into_iter().for_each(|(key, value)| drop(self.insert(key, value)));
    }
}

impl<K: ?Sized + 'static, V: Trace> Extend<(Gc<K>, V)> for WeakKeyMap<K, V> {
    fn extend<I: IntoIterator<Item = (Gc<K>, V)>>(&mut self, entries: I) {
        entries.into_iter().for_each(|(key, value)| drop(self.insert(&key, value)));
    }
}

impl<'a, K: ?Sized + 'static, V: Trace> FromIterator<(&'a Gc<K>, V)> for WeakKeyMap<K, V> {
    fn from_iter<I: IntoIterator<Item = (&'a Gc<K>, V)>>(entries: I) -> Self {
        let mut map = Self::new();
        map.extend(entries);
        map
    }
}

impl<K: ?Sized + 'static, V: Trace> FromIterator<(Gc<K>, V)> for WeakKeyMap<K, V> {
    fn from_iter<I: IntoIterator<Item = (Gc<K>, V)>>(entries: I) -> Self {
        let mut map = Self::new();
        map.extend(entries);
        map
    }
}

impl<'a, K: ?Sized + 'static, V: Trace, const N: usize> From<[(&'a Gc<K>, V); N]>
    for WeakKeyMap<K, V>
{
    fn from(entries: [(&'a Gc<K>, V); N]) -> Self {
        entries.into_iter().collect()
    }
}

impl<K: ?Sized + fmt::Debug + 'static, V: Trace + fmt::Debug> fmt::Debug for WeakKeyMap<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).finish()
    }
}
