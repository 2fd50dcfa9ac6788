//! Types in places where names mean something else, or where there is no name for them outside.
#![forbid(unsafe_code)]

use super::support::{Gc, Hub, cycle_is_freed};

#[test]
fn inside_functions_and_closures() {
    use gc_core::{Slot, Trace};
    fn generic<T: Trace + Default>() -> bool {
        #[derive(Trace, Default)]
        struct Local<U> {
            value: U,
            next: Slot<Local<U>>,
        }
        Gc::is_tracked(&Gc::new(Local::<T>::default()))
    }
    assert!(generic::<u8>());
    let closure = |hub| {
        #[derive(Trace)]
        enum Local {
            Held(Gc<Hub>),
        }
        Local::Held(hub)
    };
    assert!(cycle_is_freed(closure));
}

#[test]
fn inside_a_constant_without_a_name() {
    trait Test {
        fn test() -> bool;
    }
    const _: () = {
        #[derive(gc_core::Trace)]
        struct Local(Gc<Hub>);
        impl Test for u8 {
            fn test() -> bool {
                cycle_is_freed(Local)
            }
        }
    };
    assert!(u8::test());
}

#[test]
fn inside_a_method() {
    struct Outer;
    impl Outer {
        fn test() -> bool {
            #[derive(gc_core::Trace)]
            struct Inner<Outer>(Outer);
            cycle_is_freed(Inner)
        }
    }
    assert!(Outer::test());
}

mod shadowed {
    use ::gc_core::Trace as Derive;

    pub(super) trait Trace {}
    pub(super) struct Option;
    pub(super) struct Vec<T>(pub(super) T);
    pub(super) enum Result {
        Ok,
        Err,
    }
    pub(super) struct Box;
    pub(super) struct Gc;
    pub(super) struct Tracer;
    pub(super) struct Depth;
    pub(super) struct Finalizer;
    pub(super) trait Sized {}
    mod core {}
    mod std {}
    mod gc_core {}
    mod alloc {}

    #[derive(Derive)]
    #[trace(finalize)]
    pub(super) struct Holds<T> {
        pub(super) none: crate::accept::scopes::Plain,
        pub(super) held: ::gc_core::Gc<super::Hub>,
        pub(super) value: T,
    }
    impl<T> ::gc_core::Finalize for Holds<T> {
        fn finalize(&self, _: &::gc_core::FinalizeCx<'_, Self>) {}
    }

    #[derive(Derive)]
    pub(super) enum Variants {
        Some(::gc_core::Gc<super::Hub>),
        None,
        Ok { bool: ::gc_core::Gc<super::Hub> },
    }
}

#[derive(gc_core::Trace, Default)]
struct Plain;

#[test]
fn names_of_std_and_of_the_crate_that_are_shadowed() {
    assert!(cycle_is_freed(|held| shadowed::Holds { none: Plain, held, value: 1 }));
    assert!(cycle_is_freed(shadowed::Variants::Some));
    assert!(cycle_is_freed(|bool| shadowed::Variants::Ok { bool }));
}

#[test]
fn types_that_are_called_like_those_of_std() {
    #[derive(gc_core::Trace)]
    struct Option(Gc<Hub>);
    #[derive(gc_core::Trace)]
    struct Vec<T>(T);
    #[derive(gc_core::Trace)]
    struct Uses(Option, Vec<Gc<Hub>>);
    assert!(cycle_is_freed(|hub| Uses(Option(hub.clone()), Vec(hub))));
}

#[test]
fn constants_and_statics_that_are_called_like_bindings() {
    #![allow(non_upper_case_globals)]
    const tracer: u8 = 0;
    static depth: u8 = 0;
    const field0: u8 = 0;
    const hub: u8 = 0;
    #[derive(gc_core::Trace)]
    struct Element {
        tracer: u8,
        depth: u8,
        field0: Gc<Hub>,
    }
    assert!(cycle_is_freed(|held| Element { tracer, depth: depth + hub + field0, field0: held }));
}

#[test]
fn fields_and_parameters_that_are_called_like_the_derives_own_names() {
    #[derive(gc_core::Trace)]
    #[allow(non_camel_case_types)]
    struct Element<__tracer> {
        __tracer: __tracer,
        __field0: Gc<Hub>,
        __depth: u8,
    }
    assert!(cycle_is_freed(|held| Element { __tracer: 1, __field0: held, __depth: 2 }));
}
