//! [`Interner`]: equal values share one object.

use std::borrow::Borrow;
use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::{BuildHasher, Hash};
use std::marker::PhantomData;

use super::Walk;
use crate::gc::Gc;
use crate::object::Life;
use crate::registry::{Members, Registry};
use crate::weak::Weak;

/// A table in which equal values share one object, as long as anyone holds it. The twin of `sys.intern`,
/// for any type; *hash consing*, if the values hold handles to others of their kind.
///
/// The table keeps nothing alive, and nothing of its own but a place for each object. It is for `str`
/// and slices as well.
///
/// ```
/// use gc_core::{Gc, Interner};
///
/// let names = Interner::<str>::new();
/// let one = names.intern("name");
/// let same = names.intern(String::from("name"));
/// assert!(Gc::ptr_eq(&one, &same));
/// drop((one, same));
/// assert!(names.is_empty());
/// ```
///
/// Values must not change as long as they are in the table, in what `Hash` and `Eq` look at. If they do,
/// equal ones may be found or not; nothing worse happens. What `Hash` and `Eq` may do is said at
/// [`WeakValueMap`](crate::WeakValueMap#what-may-hash-and-eq-do).
pub struct Interner<T: ?Sized, S = RandomState> {
    pub(super) registry: Registry<Weak<T>>,
    hasher: S,
}

impl<T: ?Sized> Interner<T> {
    /// An empty table.
    ///
    /// ```
    /// use gc_core::Interner;
    ///
    /// let names = Interner::<str>::new();
    /// assert!(names.is_empty());
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::with_hasher(RandomState::new())
    }
}

impl<T: ?Sized, S> Interner<T, S> {
    /// An empty table that hashes with `hasher`.
    ///
    /// ```
    /// use gc_core::Interner;
    /// use std::hash::{BuildHasherDefault, DefaultHasher};
    ///
    /// let names = Interner::with_hasher(BuildHasherDefault::<DefaultHasher>::default());
    /// assert_eq!(*names.intern(5), 5);
    /// ```
    #[must_use]
    pub const fn with_hasher(hasher: S) -> Self {
        Self { registry: Registry::new(), hasher }
    }

    /// What the table hashes with.
    ///
    /// ```
    /// use gc_core::Interner;
    /// use std::hash::{BuildHasher, RandomState};
    ///
    /// let hasher = RandomState::new();
    /// let names = Interner::<str, _>::with_hasher(hasher.clone());
    /// assert_eq!(names.hasher().hash_one("name"), hasher.hash_one("name"));
    /// ```
    pub const fn hasher(&self) -> &S {
        &self.hasher
    }

    /// How many objects are in the table, at any moment. See
    /// [`WeakValueMap::len`](crate::WeakValueMap::len).
    ///
    /// ```
    /// use gc_core::Interner;
    ///
    /// let names = Interner::<str>::new();
    /// let (one, same, other) = (names.intern("one"), names.intern("one"), names.intern("other"));
    /// assert_eq!(names.len(), 2);
    /// drop((one, same));
    /// assert_eq!(names.len(), 1);
    /// # drop(other);
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.registry.len()
    }

    /// Whether no object is in the table.
    ///
    /// ```
    /// use gc_core::Interner;
    ///
    /// let names = Interner::<str>::new();
    /// let name = names.intern("name");
    /// assert!(!names.is_empty());
    /// drop(name);
    /// assert!(names.is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Forgets all objects. Values equal to theirs get new ones from now on.
    ///
    /// ```
    /// use gc_core::{Gc, Interner};
    ///
    /// let names = Interner::<str>::new();
    /// let old = names.intern("name");
    /// names.clear();
    /// assert!(!Gc::ptr_eq(&names.intern("name"), &old));
    /// ```
    pub fn clear(&self) {
        self.registry.clear();
    }
}

