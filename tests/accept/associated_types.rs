//! Fields whose type is looked up in a trait.
#![forbid(unsafe_code)]

use super::support::{Gc, Hub, RefCell, Slot, Trace, cycle_is_freed, edges, is_tracked, traced};

trait Language: 'static {
    type Token;
    type Node;
}

struct Small;
impl Language for Small {
    type Token = u32;
    type Node = Tree<Small>;
}

struct Held;
impl Language for Held {
    type Token = Gc<Hub>;
    type Node = ();
}

#[test]
fn a_field_of_an_associated_type() {
    #[derive(Trace)]
    struct Lexer<L: Language> {
        last: L::Token,
        ahead: Vec<<L as Language>::Token>,
    }
    assert!(!is_tracked(Lexer::<Small> { last: 1, ahead: vec![] }));
    assert!(cycle_is_freed(|hub| Lexer::<Held> { last: hub.clone(), ahead: vec![hub] }));
}

/// `L::Node` may be the very type that asks for it.
#[derive(Trace)]
struct Tree<L: Language> {
    token: L::Token,
    parent: Slot<L::Node>,
    children: RefCell<Vec<Gc<<L as Language>::Node>>>,
}

#[test]
fn a_family_of_types_that_contains_the_type_itself() {
    let root =
        Gc::new(Tree::<Small> { token: 1, parent: Slot::default(), children: RefCell::default() });
    root.parent.set(Some(root.clone()));
    root.children.borrow_mut().push(root.clone());
    assert_eq!(Gc::referents(&root).len(), 2);
    let weak = Gc::downgrade(&root);
    drop(root);
    gc_core::collect();
    assert!(weak.is_dead());
}

#[test]
fn a_generic_associated_type() {
    trait Container: 'static {
        type Of<T>;
    }
    struct Vecs;
    impl Container for Vecs {
        type Of<T> = Vec<T>;
    }
    #[derive(Trace)]
    struct Uses<C: Container, T> {
        of: C::Of<T>,
    }
    traced::<Uses<Vecs, u8>>();
    assert_eq!(edges(Uses::<Vecs, Gc<Hub>> { of: vec![Gc::default(), Gc::default()] }), 2);
    assert!(cycle_is_freed(|hub| Uses::<Vecs, _> { of: vec![hub] }));
}

#[test]
fn the_items_of_an_iterator() {
    #[derive(Trace)]
    struct Peek<I: Iterator> {
        rest: I,
        next: Option<I::Item>,
    }
    let hubs = |hub: Gc<Hub>| Peek { rest: vec![hub.clone()].into_iter(), next: Some(hub) };
    assert_eq!(edges(hubs(Gc::default())), 2);
    assert!(cycle_is_freed(hubs));
}
