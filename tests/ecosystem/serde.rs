//! Handles and graphs, written and read. The bugs hunted here: endless recursion, a shape that is not the
//! same, an input that lies.

use std::cell::{Cell, RefCell};

use gc_core::serde::{Graph, GraphNode};
use gc_core::{Gc, Heap, Leaf, Slot, Trace, Weak};
use serde::{Deserialize, Serialize};

#[derive(Trace)]
struct Node {
    n: u32,
    edges: RefCell<Vec<Option<Gc<Node>>>>,
}

impl GraphNode for Node {
    type Data = u32;
    fn data(&self) -> u32 {
        self.n
    }
    fn links(&self) -> Vec<Option<Gc<Self>>> {
        self.edges.borrow().clone()
    }
    fn new(n: u32) -> Self {
        Self { n, edges: RefCell::default() }
    }
    fn link(&self, links: Vec<Option<Gc<Self>>>) {
        self.edges.replace(links);
    }
}

fn read(text: &str) -> Result<Gc<Node>, String> {
    serde_json::from_str(text).map(Graph::into_root).map_err(|error| error.to_string())
}

#[test]
fn a_graph_keeps_its_sharing_and_its_cycles() {
    let shared = Gc::new(Node::new(2));
    let root = Gc::new(Node::new(1));
    root.link(vec![Some(shared.clone()), None, Some(shared.clone())]);
    shared.link(vec![Some(root.clone()), Some(shared.clone())]);
    let text = serde_json::to_string(&Graph::new(root)).unwrap();
    assert_eq!(text, "[[1,[1,null,1]],[2,[0,1]]]");

    let root = read(&text).unwrap();
    let edges = root.edges.borrow();
    let [Some(one), None, Some(two)] = &edges[..] else { panic!("as before") };
    assert!(Gc::ptr_eq(one, two));
    assert!(Gc::ptr_eq(one.edges.borrow()[0].as_ref().unwrap(), &root));
    assert!(Gc::ptr_eq(one.edges.borrow()[1].as_ref().unwrap(), one));
    assert_eq!((root.n, one.n), (1, 2));
    assert_eq!(Gc::walk(&root).count(), 2);
}

#[test]
fn a_list_of_a_million_nodes_makes_the_round_trip_on_a_small_stack() {
    let code = || {
        let mut root = Gc::new(Node::new(0));
        for n in 1..1_000_000 {
            let next = Gc::new(Node::new(n));
            next.link(vec![Some(root)]);
            root = next;
        }
        let text = serde_json::to_string(&Graph::new(root)).unwrap();
        let mut node = read(&text).unwrap();
        for n in (0..999_999).rev() {
            let next = node.edges.borrow()[0].clone().unwrap();
            assert_eq!(next.n, n);
            node = next;
        }
    };
    std::thread::Builder::new().stack_size(128 << 10).spawn(code).unwrap().join().unwrap();
}

#[test]
fn an_input_that_lies_is_an_error_and_leaves_nothing_behind() {
    let before = Heap::current().live_count();
    assert_eq!(read("[]").err().unwrap(), "a graph has one node at least at line 1 column 2");
    assert!(read("[[1,[1]]]").err().unwrap().starts_with("a link to node 1 of 1"));
    assert!(read("[[1,[0]],[2,[18446744073709551615]]]").is_err());
    assert!(read("[[1,[-1]]]").is_err());
    assert!(read("[[1,[0]],[2,[0,").is_err());
    assert!(read("{}").err().unwrap().contains("a list of nodes"));
    gc_core::collect();
    assert_eq!(Heap::current().live_count(), before);
    assert_eq!(read("[[1,[0,0,0,null]]]").unwrap().edges.borrow().len(), 4);
}

#[test]
fn a_node_that_panics_while_it_is_linked_leaves_nothing_behind() {
    thread_local!(static LEFT: Cell<u32> = const { Cell::new(0) });
    #[derive(Trace)]
    struct Fuse(RefCell<Vec<Option<Gc<Fuse>>>>);
    impl GraphNode for Fuse {
        type Data = ();
        fn data(&self) {}
        fn links(&self) -> Vec<Option<Gc<Self>>> {
            self.0.borrow().clone()
        }
        fn new((): ()) -> Self {
            Self(RefCell::default())
        }
        fn link(&self, links: Vec<Option<Gc<Self>>>) {
            assert!(LEFT.replace(LEFT.get() - 1) > 1, "as planned");
            self.0.replace(links);
        }
    }
    let before = Heap::current().live_count();
    LEFT.set(3);
    let ring = "[[null,[1]],[null,[2]],[null,[0]]]";
    std::panic::catch_unwind(|| serde_json::from_str::<Graph<Fuse>>(ring).is_ok()).unwrap_err();
    gc_core::collect();
    assert_eq!(Heap::current().live_count(), before);
}

#[derive(Trace, Serialize, Deserialize)]
struct Person {
    name: Gc<str>,
    tags: Gc<[String]>,
    friend: Slot<Person>,
    parent: Weak<Person>,
    rest: Leaf<serde_json::Value>,
}

fn person(name: &str) -> Gc<Person> {
    Gc::new(Person {
        name: name.into(),
        tags: vec!["a".to_owned()].into(),
        friend: Slot::empty(),
        parent: Weak::new(),
        rest: serde_json::Value::Bool(true).into(),
    })
}

#[test]
fn a_handle_is_written_as_its_value() {
    let (ada, bob) = (person("Ada"), person("Bob"));
    ada.friend.set(Some(bob));
    let text = serde_json::to_string(&ada).unwrap();
    assert_eq!(
        text,
        r#"{"name":"Ada","tags":["a"],"friend":{"name":"Bob","tags":["a"],"friend":null,"parent":null,"rest":true},"parent":null,"rest":true}"#
    );
    let ada: Gc<Person> = serde_json::from_str(&text).unwrap();
    assert_eq!(&*ada.friend.get().unwrap().name, "Bob");
    assert_eq!(*ada.tags, ["a"]);
    assert_eq!(serde_json::to_string(&ada).unwrap(), text);
}

#[test]
fn a_cycle_is_an_error_and_the_next_attempt_is_not() {
    let ada = person("Ada");
    ada.friend.set(Some(ada.clone()));
    let error = serde_json::to_string(&ada).unwrap_err().to_string();
    assert!(error.contains("leads back to itself") && error.contains("Graph"), "{error}");
    ada.friend.take();
    assert!(serde_json::to_string(&ada).is_ok());
    let twice = serde_json::to_string(&[&ada, &ada]).unwrap();
    assert_eq!(twice.matches("Ada").count(), 2, "shared is no cycle");
}
