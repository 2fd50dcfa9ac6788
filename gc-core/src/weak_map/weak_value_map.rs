//! [`WeakValueMap`]: a map that does not keep its values alive.

use std::borrow::Borrow;
use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::{BuildHasher, Hash};

use super::Walk;
use super::lent::Lent;
use super::tracing::KeyFor;
use crate::gc::Gc;
use crate::registry::{Members, Registry};
use crate::trace::Trace;
use crate::weak::Weak;

/// A map whose entries go when their values die. The twin of `WeakValueDictionary`: for caches and
/// tables of shared objects.
///
/// An entry goes at the moment of its value's death, and with it its key; [`len`](Self::len) is right at
/// any moment. All methods take `&self`: the map can be used through a shared reference, a field of an
/// object or a `static` of the thread.
///
/// ```
/// use gc_core::{Gc, WeakValueMap};
///
/// let cache = WeakValueMap::new();
/// let page = Gc::new("the page".to_owned());
/// cache.insert("index.html", &page);
/// assert!(Gc::ptr_eq(&cache.get("index.html").unwrap(), &page));
/// drop(page);
/// assert_eq!(cache.len(), 0);
/// assert!(cache.get("index.html").is_none());
/// ```
///
/// # What if a key leads to its value?
///
/// A handle in a key is held by the map and the value together. So a value that is held by nothing but
/// its own key, directly or through other objects and entries, is garbage like any cycle:
///
/// ```
/// use gc_core::{Gc, Heap, Slot, Trace, WeakValueMap};
///
/// #[derive(Trace, PartialEq, Eq, Hash)]
/// struct Key(Gc<str>);
///
/// let names = WeakValueMap::new();
/// let name: Gc<str> = "self".into();
/// names.insert(Key(name.clone()), &name);
/// drop(name);
/// assert_eq!(names.len(), 1);
/// gc_core::collect();
/// assert_eq!(names.len(), 0);
/// ```
///
/// # What may `Hash` and `Eq` do?
///
/// Anything. No borrow of the map is held while they run, so they may use it, collect, drop handles and
/// panic; a search begins anew when they change the map. No death runs them.
pub struct WeakValueMap<K, V: ?Sized, S = RandomState> {
    pub(super) registry: Registry<KeyFor<K, V>>,
    hasher: S,
}

impl<K, V: ?Sized> WeakValueMap<K, V> {
    /// An empty map.
    ///
    /// ```
    /// let cache = gc_core::WeakValueMap::<String, [u8]>::new();
    /// assert!(cache.is_empty());
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::with_hasher(RandomState::new())
    }
}

impl<K, V: ?Sized, S> WeakValueMap<K, V, S> {
    /// An empty map that hashes with `hasher`.
    ///
    /// ```
    /// use gc_core::{Gc, WeakValueMap};
    /// use std::hash::{BuildHasherDefault, DefaultHasher};
    ///
    /// let cache = WeakValueMap::with_hasher(BuildHasherDefault::<DefaultHasher>::default());
    /// let five = Gc::new(5);
    /// cache.insert("five", &five);
    /// assert_eq!(cache.get("five").as_deref(), Some(&5));
    /// ```
    #[must_use]
    pub const fn with_hasher(hasher: S) -> Self {
        Self { registry: Registry::new(), hasher }
    }

    /// What the map hashes with.
    ///
    /// ```
    /// use gc_core::WeakValueMap;
    /// use std::hash::{BuildHasher, RandomState};
    ///
    /// let hasher = RandomState::new();
    /// let cache = WeakValueMap::<&str, i32, _>::with_hasher(hasher.clone());
    /// assert_eq!(cache.hasher().hash_one("five"), hasher.hash_one("five"));
    /// ```
    pub const fn hasher(&self) -> &S {
        &self.hasher
    }

