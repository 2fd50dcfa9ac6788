//! Parameters of which no `Trace` is asked, since nothing of theirs is visited.
#![forbid(unsafe_code)]

use std::cell::LazyCell;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, DefaultHasher};
use std::marker::PhantomData;
use std::mem::ManuallyDrop;

use super::support::{Foreign, Gc, Hub, RefCell, Trace, cycle_is_freed, edges, is_tracked, traced};

#[test]
fn phantom_data_of_anything() {
    #[derive(Trace)]
    struct Id<T: ?Sized, U>(u32, PhantomData<T>, PhantomData<fn() -> U>, [PhantomData<U>; 2]);
    traced::<Id<str, Foreign>>();
    let id = Id::<dyn Fn(), *const u8>(1, PhantomData, PhantomData, [PhantomData; 2]);
    assert!(!is_tracked(id));
}

#[test]
fn the_parameters_of_function_pointers() {
    #[derive(Trace)]
    struct Callback<A, R: 'static> {
        call: fn(A) -> R,
        by_reference: for<'a> fn(&'a R) -> &'a R,
    }
    traced::<Callback<Foreign, Foreign>>();
}

#[test]
fn parameters_in_skipped_fields() {
    #[derive(Trace)]
    struct Cache<T, F> {
        #[trace(skip)]
        compute: F,
        value: Option<T>,
    }
    let captured: Gc<Hub> = Gc::default();
    let cache = Cache { compute: move || captured.clone(), value: Some(Gc::new(1)) };
    assert_eq!(edges(cache), 1);
    assert!(cycle_is_freed(|hub| Cache { compute: |n: u8| n + 1, value: Some(hub) }));
}

#[test]
fn hashers() {
    type Hasher = BuildHasherDefault<DefaultHasher>;
    #[derive(Clone, Default)]
    struct Own(Hasher);
    impl std::hash::BuildHasher for Own {
        type Hasher = DefaultHasher;
        fn build_hasher(&self) -> DefaultHasher {
            self.0.build_hasher()
        }
    }
    #[derive(Trace)]
    struct Index<K, V, S> {
        entries: RefCell<HashMap<K, V, S>>,
        seen: HashSet<K, S>,
    }
    let index = |hub| Index {
        entries: RefCell::new(HashMap::from_iter([("hub", hub)])),
        seen: HashSet::<&'static str, Own>::default(),
    };
    assert_eq!(edges(index(Gc::default())), 1);
    assert!(cycle_is_freed(index));
}

#[test]
fn initializers() {
    #[derive(Trace)]
    struct Settings<T, F: FnOnce() -> T>(LazyCell<T, F>);
    assert!(!is_tracked(Settings(LazyCell::new(|| 1))));
    assert!(cycle_is_freed(|hub| {
        let lazy = LazyCell::new(|| hub);
        LazyCell::force(&lazy);
        Settings(lazy)
    }));
}

#[test]
fn what_is_never_looked_into() {
    #[derive(Trace)]
    struct Raw<T>(ManuallyDrop<T>, Option<std::mem::MaybeUninit<T>>);
    traced::<Raw<Foreign>>();
    assert!(!is_tracked(Raw(ManuallyDrop::new(Foreign), None)));
}
