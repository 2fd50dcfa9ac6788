//! What shares ownership, as long as no handle is behind it; and trait objects.
#![forbid(unsafe_code)]

use std::sync::Arc;

use super::support::{Cell, Gc, GcFree, Hub, Rc, RefCell, Trace};
use super::support::{cycle_is_freed, edges, free, is_tracked};

#[test]
fn plain_data_behind_rc() {
    #[derive(Trace)]
    struct Page {
        title: Rc<str>,
        visits: Rc<Cell<u64>>,
        parent: std::rc::Weak<RefCell<Vec<u8>>>,
        bytes: Option<Arc<[u8]>>,
        language: &'static str,
    }
    assert!(!is_tracked(Page {
        title: "home".into(),
        visits: Rc::default(),
        parent: std::rc::Weak::new(),
        bytes: None,
        language: "en",
    }));
}

#[test]
fn parameters_behind_rc() {
    #[derive(Trace)]
    struct Shared<T, U: ?Sized + 'static> {
        value: Rc<T>,
        weak: std::rc::Weak<T>,
        table: &'static U,
        next: Option<Gc<Hub>>,
    }
    assert!(cycle_is_freed(|hub| Shared {
        value: Rc::new(1),
        weak: std::rc::Weak::new(),
        table: "static",
        next: Some(hub),
    }));
}

#[test]
fn leaves_of_ones_own_behind_rc() {
    #[derive(Trace)]
    #[trace(leaf)]
    struct Style {
        width: u32,
    }
    #[derive(Trace)]
    struct Element(Rc<Style>, Gc<Hub>);
    free::<Style>();
    assert!(cycle_is_freed(|hub| Element(Rc::new(Style { width: 1 }), hub)));
}

#[test]
fn trait_objects_that_are_free_of_handles_behind_rc() {
    trait Font: GcFree {}
    #[derive(Trace)]
    #[trace(leaf)]
    struct Mono;
    impl Font for Mono {}
    #[derive(Trace)]
    struct Text(Rc<dyn Font>);
    assert!(!is_tracked(Text(Rc::new(Mono))));
}

#[test]
fn trait_objects_that_are_traced() {
    trait Shape: Trace {}
    #[derive(Trace)]
    struct Disc(Gc<Hub>);
    impl Shape for Disc {}
    #[derive(Trace)]
    struct Drawing {
        shapes: Vec<Box<dyn Shape>>,
        first: Gc<dyn Shape>,
        cell: Gc<RefCell<dyn Shape>>,
    }
    let drawing = |hub: Gc<Hub>| Drawing {
        shapes: vec![Box::new(Disc(hub.clone())), Box::new(Disc(hub.clone()))],
        first: gc_core::coerce!(Gc::new(Disc(hub.clone())) => dyn Shape),
        cell: gc_core::coerce!(Gc::new(RefCell::new(Disc(hub))) => RefCell<dyn Shape>),
    };
    assert_eq!(edges(drawing(Gc::default())), 4);
    assert!(cycle_is_freed(drawing));
}