    /// How many entries have a living value.
    ///
    /// Right at any moment. Inside a collection or an object's end (in a finalizer, a drop, a watch) it
    /// looks at every entry; at other times it is a number that is at hand.
    ///
    /// ```
    /// use gc_core::{Gc, WeakValueMap};
    ///
    /// let (five, six) = (Gc::new(5), Gc::new(6));
    /// let map = WeakValueMap::from([("five", &five), ("six", &six)]);
    /// assert_eq!(map.len(), 2);
    /// drop(six);
    /// assert_eq!(map.len(), 1);
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.registry.len()
    }

    /// Whether no entry has a living value.
    ///
    /// ```
    /// use gc_core::{Gc, WeakValueMap};
    ///
    /// let five = Gc::new(5);
    /// let map = WeakValueMap::from([("five", &five)]);
    /// assert!(!map.is_empty());
    /// drop(five);
    /// assert!(map.is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes all entries out, and drops their keys.
    ///
    /// ```
    /// use gc_core::{Gc, WeakValueMap};
    ///
    /// let five = Gc::new(5);
    /// let map = WeakValueMap::from([("five", &five)]);
    /// map.clear();
    /// assert!(map.is_empty());
    /// ```
    ///
    /// # Panics
    ///
    /// A panic of a key's drop is that of a [hook](crate::Hook::Drop).
    pub fn clear(&self) {
        self.registry.clear();
    }
}

impl<K: Trace, V: ?Sized + 'static, S> WeakValueMap<K, V, S> {
    /// The entries with living values, in no order.
    ///
    /// What dies or is taken out during the walk is left out; what is put in may be.
    ///
    /// ```
    /// use gc_core::{Gc, WeakValueMap};
    ///
    /// let (five, six) = (Gc::new(5), Gc::new(6));
    /// let map = WeakValueMap::from([("five", &five), ("six", &six)]);
    /// drop(six);
    /// for (key, value) in &map {
    ///     assert_eq!((*key, *value), ("five", 5));
    /// }
    /// ```
    pub fn iter(&self) -> Iter<'_, K, V> {
        Iter { walk: Walk::new(self.registry.places()), _map: std::marker::PhantomData }
    }

    /// The living values, in no order.
    ///
    /// ```
    /// use gc_core::{Gc, WeakValueMap};
    ///
    /// let (five, six) = (Gc::new(5), Gc::new(6));
    /// let map = WeakValueMap::from([("five", &five), ("six", &six)]);
    /// drop(six);
    /// assert!(map.values().eq([five]));
    /// ```
    pub fn values(&self) -> impl Iterator<Item = Gc<V>> {
        self.iter().map(|(_, value)| value)
    }

    /// Weak handles to the living values, in no order.
    ///
    /// ```
    /// use gc_core::{Gc, WeakValueMap};
    ///
    /// let five = Gc::new(5);
    /// let map = WeakValueMap::from([("five", &five)]);
    /// let weak = map.weak_values().next().unwrap();
    /// assert_eq!(weak.upgrade().as_deref(), Some(&5));
    /// ```
    pub fn weak_values(&self) -> impl Iterator<Item = Weak<V>> {
        self.values().map(|value| Gc::downgrade(&value))
    }

    /// Takes out the entries of which `keep` says no.
    ///
    /// ```
    /// use gc_core::{Gc, WeakValueMap};
    ///
    /// let numbers: Vec<_> = (0..10).map(Gc::new).collect();
    /// let map: WeakValueMap<_, _> = numbers.iter().map(|n| (**n, n)).collect();
    /// map.retain(|key, _| key % 2 == 0);
    /// assert_eq!(map.len(), 5);
    /// ```
    pub fn retain(&self, mut keep: impl FnMut(&K, &Gc<V>) -> bool) {
        for (loan, _member) in Walk::new(self.registry.places()) {
            let KeyFor { key, value } = loan.content();
            if value.upgrade().is_some_and(|value| !keep(key, &value)) {
                self.registry.remove(&loan);
            }
        }
    }
}

