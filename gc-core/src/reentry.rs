//! Keeps `Debug`, `==`, `Hash`, `Ord` and `Serialize` of a graph from running round a cycle for ever: the objects
//! under way in this thread.

use std::cell::RefCell;

use crate::object::ObjectRef;

thread_local! {
    static SHOWN: RefCell<Vec<ObjectRef>> = const { RefCell::new(Vec::new()) };
    static COMPARED: RefCell<Vec<(ObjectRef, ObjectRef)>> = const { RefCell::new(Vec::new()) };
    static ORDERED: RefCell<Vec<(ObjectRef, ObjectRef)>> = const { RefCell::new(Vec::new()) };
    static HASHED: RefCell<Vec<ObjectRef>> = const { RefCell::new(Vec::new()) };
    #[cfg(feature = "serde-1")]
    static SERIALIZED: RefCell<Vec<ObjectRef>> = const { RefCell::new(Vec::new()) };
}

/// Where an object (or a pair) is noted while it is under way.
type UnderWay<T> = std::thread::LocalKey<RefCell<Vec<T>>>;

/// Runs `code` with `item` noted, unless it is noted already: then `None`. When the thread's
/// destructors run there is no note any more, and `code` runs as for `Rc`.
fn once<T: Copy + Eq + 'static, R>(
    under_way: &'static UnderWay<T>,
    item: T,
    code: impl FnOnce() -> R,
) -> Option<R> {
    /// Takes the note away, whatever way the code ends.
    struct Noted<T: 'static>(&'static UnderWay<T>);
    impl<T> Drop for Noted<T> {
        fn drop(&mut self) {
            let _ = self.0.try_with(|items| items.borrow_mut().pop());
        }
    }
    let known = under_way.try_with(|items| {
        let mut items = items.borrow_mut();
        let known = items.contains(&item);
        if !known {
            items.push(item);
        }
        known
    });
    match known {
        Ok(true) => None,
        Ok(false) => {
            let _noted = Noted(under_way);
            Some(code())
        }
        Err(_) => Some(code()),
    }
}

/// Shows an object, or `None` if that is under way already.
pub(crate) fn show<R>(object: ObjectRef, code: impl FnOnce() -> R) -> Option<R> {
    once(&SHOWN, object, code)
}

/// Serializes an object, or `None` if that is under way already.
#[cfg(feature = "serde-1")]
pub(crate) fn serialize<R>(object: ObjectRef, code: impl FnOnce() -> R) -> Option<R> {
    once(&SERIALIZED, object, code)
}

/// Compares two objects for equality, or `None` if that is under way already.
pub(crate) fn compare<R>(one: ObjectRef, other: ObjectRef, code: impl FnOnce() -> R) -> Option<R> {
    once(&COMPARED, (one, other), code)
}

/// Orders two objects.
///
/// # Panics
/// If that is under way already: round a cycle there is no order. (One of them alone may come up again
/// beside a third without any cycle: where the order of a part is the reverse, say.)
pub(crate) fn order<R>(one: ObjectRef, other: ObjectRef, code: impl FnOnce() -> R) -> R {
    once(&ORDERED, (one, other), code).unwrap_or_else(|| endless("the order", one))
}

/// Hashes an object.
///
/// # Panics
/// If that is under way already: round a cycle there is no hash.
pub(crate) fn hash<R>(object: ObjectRef, code: impl FnOnce() -> R) -> R {
    once(&HASHED, object, code).unwrap_or_else(|| endless("the hash", object))
}

#[cold]
fn endless(what: &str, object: ObjectRef) -> ! {
    panic!(
        "{what} of a cyclic graph: the object <{}> leads back to itself, so it has none. Leave the \
         field that closes the cycle out, or compare by `Gc::id`",
        object.type_name()
    )
}
