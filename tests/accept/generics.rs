//! Parameters: bounds, clauses, defaults, constants.
#![forbid(unsafe_code)]

use std::fmt::{Debug, Display};

use super::support::{Gc, Hub, Slot, Trace, cycle_is_freed, edges, is_tracked, traced};

#[test]
fn bounds_in_the_list_of_parameters() {
    #[derive(Trace)]
    struct Named<T: Debug + 'static, U: Clone> {
        value: T,
        other: U,
    }
    assert_eq!(edges(Named { value: 1, other: Gc::new(2) }), 1);
    assert!(cycle_is_freed(|hub| Named { value: hub, other: () }));
}

#[test]
fn where_clauses() {
    #[derive(Trace)]
    struct Named<T, U>
    where
        T: Debug,
        Vec<U>: Clone,
        for<'a> &'a U: PartialEq<&'a U>,
        String: Display,
    {
        value: T,
        others: Vec<U>,
    }
    assert!(cycle_is_freed(|hub| Named { value: hub, others: vec![1, 2] }));
}

#[test]
fn defaults() {
    #[derive(Trace)]
    struct Grid<T: Clone = u8, U = Vec<T>, const N: usize = 3> {
        cells: [T; N],
        rest: U,
    }
    assert!(!is_tracked::<Grid>(Grid { cells: [1; 3], rest: vec![] }));
    let held: Grid<Gc<u8>> = Grid { cells: std::array::from_fn(|_| Gc::new(1)), rest: vec![] };
    assert_eq!(edges(held), 3);
}

#[test]
fn constants_as_parameters() {
    #[derive(Trace)]
    struct Pool<T, const N: usize, const NAMED: bool>([Option<Gc<T>>; N]);
    let pool = Pool::<u8, 4, true>([const { None }; 4]);
    assert!(is_tracked(pool));
    assert!(cycle_is_freed(|hub| Pool::<_, 2, false>([Some(hub.clone()), Some(hub)])));
}

#[test]
fn arguments_decide_whether_an_object_is_a_leaf() {
    #[derive(Trace)]
    enum Either<L, R> {
        Left(L),
        Right(R),
    }
    assert!(!is_tracked(Either::<u8, String>::Left(1)));
    assert!(is_tracked(Either::<u8, Gc<u8>>::Left(1)));
    assert!(cycle_is_freed(Either::<_, ()>::Left));
}

#[test]
fn parameters_behind_handles_only() {
    #[derive(Trace)]
    struct Link<T> {
        to: Gc<T>,
        back: Slot<T>,
    }
    assert!(cycle_is_freed(|hub| Link { to: hub, back: Slot::default() }));
}

#[test]
fn a_function_over_any_traced_type() {
    fn share<T: Trace + Clone>(value: T) -> Gc<(T, T)> {
        Gc::new((value.clone(), value))
    }
    assert_eq!(Gc::referents(&share(Gc::<Hub>::default())).len(), 2);
}

#[test]
fn a_derived_type_as_an_argument_of_another() {
    #[derive(Trace)]
    struct Outer<T>(Inner<Inner<T>>, Inner<u8>);
    #[derive(Trace)]
    struct Inner<T>(T);
    traced::<Outer<String>>();
    assert!(!is_tracked(Outer(Inner(Inner(1)), Inner(2))));
    assert!(cycle_is_freed(|hub| Outer(Inner(Inner(hub)), Inner(2))));
}
