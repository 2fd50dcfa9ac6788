//! Fields that are visited by a function of the author's. The one place here with unsafe code.
#![allow(unsafe_code, reason = "the functions are unsafe to call")]

use gc_core::Tracer;

use super::support::{Foreign, Gc, Hub, Trace, cycle_is_freed, edges};

struct Arena<T>(Vec<Gc<T>>);

/// # Safety
///
/// As for `Trace::trace`.
unsafe fn visit<T: 'static>(arena: &Arena<T>, tracer: &mut Tracer<'_>) {
    arena.0.trace(tracer);
}

#[test]
fn a_free_function() {
    #[derive(Trace)]
    struct Document {
        #[trace(unsafe_with = "visit")]
        arena: Arena<Hub>,
        name: String,
    }
    let document =
        |hub: Gc<Hub>| Document { arena: Arena(vec![hub.clone(), hub]), name: String::new() };
    assert_eq!(edges(document(Gc::default())), 2);
    assert!(cycle_is_freed(document));
}

#[test]
fn a_generic_function_by_its_path() {
    #[derive(Trace)]
    enum Document<T> {
        Whole(#[trace(unsafe_with = "visit::<T>")] Arena<T>, Gc<Hub>),
        #[trace(skip)]
        Raw(Foreign),
    }
    assert_eq!(edges(Document::Whole(Arena(vec![Gc::new(1)]), Gc::default())), 2);
    assert_eq!(edges(Document::<u8>::Raw(Foreign)), 0);
    assert!(cycle_is_freed(|hub| Document::Whole(Arena(vec![hub.clone()]), hub)));
}

#[test]
fn an_associated_function() {
    #[derive(Trace)]
    struct Document<T> {
        #[trace(unsafe_with = "Document::<T>::visit")]
        arena: Arena<T>,
    }
    impl<T: 'static> Document<T> {
        /// # Safety
        ///
        /// As for `Trace::trace`.
        unsafe fn visit(arena: &Arena<T>, tracer: &mut Tracer<'_>) {
            arena.0.trace(tracer);
        }
    }
    assert!(cycle_is_freed(|hub| Document { arena: Arena(vec![hub]) }));
}