impl<K: Trace + Eq + Hash, V: ?Sized + 'static, S: BuildHasher> WeakValueMap<K, V, S> {
    /// A handle to the value of this key, if it lives.
    ///
    /// ```
    /// use gc_core::{Gc, WeakValueMap};
    ///
    /// let five = Gc::new(5);
    /// let map = WeakValueMap::from([("five".to_owned(), &five)]);
    /// assert_eq!(map.get("five").as_deref(), Some(&5));
    /// assert!(map.get("six").is_none());
    /// ```
    #[must_use = "the handle is dropped at once otherwise"]
    pub fn get<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<Gc<V>>
    where
        K: Borrow<Q>,
    {
        self.get_hashed(self.hasher.hash_one(key), key)
    }

    /// Whether there is a living value for this key.
    ///
    /// ```
    /// use gc_core::{Gc, WeakValueMap};
    ///
    /// let five = Gc::new(5);
    /// let map = WeakValueMap::from([("five", &five)]);
    /// assert!(map.contains_key("five") && !map.contains_key("six"));
    /// drop(five);
    /// assert!(!map.contains_key("five"));
    /// ```
    #[must_use]
    pub fn contains_key<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.get(key).is_some()
    }

    /// Puts a value in, without keeping it alive. Returns the key's old value, if it lives.
    ///
    /// ```
    /// use gc_core::{Gc, WeakValueMap};
    ///
    /// let (five, six) = (Gc::new(5), Gc::new(6));
    /// let map = WeakValueMap::new();
    /// assert!(map.insert("n", &five).is_none());
    /// assert_eq!(map.insert("n", &six).as_deref(), Some(&5));
    /// ```
    pub fn insert(&self, key: K, value: &Gc<V>) -> Option<Gc<V>> {
        let hash = self.hasher.hash_one(&key);
        self.insert_hashed(hash, key, value)
    }

    /// Takes an entry out. Returns its value, if it lives.
    ///
    /// ```
    /// use gc_core::{Gc, WeakValueMap};
    ///
    /// let five = Gc::new(5);
    /// let map = WeakValueMap::from([("five", &five)]);
    /// assert_eq!(map.remove("five").as_deref(), Some(&5));
    /// assert!(map.remove("five").is_none());
    /// ```
    pub fn remove<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<Gc<V>>
    where
        K: Borrow<Q>,
    {
        let found = self.find(self.hasher.hash_one(key), key, Members::Waiting)?;
        self.registry.remove(&found);
        found.content().value.upgrade()
    }

    /// The living value of this key; or the one that `make` makes, which is put in.
    ///
    /// If `make` itself puts in a value for the key, and that lives, it is returned and the new one is
    /// not used: nobody ever sees two values for one key.
    ///
    /// ```
    /// use gc_core::{Gc, WeakValueMap};
    ///
    /// let squares = WeakValueMap::new();
    /// let nine = squares.get_or_insert_with(3, || Gc::new(9));
    /// let same = squares.get_or_insert_with(3, || unreachable!());
    /// assert!(Gc::ptr_eq(&nine, &same));
    /// ```
    pub fn get_or_insert_with(&self, key: K, make: impl FnOnce() -> Gc<V>) -> Gc<V> {
        self.entry(key).or_insert_with(make)
    }

    /// The place of a key, with or without a living value.
    ///
    /// ```
    /// use gc_core::{Gc, WeakValueMap, weak_value_map::Entry};
    ///
    /// let map = WeakValueMap::new();
    /// let five = map.entry("five").or_insert_with(|| Gc::new(5));
    /// match map.entry("five") {
    ///     Entry::Occupied(entry) => assert!(Gc::ptr_eq(entry.get(), &five)),
    ///     Entry::Vacant(_) => unreachable!("five lives"),
    /// }
    /// ```
    pub fn entry(&self, key: K) -> Entry<'_, K, V, S> {
        let hash = self.hasher.hash_one(&key);
        match self.get_hashed(hash, &key) {
            Some(value) => Entry::Occupied(OccupiedEntry { map: self, hash, key, value }),
            None => {
                let changes = self.registry.changes();
                Entry::Vacant(VacantEntry { map: self, hash, key, changes })
            }
        }
    }

    /// Puts in all entries of another map. Where both have a key, the other's value wins.
    ///
    /// ```
    /// use gc_core::{Gc, WeakValueMap};
    ///
    /// let (five, six) = (Gc::new(5), Gc::new(6));
    /// let map = WeakValueMap::from([("n", &five)]);
    /// map.merge(&WeakValueMap::from([("n", &six)]));
    /// assert_eq!(map.get("n").as_deref(), Some(&6));
    /// ```
    pub fn merge<R>(&self, other: &WeakValueMap<K, V, R>)
    where
        K: Clone,
    {
        for (key, value) in other {
            self.insert(K::clone(&key), &value);
        }
    }

    fn find<Q: Eq + ?Sized>(
        &self,
        hash: u64,
        key: &Q,
        members: Members,
    ) -> Option<crate::entry::Loan<KeyFor<K, V>>>
    where
        K: Borrow<Q>,
    {
        self.registry.find(hash, members, |loan| loan.content().key.borrow() == key)
    }

    fn get_hashed<Q: Eq + ?Sized>(&self, hash: u64, key: &Q) -> Option<Gc<V>>
    where
        K: Borrow<Q>,
    {
        self.find(hash, key, Members::Alive)?.content().value.upgrade()
    }

    fn insert_hashed(&self, hash: u64, key: K, value: &Gc<V>) -> Option<Gc<V>> {
        let old = self.find(hash, &key, Members::Waiting);
        if let Some(old) = &old {
            self.registry.remove(old);
        }
        let content = KeyFor { key, value: Gc::downgrade(value) };
        self.registry.insert(value.object(), hash, content);
        // The old key goes at the end of this, when the new entry stands.
        old.and_then(|old| old.content().value.upgrade())
    }
}

