//! Where `Rc` overflows the stack: `Debug`, `==`, `Hash` and `Ord` of graphs that lead back to
//! themselves. And where a graph only looks as if it did.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::HashSet;

use gc_core::{Gc, Trace};

use super::panic_of;

#[derive(Trace, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Node {
    name: &'static str,
    edges: Edges,
}

#[derive(Trace, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Edges(RefCell<Vec<Gc<Node>>>);

impl std::hash::Hash for Edges {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.borrow().hash(state);
    }
}

fn node(name: &'static str, edges: &[&Gc<Node>]) -> Gc<Node> {
    let edges = edges.iter().map(|&edge| edge.clone()).collect();
    Gc::new(Node { name, edges: Edges(RefCell::new(edges)) })
}

/// A ring of nodes of one name.
fn ring(len: usize) -> Gc<Node> {
    let last = node("ring", &[]);
    let first = (1..len).fold(last.clone(), |next, _| node("ring", &[&next]));
    last.edges.0.borrow_mut().push(first);
    last
}

#[test]
fn debug_says_where_a_cycle_closes() {
    let ring = ring(2);
    let id = Gc::id(&ring);
    let shown = |end: &str| {
        let inner =
            format!("Node {{ name: \"ring\", edges: Edges(RefCell {{ value: [{end}] }}) }}");
        format!("Node {{ name: \"ring\", edges: Edges(RefCell {{ value: [{inner}] }}) }}")
    };
    assert_eq!(format!("{ring:?}"), shown(&format!("Gc(↻ Node{id})")));
    // Nothing is left behind: the same again, also from the other end.
    assert_eq!(format!("{ring:?}"), shown(&format!("Gc(↻ Node{id})")));
    assert!(format!("{:#?}", ring.edges.0.borrow()[0]).contains("Gc(↻ Node#"));
    gc_core::collect();
}

#[test]
fn a_diamond_is_no_cycle() {
    let tip = node("tip", &[]);
    let top = node("top", &[&tip, &tip]);
    assert_eq!(format!("{top:?}").matches("tip").count(), 2);
    assert!(!format!("{top:?}").contains('↻'));
    assert_eq!(top, node("top", &[&node("tip", &[]), &tip]));
    assert_eq!(HashSet::from([top.clone(), top.clone()]).len(), 1);
    assert!(top.cmp(&top).is_eq());
}

#[test]
fn cycles_are_equal_that_cannot_be_told_apart() {
    let (one, two, three) = (ring(1), ring(2), ring(3));
    assert_eq!(one, one);
    assert_eq!(two, three);
    assert_eq!((one == three, one != three), (true, false));
    let odd = node("odd", &[&three]);
    three.edges.0.borrow_mut().push(odd);
    assert_ne!(two, three);
    assert_ne!(three, one);
}

#[test]
fn hash_and_order_of_a_cycle_panic_in_words() {
    let (two, three) = (ring(2), ring(3));
    let hash = panic_of(|| HashSet::from([two.clone()])).expect("there is no hash");
    assert!(hash.starts_with("the hash of a cyclic graph: the object <"), "{hash}");
    assert!(hash.contains("Node> leads back to itself"), "{hash}");
    let orders = [
        panic_of(|| two.cmp(&three)),
        panic_of(|| two.partial_cmp(&three)),
        panic_of(|| two < two),
        panic_of(|| two <= three),
        panic_of(|| two > three),
        panic_of(|| two >= three),
    ];
    for order in orders {
        let order = order.expect("there is no order");
        assert!(order.starts_with("the order of a cyclic graph: the object <"), "{order}");
    }
    // Nothing is left behind.
    assert!(panic_of(|| node("a", &[]) < node("b", &[])).is_none());
    assert!(panic_of(|| HashSet::from([node("a", &[])])).is_none());
    assert!(panic_of(|| two.cmp(&three)).is_some());
}

#[test]
fn an_object_that_is_ordered_twice_is_no_cycle() {
    #[derive(Trace, PartialEq, Eq, PartialOrd, Ord)]
    enum Sign {
        Number(i32),
        Minus(Reverse<Gc<Sign>>),
    }
    let one = Gc::new(Sign::Number(1));
    let minus = Gc::new(Sign::Minus(Reverse(one)));
    let plus = Gc::new(Sign::Minus(Reverse(minus.clone())));
    // `minus` is on the left, and then, one level down, on the left again.
    assert!(minus.cmp(&plus).is_gt());
    assert!(plus.cmp(&minus).is_lt());
}
