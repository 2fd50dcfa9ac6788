//! [`WeakValueMap`]: a map that does not keep its values alive.

use std::borrow::Borrow;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::{BuildHasher, Hash};
use std::rc::Rc;

use crate::gc::Gc;
use crate::watch::Watch;

/// A map whose entries go when their values die. The twin of `WeakValueDictionary`: for caches and
/// tables of shared objects.
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
pub struct WeakValueMap<K, V: ?Sized, S = RandomState> {
    entries: RefCell<HashMap<K, Watch<V>, S>>,
    /// Entries whose value has died. A death counts itself here and does no more, so that no `Hash` or
    /// `Eq` runs in it; the entry goes at the next insertion that would let the map grow.
    dead: Rc<Cell<usize>>,
}

impl<K: Eq + Hash, V: ?Sized> WeakValueMap<K, V> {
    /// An empty map.
    #[must_use]
    pub fn new() -> Self {
        Self::with_hasher(RandomState::new())
    }
}

impl<K, V: ?Sized, S> WeakValueMap<K, V, S> {
    /// An empty map that hashes with `hasher`.
    #[must_use]
    pub fn with_hasher(hasher: S) -> Self {
        Self { entries: RefCell::new(HashMap::with_hasher(hasher)), dead: Rc::default() }
    }

    /// How many entries have a living value. Right without a purge; while an object is at its end, it
    /// counts until the map's turn among the calls at its death has come.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.borrow().len() - self.dead.get()
    }

    /// Whether no entry has a living value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<K: Eq + Hash, V: ?Sized, S: BuildHasher> WeakValueMap<K, V, S> {
    /// A handle to the value of this key, if it lives.
    pub fn get<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<Gc<V>>
    where
        K: Borrow<Q>,
    {
        self.entries.borrow().get(key)?.upgrade()
    }

    /// Puts a value in, without keeping it alive. Returns the key's old value, if it lives.
    ///
    /// # Panics
    ///
    /// If the key's `Hash` or `Eq` inserts into the same map.
    pub fn insert(&self, key: K, value: &Gc<V>) -> Option<Gc<V>> {
        let dead = self.dead.clone();
        let watch = Gc::watch(value, move || dead.set(dead.get() + 1));
        // Declared first, so that on a panic too it is dropped when the map is free again.
        let mut purged = Vec::new();
        let mut entries = self.entries.borrow_mut();
        if entries.len() == entries.capacity() && self.dead.get() > 0 {
            self.dead.set(0);
            purged.extend(entries.extract_if(|_, watch| watch.has_fired()));
        }
        let old = entries.insert(key, watch);
        drop(entries);
        // What goes may have drops of its own: only when the map is whole and free again.
        drop(purged);
        let old = old?;
        if old.has_fired() {
            self.dead.set(self.dead.get() - 1);
        }
        old.upgrade()
    }
}

impl<K: Eq + Hash, V: ?Sized> Default for WeakValueMap<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K, V: ?Sized, S> fmt::Debug for WeakValueMap<K, V, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WeakValueMap").field("len", &self.len()).finish_non_exhaustive()
    }
}
