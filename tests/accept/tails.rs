//! Structs whose last field has no size.
#![forbid(unsafe_code)]

use super::support::{Finalize, FinalizeCx, Foreign, Gc, Hub, Trace, cycle_is_freed, traced};

trait Shape: Trace {
    fn area(&self) -> f64;
}

#[derive(Trace)]
struct Disc(f64, Gc<Hub>);
impl Shape for Disc {
    fn area(&self) -> f64 {
        self.0
    }
}

#[test]
fn a_slice() {
    #[derive(Trace)]
    struct Row {
        head: u8,
        cells: [Gc<Hub>],
    }
    traced::<Row>();
}

#[test]
fn text() {
    #[derive(Trace)]
    struct Text(u8, str);
    #[derive(Trace)]
    struct File(std::path::Path);
    traced::<Text>();
    traced::<File>();
}

#[test]
fn a_trait_object() {
    #[derive(Trace)]
    struct Framed {
        width: u8,
        shape: dyn Shape,
    }
    #[derive(Trace)]
    struct Failed(u8, dyn std::error::Error + Send);
    traced::<Framed>();
    traced::<Failed>();
}

#[test]
fn a_parameter_without_size() {
    #[derive(Trace)]
    struct Framed<T: ?Sized> {
        width: u8,
        content: T,
    }
    traced::<Framed<str>>();
    traced::<Framed<[Gc<Hub>]>>();
    let framed = Gc::new(Framed { width: 1, content: Disc(2.0, Gc::default()) });
    let framed: Gc<Framed<dyn Shape>> = gc_core::coerce!(framed => Framed<dyn Shape>);
    assert!((framed.content.area() - 2.0).abs() < f64::EPSILON);
    assert_eq!(Gc::referents(&framed).len(), 1);
    assert!(cycle_is_freed(|hub| Framed { width: 1, content: hub }));
}

#[test]
fn a_parameter_that_the_where_clause_frees_of_its_size() {
    #[derive(Trace)]
    struct Outer<T>
    where
        T: ?Sized,
    {
        head: Box<T>,
        tail: Inner<T>,
    }
    #[derive(Trace)]
    struct Inner<T: ?Sized>(Gc<T>, T);
    traced::<Outer<[Gc<u8>]>>();
    assert!(cycle_is_freed(|hub: Gc<Hub>| Outer {
        head: Box::new(hub.clone()),
        tail: Inner(Gc::new(hub.clone()), hub),
    }));
}

#[test]
fn a_skipped_tail() {
    #[derive(Trace)]
    struct Skips<T: ?Sized>(Gc<Hub>, #[trace(skip)] T);
    traced::<Skips<[Foreign]>>();
    assert!(cycle_is_freed(|hub| Skips(hub, Foreign)));
}

#[test]
fn with_a_finalizer() {
    #[derive(Trace)]
    #[trace(finalize)]
    struct Logs<T: ?Sized> {
        log: Gc<std::cell::RefCell<Vec<&'static str>>>,
        rest: T,
    }
    impl<T: ?Sized> Finalize for Logs<T> {
        fn finalize(&self, _: &FinalizeCx<'_, Self>) {
            self.log.borrow_mut().push("end");
        }
    }
    let log = Gc::<std::cell::RefCell<Vec<&'static str>>>::default();
    traced::<Logs<[u8]>>();
    let logs = Gc::new(Logs { log: log.clone(), rest: [1, 2] });
    drop(gc_core::coerce!(logs => Logs<[i32]>));
    assert_eq!(*log.borrow(), ["end"]);
}
