//! Types that lead to themselves, by handle and by value.
#![forbid(unsafe_code)]

use std::collections::{BTreeMap, HashMap};

use super::support::{Gc, Hub, RefCell, Slot, Trace, Weak, cycle_is_freed, edges, is_tracked};

#[derive(Trace)]
struct Node<T: Trace> {
    value: T,
    next: Slot<Node<T>>,
}

#[test]
fn a_generic_type_that_holds_handles_to_itself() {
    let ring = Gc::new(Node { value: "a", next: Slot::default() });
    ring.next.set(Some(ring.clone()));
    let weak = Gc::downgrade(&ring);
    assert_eq!(Gc::referents(&ring).len(), 1);
    drop(ring);
    gc_core::collect();
    assert!(weak.is_dead());
}

#[test]
fn a_generic_type_without_a_bound_of_its_own() {
    #[derive(Trace)]
    struct Tree<T> {
        value: T,
        parent: Weak<Tree<T>>,
        children: RefCell<Vec<Gc<Tree<T>>>>,
    }
    let tree = |value: Gc<Hub>| Tree { value, parent: Weak::new(), children: RefCell::default() };
    assert_eq!(edges(tree(Gc::default())), 1);
    assert!(cycle_is_freed(tree));
}

#[test]
fn a_tree_by_value_without_any_handle() {
    #[derive(Trace)]
    struct Tree {
        kids: Vec<Tree>,
    }
    // That it holds no handle would take for ever to find out.
    assert!(is_tracked(Tree { kids: vec![Tree { kids: vec![] }] }));
}

#[test]
fn a_tree_by_value_with_handles_in_it() {
    #[derive(Trace)]
    enum Json {
        Null,
        Held(Gc<Hub>),
        List(Vec<Json>),
        Map(BTreeMap<String, Json>),
        Boxed(Box<Json>),
    }
    let nested = |hub: Gc<Hub>| {
        let list = Json::List(vec![Json::Null, Json::Held(hub.clone())]);
        Json::Map(BTreeMap::from([
            ("a".to_owned(), list),
            ("b".to_owned(), Json::Boxed(Box::new(Json::Held(hub)))),
        ]))
    };
    assert_eq!(edges(nested(Gc::default())), 2);
    assert!(cycle_is_freed(nested));
}

#[derive(Trace)]
struct Ping(Vec<Pong>, Slot<Hub>);
#[derive(Trace)]
enum Pong {
    Back(HashMap<String, Ping>),
    Out,
}

#[test]
fn two_types_that_contain_each_other() {
    let ping = Ping(vec![], Slot::default());
    ping.1.set(Some(Gc::default()));
    let map = HashMap::from([("ping".to_owned(), ping)]);
    assert_eq!(edges(Ping(vec![Pong::Out, Pong::Back(map)], Slot::default())), 1);
}

#[test]
fn two_generic_types_that_hold_each_other() {
    #[derive(Trace)]
    struct Left<T> {
        value: T,
        right: Slot<Right<T>>,
    }
    #[derive(Trace)]
    struct Right<T> {
        left: Gc<Left<T>>,
        own: Option<Box<Right<T>>>,
    }
    let left = Gc::new(Left { value: 1, right: Slot::default() });
    left.right.set(Some(Gc::new(Right { left: left.clone(), own: None })));
    let weak = Gc::downgrade(&left);
    drop(left);
    gc_core::collect();
    assert!(weak.is_dead());
}

#[test]
fn self_stands_for_the_type() {
    #[derive(Trace)]
    struct Chain<T> {
        value: T,
        rest: Option<Box<Self>>,
        owner: Weak<Self>,
    }
    let chain = |value| Chain { value, rest: None, owner: Weak::new() };
    let two = |hub: Gc<Hub>| Chain { rest: Some(Box::new(chain(hub.clone()))), ..chain(hub) };
    assert_eq!(edges(two(Gc::default())), 2);
    assert!(cycle_is_freed(two));
}