impl<T: ?Sized + Eq + Hash + 'static, S: BuildHasher> Interner<T, S> {
    /// The object with this value: the one that there is, or a new one in the thread's default heap.
    ///
    /// Takes what a `Gc<T>` can be made from and a `T` be borrowed from: a `T` or a box of one; for `str`
    /// a `&str` or a `String`; for slices a slice, an array or a `Vec`.
    ///
    /// ```
    /// use gc_core::{Gc, Interner};
    ///
    /// let numbers = Interner::<u64>::new();
    /// assert!(Gc::ptr_eq(&numbers.intern(5), &numbers.intern(5)));
    ///
    /// let words = Interner::<[u8]>::new();
    /// let word = words.intern(*b"word");
    /// assert!(Gc::ptr_eq(&word, &words.intern(b"word".to_vec())));
    /// ```
    ///
    /// # Panics
    ///
    /// As [`Gc::new`].
    pub fn intern<Q>(&self, value: Q) -> Gc<T>
    where
        Q: Borrow<T>,
        Gc<T>: From<Q>,
    {
        let hash = self.hasher.hash_one(value.borrow());
        match self.get_hashed(hash, value.borrow()) {
            Some(present) => present,
            None => {
                let changes = self.registry.changes();
                self.put_in(hash, changes, Gc::from(value))
            }
        }
    }

    /// The object with this value, or the one that `make` makes of it: in another heap, say.
    ///
    /// If `make` puts an equal one in itself, that is returned.
    ///
    /// ```
    /// use gc_core::{Gc, Heap, Interner};
    ///
    /// let (heap, names) = (Heap::new(), Interner::<str>::new());
    /// let name = names.intern_with("name", |name| Gc::str_in(&heap, name));
    /// assert_eq!(Gc::heap(&name), heap);
    /// # drop(name);
    /// ```
    pub fn intern_with<Q>(&self, value: &Q, make: impl FnOnce(&Q) -> Gc<T>) -> Gc<T>
    where
        T: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let hash = self.hasher.hash_one(value);
        match self.get_hashed(hash, value) {
            Some(present) => present,
            None => {
                let changes = self.registry.changes();
                self.put_in(hash, changes, make(value))
            }
        }
    }

    /// The object with this value, if there is one.
    ///
    /// ```
    /// let names = gc_core::Interner::<str>::new();
    /// assert!(names.get("name").is_none());
    /// let name = names.intern("name");
    /// assert_eq!(names.get("name"), Some(name));
    /// ```
    #[must_use = "the handle is dropped at once otherwise"]
    pub fn get<Q>(&self, value: &Q) -> Option<Gc<T>>
    where
        T: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.get_hashed(self.hasher.hash_one(value), value)
    }

    /// Whether there is an object with this value.
    ///
    /// ```
    /// use gc_core::Interner;
    ///
    /// let names = Interner::<str>::new();
    /// let name = names.intern("name");
    /// assert!(names.contains("name") && !names.contains("other"));
    /// drop(name);
    /// assert!(!names.contains("name"));
    /// ```
    #[must_use]
    pub fn contains<Q>(&self, value: &Q) -> bool
    where
        T: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.get(value).is_some()
    }

    /// The objects, in no order.
    ///
    /// ```
    /// let names = gc_core::Interner::<str>::new();
    /// let name = names.intern("name");
    /// assert!(names.iter().eq([name]));
    /// ```
    pub fn iter(&self) -> Iter<'_, T> {
        Iter { walk: Walk::new(self.registry.places()), _interner: PhantomData }
    }

    fn get_hashed<Q>(&self, hash: u64, value: &Q) -> Option<Gc<T>>
    where
        T: Borrow<Q>,
        Q: Eq + ?Sized,
    {
        let mut present = None;
        let found = self.registry.find(hash, Members::Alive, |loan| {
            present = loan.content().upgrade();
            present.as_deref().is_some_and(|present| present.borrow() == value)
        });
        found.and(present)
    }

    /// Puts a new object in, unless there is one with its value already.
    fn put_in(&self, hash: u64, changes: u64, new: Gc<T>) -> Gc<T> {
        if self.registry.changes() != changes
            && let Some(present) = self.get_hashed(hash, &*new)
        {
            return present;
        }
        // A value that waits for its end is not compared with. If its finalizer brings it back, it has
        // lost its place.
        while let Some(waiting) = self
            .registry
            .find(hash, Members::Waiting, |loan| loan.entry().member().life() == Life::Dying)
        {
            self.registry.remove(&waiting);
        }
        self.registry.insert(new.object(), hash, Gc::downgrade(&new));
        new
    }
}

/// A walk over the objects of an [`Interner`]. From [`Interner::iter`].
pub struct Iter<'a, T: ?Sized> {
    walk: Walk<Weak<T>>,
    _interner: PhantomData<&'a Interner<T>>,
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

impl<'a, T: ?Sized + Eq + Hash + 'static, S: BuildHasher> IntoIterator for &'a Interner<T, S> {
    type Item = Gc<T>;
    type IntoIter = Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: ?Sized, S: Default> Default for Interner<T, S> {
    fn default() -> Self {
        Self::with_hasher(S::default())
    }
}

impl<T: ?Sized + fmt::Debug + 'static, S> fmt::Debug for Interner<T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let walk = Walk::new(self.registry.places());
        let objects = walk.filter_map(|(loan, _member)| loan.content().upgrade());
        f.debug_set().entries(objects).finish()
    }
}
