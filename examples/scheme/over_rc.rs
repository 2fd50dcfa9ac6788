//! The same interpreter over `Rc`: what it costs, and what it leaks.

/// The names under which the interpreter knows its pointers, for `Rc`. What only a collector can do is
/// here and does nothing.
pub(crate) mod pointer {
    use std::borrow::Borrow;
    use std::cell::{Cell, RefCell};
    use std::collections::HashMap;
    use std::fmt;
    use std::hash::Hash;
    use std::ops::Deref;
    use std::rc;

    pub(crate) use gc_core::{Finalize, FinalizeCx, Trace};

    use gc_core::Leaf;

    use crate::scheme::HeapFigures;

    thread_local! {
        static LIVE_OBJECTS: Cell<usize> = const { Cell::new(0) };
    }

    /// An `Rc`, and for the derives of the interpreter's types a leaf: nobody ever traces them.
    #[derive(Trace)]
    #[trace(leaf)]
    pub(crate) struct Gc<T: 'static>(Leaf<rc::Rc<Counted<T>>>);

    /// A value that is counted among the living.
    struct Counted<T>(T);

    impl<T> Drop for Counted<T> {
        fn drop(&mut self) {
            LIVE_OBJECTS.set(LIVE_OBJECTS.get() - 1);
        }
    }

    impl<T> Gc<T> {
        #[inline]
        pub(crate) fn new(value: T) -> Self {
            LIVE_OBJECTS.set(LIVE_OBJECTS.get() + 1);
            Self(Leaf(rc::Rc::new(Counted(value))))
        }

        pub(crate) fn ptr_eq(this: &Self, other: &Self) -> bool {
            rc::Rc::ptr_eq(&this.0, &other.0)
        }

        pub(crate) fn downgrade(this: &Self) -> Weak<T> {
            Weak(Leaf(rc::Rc::downgrade(&this.0)))
        }
    }

    impl<T> Clone for Gc<T> {
        #[inline]
        fn clone(&self) -> Self {
            Self(Leaf(rc::Rc::clone(&self.0)))
        }
    }

    impl<T> Deref for Gc<T> {
        type Target = T;

        #[inline]
        fn deref(&self) -> &T {
            &self.0.0.0
        }
    }

    impl<T: PartialEq> PartialEq for Gc<T> {
        fn eq(&self, other: &Self) -> bool {
            **self == **other
        }
    }

    impl<T: Eq> Eq for Gc<T> {}

    impl<T: Hash> Hash for Gc<T> {
        fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
            (**self).hash(state);
        }
    }

    impl<T: fmt::Debug> fmt::Debug for Gc<T> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            (**self).fmt(f)
        }
    }

    #[derive(Trace)]
    #[trace(leaf)]
    pub(crate) struct Weak<T: 'static>(Leaf<rc::Weak<Counted<T>>>);

    impl<T> Weak<T> {
        pub(crate) fn upgrade(&self) -> Option<Gc<T>> {
            self.0.upgrade().map(|strong| Gc(Leaf(strong)))
        }
    }

    impl<T> Clone for Weak<T> {
        fn clone(&self) -> Self {
            Self(Leaf(self.0.0.clone()))
        }
    }

    /// A table in which equal values share one object. The places of the dead stay.
    pub(crate) struct Interner<T: 'static>(RefCell<HashMap<Box<str>, Weak<T>>>);

    impl<T: Borrow<str>> Interner<T> {
        pub(crate) fn new() -> Self {
            Self(RefCell::default())
        }

        pub(crate) fn len(&self) -> usize {
            self.0.borrow().values().filter(|object| object.upgrade().is_some()).count()
        }

        pub(crate) fn intern_with(&self, value: &str, make: impl FnOnce(&str) -> Gc<T>) -> Gc<T> {
            let present = self.0.borrow().get(value).and_then(Weak::upgrade);
            present.unwrap_or_else(|| {
                let object = make(value);
                self.0.borrow_mut().insert(value.into(), Gc::downgrade(&object));
                object
            })
        }
    }

    /// What is known of objects, by their addresses. The places of the dead stay.
    pub(crate) struct WeakKeyMap<K: 'static, V>(RefCell<HashMap<usize, (Weak<K>, V)>>);

    impl<K, V: Copy> WeakKeyMap<K, V> {
        pub(crate) fn new() -> Self {
            Self(RefCell::default())
        }

        pub(crate) fn insert(&self, key: &Gc<K>, value: V) -> Option<V> {
            let place = (Gc::downgrade(key), value);
            self.0.borrow_mut().insert(address(key), place).map(|(_, old)| old)
        }

        pub(crate) fn get(&self, key: &Gc<K>) -> Option<rc::Rc<V>> {
            // Whoever is at the address of a weak handle is its object: the handle keeps the place.
            self.0.borrow().get(&address(key)).map(|&(_, value)| rc::Rc::new(value))
        }
    }

    pub(crate) fn address<T>(object: &Gc<T>) -> usize {
        (&raw const **object).addr()
    }

    pub(crate) fn resurrect<T>(_: &FinalizeCx<'_, T>) -> Option<Gc<T>> {
        None
    }

    pub(crate) fn on_death<T>(_: &Gc<T>, _: impl FnOnce() + 'static) {}

    pub(crate) fn collect() -> usize {
        0
    }

    pub(crate) fn figures() -> HeapFigures {
        HeapFigures { live_objects: LIVE_OBJECTS.get(), ..HeapFigures::default() }
    }
}

#[path = "interpreter/mod.rs"]
#[allow(clippy::duplicate_mod, reason = "the same source over another pointer is the point")]
pub(crate) mod interpreter;