/// The place of a key in a [`WeakValueMap`]. From [`WeakValueMap::entry`].
pub enum Entry<'a, K, V: ?Sized, S = RandomState> {
    /// There is a living value.
    Occupied(OccupiedEntry<'a, K, V, S>),
    /// There is none.
    Vacant(VacantEntry<'a, K, V, S>),
}

/// The place of a key that has a value, which is kept alive meanwhile.
pub struct OccupiedEntry<'a, K, V: ?Sized, S = RandomState> {
    map: &'a WeakValueMap<K, V, S>,
    hash: u64,
    key: K,
    value: Gc<V>,
}

/// The place of a key that had no living value when it was asked for.
pub struct VacantEntry<'a, K, V: ?Sized, S = RandomState> {
    map: &'a WeakValueMap<K, V, S>,
    hash: u64,
    key: K,
    /// The map's changes when it was seen to have no such key.
    changes: u64,
}

impl<K: Trace + Eq + Hash, V: ?Sized + 'static, S: BuildHasher> Entry<'_, K, V, S> {
    /// The living value, or this one, which is put in.
    ///
    /// ```
    /// use gc_core::{Gc, WeakValueMap};
    ///
    /// let (five, other) = (Gc::new(5), Gc::new(5));
    /// let map = WeakValueMap::new();
    /// assert!(Gc::ptr_eq(&map.entry("five").or_insert(&five), &five));
    /// assert!(Gc::ptr_eq(&map.entry("five").or_insert(&other), &five));
    /// ```
    pub fn or_insert(self, value: &Gc<V>) -> Gc<V> {
        self.or_insert_with(|| value.clone())
    }

    /// The living value, or the one that `make` makes, which is put in. As
    /// [`WeakValueMap::get_or_insert_with`].
    ///
    /// ```
    /// use gc_core::{Gc, WeakValueMap};
    ///
    /// let map = WeakValueMap::new();
    /// let five = map.entry("five").or_insert_with(|| Gc::new(5));
    /// let same = map.entry("five").or_insert_with(|| unreachable!());
    /// assert!(Gc::ptr_eq(&five, &same));
    /// ```
    pub fn or_insert_with(self, make: impl FnOnce() -> Gc<V>) -> Gc<V> {
        let VacantEntry { map, hash, key, changes } = match self {
            Entry::Occupied(entry) => return entry.value,
            Entry::Vacant(entry) => entry,
        };
        let value = make();
        if map.registry.changes() != changes
            && let Some(present) = map.get_hashed(hash, &key)
        {
            return present;
        }
        map.insert_hashed(hash, key, &value);
        value
    }

    /// The key that was asked for.
    ///
    /// ```
    /// use gc_core::WeakValueMap;
    ///
    /// let map = WeakValueMap::<_, i32>::new();
    /// assert_eq!(*map.entry("five").key(), "five");
    /// ```
    pub fn key(&self) -> &K {
        match self {
            Entry::Occupied(entry) => entry.key(),
            Entry::Vacant(entry) => entry.key(),
        }
    }
}

