//! Types that a macro makes.
#![forbid(unsafe_code)]

use super::support::{Foreign, Gc, Hub, Slot, Trace, cycle_is_freed, edges, is_tracked};

macro_rules! by_parts {
    ($(#[$attr:meta])* $vis:vis $name:ident<$param:ident>, $bound:literal, $field:ident: $ty:ty) => {
        $(#[$attr])*
        #[trace(bound = $bound)]
        $vis struct $name<$param> {
            $field: $ty,
            all: Vec<$ty>,
            generic: $param,
            call: fn(&$ty),
        }
    };
}

by_parts! {
    /// With a comment.
    #[derive(Trace)]
    pub(crate) Made<T>, "T: Trace", held: Gc<Hub>
}

#[test]
fn from_names_types_and_literals() {
    let made = |held: Gc<Hub>| Made { all: vec![held.clone()], held, generic: 1, call: |_| () };
    assert_eq!(edges(made(Gc::default())), 2);
    assert!(cycle_is_freed(made));
}

#[test]
fn from_a_whole_item() {
    macro_rules! pass {
        ($item:item) => {
            $item
        };
    }
    macro_rules! derive {
        ($($item:tt)*) => {
            #[derive(Trace)]
            $($item)*
        };
    }
    pass! {
        #[derive(Trace)]
        struct Passed<T>(T, Slot<Passed<T>>);
    }
    derive! {
        enum Derived { Held(Gc<Hub>), #[trace(skip)] Raw(Foreign) }
    }
    assert!(cycle_is_freed(|hub| Passed(hub, Slot::default())));
    assert!(cycle_is_freed(Derived::Held));
}

#[test]
fn from_type_fragments_that_hide_what_they_are() {
    macro_rules! fields {
        ($name:ident: $($ty:ty),*) => {
            #[derive(Trace)]
            struct $name($($ty),*);
        };
    }
    fields!(Functions: fn(&u8) -> &u8, std::marker::PhantomData<Foreign>, Option<fn(&Foreign)>);
    fields!(Tail: u8, [Gc<Hub>]);
    fields!(Held: Gc<Hub>, std::rc::Rc<u8>, &'static str);
    assert!(!is_tracked(Functions(|it| it, std::marker::PhantomData, None)));
    super::support::traced::<Tail>();
    assert!(cycle_is_freed(|hub| Held(hub, std::rc::Rc::new(1), "text")));
}

#[test]
fn from_parameters_and_bounds() {
    macro_rules! generic {
        ($name:ident<$($param:ident $(: $bound:path)?),*> $($ty:ty),*) => {
            #[derive(Trace)]
            struct $name<$($param $(: $bound)?),*>($($ty),*);
        };
    }
    generic!(Both<A: Clone, B> A, Vec<B>, Option<A>);
    assert!(cycle_is_freed(|hub: Gc<Hub>| Both(hub.clone(), vec![1], Some(hub))));
}

#[test]
fn with_variants_from_a_list() {
    macro_rules! variants {
        ($($name:ident($($ty:ty),*) $(= $skip:ident)?;)*) => {
            #[derive(Trace)]
            enum Value {
                $($(#[trace($skip)])? $name($($ty),*),)*
            }
        };
    }
    variants! {
        Nothing();
        Number(f64);
        Pair(Gc<Hub>, Gc<Hub>);
        Raw(Foreign) = skip;
    }
    assert_eq!(edges(Value::Pair(Gc::default(), Gc::default())), 2);
    assert_eq!(edges(Value::Raw(Foreign)), 0);
}

#[test]
fn macros_in_the_place_of_types() {
    macro_rules! list {
        ($ty:ty) => { Vec<$ty> };
    }
    #[derive(Trace)]
    struct Lists<T>(list![T], list![list![Gc<Hub>]]);
    assert!(cycle_is_freed(|hub| Lists(vec![1], vec![vec![hub]])));
}

#[test]
fn macros_made_by_macros() {
    macro_rules! outer {
        ($inner:ident, $name:ident) => {
            macro_rules! $inner {
                ($field:ident) => {
                    #[derive(Trace)]
                    struct $name {
                        $field: Gc<Hub>,
                        hidden: Slot<$name>,
                    }
                };
            }
        };
    }
    outer!(inner, Element);
    inner!(held);
    assert!(cycle_is_freed(|held| Element { held, hidden: Slot::default() }));
}