impl<K: Trace + Eq + Hash, V: ?Sized + 'static, S: BuildHasher> OccupiedEntry<'_, K, V, S> {
    /// The key that was asked for.
    ///
    /// ```
    /// use gc_core::{Gc, WeakValueMap, weak_value_map::Entry};
    ///
    /// let five = Gc::new(5);
    /// let map = WeakValueMap::from([("five", &five)]);
    /// let Entry::Occupied(entry) = map.entry("five") else { unreachable!("five lives") };
    /// assert_eq!(*entry.key(), "five");
    /// ```
    pub fn key(&self) -> &K {
        &self.key
    }

    /// The value.
    ///
    /// ```
    /// use gc_core::{Gc, WeakValueMap, weak_value_map::Entry};
    ///
    /// let five = Gc::new(5);
    /// let map = WeakValueMap::from([("five", &five)]);
    /// let Entry::Occupied(entry) = map.entry("five") else { unreachable!("five lives") };
    /// assert!(Gc::ptr_eq(entry.get(), &five));
    /// ```
    pub fn get(&self) -> &Gc<V> {
        &self.value
    }

    /// Puts another value in, and returns the present one.
    ///
    /// ```
    /// use gc_core::{Gc, WeakValueMap, weak_value_map::Entry};
    ///
    /// let five = Gc::new(5);
    /// let map = WeakValueMap::from([("five", &five)]);
    /// let Entry::Occupied(entry) = map.entry("five") else { unreachable!("five lives") };
    /// let other = Gc::new(55);
    /// assert_eq!(*entry.insert(&other), 5);
    /// assert_eq!(map.get("five"), Some(other));
    /// ```
    pub fn insert(self, value: &Gc<V>) -> Gc<V> {
        self.map.insert_hashed(self.hash, self.key, value);
        self.value
    }

    /// Takes the entry out, and returns its value.
    ///
    /// ```
    /// use gc_core::{Gc, WeakValueMap, weak_value_map::Entry};
    ///
    /// let five = Gc::new(5);
    /// let map = WeakValueMap::from([("five", &five)]);
    /// let Entry::Occupied(entry) = map.entry("five") else { unreachable!("five lives") };
    /// assert_eq!(entry.remove(), five);
    /// assert!(map.is_empty());
    /// ```
    pub fn remove(self) -> Gc<V> {
        if let Some(found) = self.map.find(self.hash, &self.key, Members::Waiting) {
            self.map.registry.remove(&found);
        }
        self.value
    }
}

impl<K: Trace + Eq + Hash, V: ?Sized + 'static, S: BuildHasher> VacantEntry<'_, K, V, S> {
    /// The key that was asked for.
    ///
    /// ```
    /// use gc_core::{WeakValueMap, weak_value_map::Entry};
    ///
    /// let map = WeakValueMap::<_, i32>::new();
    /// let Entry::Vacant(entry) = map.entry("five") else { unreachable!("the map is empty") };
    /// assert_eq!(*entry.key(), "five");
    /// ```
    pub fn key(&self) -> &K {
        &self.key
    }

    /// The key, back.
    ///
    /// ```
    /// use gc_core::{WeakValueMap, weak_value_map::Entry};
    ///
    /// let map = WeakValueMap::<_, i32>::new();
    /// let Entry::Vacant(entry) = map.entry("five".to_owned()) else { unreachable!("the map is empty") };
    /// assert_eq!(entry.into_key(), "five");
    /// assert!(map.is_empty());
    /// ```
    pub fn into_key(self) -> K {
        self.key
    }

    /// Puts a value in, in the place of any that has come meanwhile.
    ///
    /// ```
    /// use gc_core::{Gc, WeakValueMap, weak_value_map::Entry};
    ///
    /// let five = Gc::new(5);
    /// let map = WeakValueMap::new();
    /// let Entry::Vacant(entry) = map.entry("five") else { unreachable!("the map is empty") };
    /// entry.insert(&five);
    /// assert_eq!(map.get("five"), Some(five));
    /// ```
    pub fn insert(self, value: &Gc<V>) {
        self.map.insert_hashed(self.hash, self.key, value);
    }
}

impl<K: fmt::Debug, V: ?Sized, S> fmt::Debug for Entry<'_, K, V, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Entry::Occupied(entry) => f.debug_tuple("Entry").field(entry).finish(),
            Entry::Vacant(entry) => f.debug_tuple("Entry").field(entry).finish(),
        }
    }
}

impl<K: fmt::Debug, V: ?Sized, S> fmt::Debug for OccupiedEntry<'_, K, V, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OccupiedEntry").field("key", &self.key).finish_non_exhaustive()
    }
}

impl<K: fmt::Debug, V: ?Sized, S> fmt::Debug for VacantEntry<'_, K, V, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("VacantEntry").field(&self.key).finish()
    }
}

/// A walk over the entries of a [`WeakValueMap`]. From [`WeakValueMap::iter`].
pub struct Iter<'a, K, V: ?Sized> {
    walk: Walk<KeyFor<K, V>>,
    _map: std::marker::PhantomData<&'a K>,
}

impl<'a, K, V: ?Sized> Iterator for Iter<'a, K, V> {
    type Item = (Lent<'a, K>, Gc<V>);

    fn next(&mut self) -> Option<Self::Item> {
        self.walk.find_map(|(loan, member)| {
            let value = loan.content().value.upgrade()?;
            Some((Lent::new(loan, |content| &content.key, Some(member)), value))
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.walk.size_hint()
    }
}

impl<K, V: ?Sized> fmt::Debug for Iter<'_, K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Iter").finish_non_exhaustive()
    }
}

impl<'a, K: Trace, V: ?Sized + 'static, S> IntoIterator for &'a WeakValueMap<K, V, S> {
    type Item = (Lent<'a, K>, Gc<V>);
    type IntoIter = Iter<'a, K, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<K, V: ?Sized, S: Default> Default for WeakValueMap<K, V, S> {
    fn default() -> Self {
        Self::with_hasher(S::default())
    }
}

impl<K, V, S> Clone for WeakValueMap<K, V, S>
where
    K: Trace + Eq + Hash + Clone,
    V: ?Sized + 'static,
    S: BuildHasher + Clone,
{
    /// A map of its own with the living entries.
    fn clone(&self) -> Self {
        let map = Self::with_hasher(self.hasher.clone());
        map.merge(self);
        map
    }
}

impl<'a, K, V, S> Extend<(K, &'a Gc<V>)> for WeakValueMap<K, V, S>
where
    K: Trace + Eq + Hash,
    V: ?Sized + 'static,
    S: BuildHasher,
{
    fn extend<I: IntoIterator<Item = (K, &'a Gc<V>)>>(&mut self, entries: I) {
        entries.into_iter().for_each(|(key, value)| drop(self.insert(key, value)));
    }
}

impl<K, V, S> Extend<(K, Gc<V>)> for WeakValueMap<K, V, S>
where
    K: Trace + Eq + Hash,
    V: ?Sized + 'static,
    S: BuildHasher,
{
    fn extend<I: IntoIterator<Item = (K, Gc<V>)>>(&mut self, entries: I) {
        entries.into_iter().for_each(|(key, value)| drop(self.insert(key, &value)));
    }
}

impl<'a, K, V, S> FromIterator<(K, &'a Gc<V>)> for WeakValueMap<K, V, S>
where
    K: Trace + Eq + Hash,
    V: ?Sized + 'static,
    S: BuildHasher + Default,
{
    fn from_iter<I: IntoIterator<Item = (K, &'a Gc<V>)>>(entries: I) -> Self {
        let mut map = Self::default();
        map.extend(entries);
        map
    }
}

impl<K, V, S> FromIterator<(K, Gc<V>)> for WeakValueMap<K, V, S>
where
    K: Trace + Eq + Hash,
    V: ?Sized + 'static,
    S: BuildHasher + Default,
{
    fn from_iter<I: IntoIterator<Item = (K, Gc<V>)>>(entries: I) -> Self {
        let mut map = Self::default();
        map.extend(entries);
        map
    }
}

impl<'a, K, V, const N: usize> From<[(K, &'a Gc<V>); N]> for WeakValueMap<K, V>
where
    K: Trace + Eq + Hash,
    V: ?Sized + 'static,
{
    fn from(entries: [(K, &'a Gc<V>); N]) -> Self {
        entries.into_iter().collect()
    }
}

impl<K, V, S> fmt::Debug for WeakValueMap<K, V, S>
where
    K: Trace + fmt::Debug,
    V: ?Sized + fmt::Debug + 'static,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).finish()
    }
}
