//! What edges are called, and what memory values say they own.

use std::borrow::Cow;
use std::collections::{BTreeSet, BinaryHeap, HashSet, LinkedList};
use std::pin::Pin;
use std::sync::Mutex;

use super::*;

type Leaf = Gc<u32>;

#[derive(Trace)]
enum Shape {
    Pair(Leaf, Leaf),
    Named { r#type: Leaf },
}

#[derive(Trace)]
struct Wrapped(Vec<Option<Box<Shape>>>);

fn labels_of<T: Trace>(make: impl FnOnce(&dyn Fn() -> Leaf) -> T) -> Vec<String> {
    let heap = Heap::new();
    let object = Gc::new_in(&heap, make(&|| Gc::new_in(&heap, 1)));
    labels(&heap.snapshot(), &object)
}

#[test]
fn fields_and_variants_are_called_as_in_the_source() {
    assert_eq!(labels_of(|leaf| Shape::Pair(leaf(), leaf())), ["Pair.0", "Pair.1"]);
    assert_eq!(labels_of(|leaf| Shape::Named { r#type: leaf() }), ["Named.type"]);
    let nested = |leaf: &dyn Fn() -> Leaf| {
        let shape = |shape| Some(Box::new(shape));
        Wrapped(vec![
            None,
            shape(Shape::Pair(leaf(), leaf())),
            shape(Shape::Named { r#type: leaf() }),
        ])
    };
    let expected = ["0[1].Some.0.Pair.0", "0[1].Some.0.Pair.1", "0[2].Some.0.Named.type"];
    assert_eq!(labels_of(nested), expected);
}

#[test]
fn elements_are_called_by_index_and_by_key() {
    assert_eq!(labels_of(|leaf| vec![leaf(), leaf()]), ["[0]", "[1]"]);
    assert_eq!(labels_of(|leaf| [leaf(), leaf()]), ["[0]", "[1]"]);
    assert_eq!(labels_of(|leaf| LinkedList::from([leaf(), leaf()])), ["[0]", "[1]"]);
    assert_eq!(labels_of(|leaf| (1, leaf(), (leaf(), 2))), ["1", "2.0"]);
    assert_eq!(labels_of(|leaf| BTreeMap::from([("a\"b", leaf())])), [r#"["a\"b"]"#]);
    assert_eq!(labels_of(|leaf| BTreeMap::from([(Cow::Borrowed("k"), leaf())])), [r#"["k"]"#]);
    assert_eq!(labels_of(|leaf| HashMap::from([(-7_i64, vec![leaf()])])), ["[-7][0]"]);
    assert_eq!(labels_of(|leaf| BTreeMap::from([('c', leaf())])), ["['c']"]);
    // Keys that are neither text nor numbers have their place.
    assert_eq!(labels_of(|leaf| BTreeMap::from([((1, 2), leaf())])), ["[#0]"]);
    assert_eq!(labels_of(|leaf| BTreeMap::from([(leaf(), leaf())])), ["[#0].key", "[#0]"]);
    assert_eq!(labels_of(|leaf| HashSet::from([leaf()])), ["[#0]"]);
    assert_eq!(labels_of(|leaf| BTreeSet::from([leaf()])), ["[#0]"]);
    assert_eq!(labels_of(|leaf| BinaryHeap::from([leaf()])), ["[0]"]);
    let mut around = VecDeque::with_capacity(4);
    around.extend([0, 1, 2]);
    let around = |leaf: &dyn Fn() -> Leaf| {
        let mut ring = VecDeque::with_capacity(2);
        ring.extend([leaf(), leaf()]);
        ring.rotate_left(1);
        ring.pop_front();
        ring.push_back(leaf());
        ring
    };
    assert_eq!(labels_of(around), ["[0]", "[1]"]);
}

#[test]
fn elements_of_an_object_that_is_a_slice_are_called_by_index() {
    let heap = Heap::new();
    let leaf = || Gc::new_in(&heap, 1);
    let slice = Gc::cloned_slice_in(&heap, &[vec![leaf()], vec![], vec![leaf(), leaf()]]);
    let text = Gc::str_in(&heap, "a text is its own");
    let snapshot = heap.snapshot();
    assert_eq!(labels(&snapshot, &slice), ["[0][0]", "[2][0]", "[2][1]"]);
    let lists = size_of::<Leaf>() * slice.iter().map(Vec::capacity).sum::<usize>();
    assert_eq!(snapshot.find(&slice).expect("it").owned_bytes(), lists);
    let text = snapshot.find(&text).expect("it");
    assert_eq!((text.edges().len(), text.owned_bytes(), text.type_name()), (0, 0, "str"));
}

#[test]
fn cells_boxes_and_slots_add_nothing_to_a_name() {
    #[derive(Trace)]
    struct Cells {
        cell: Cell<Option<Leaf>>,
        lock: Mutex<Vec<Leaf>>,
        boxed: Box<Leaf>,
        pinned: Pin<Gc<u32>>,
        slot: Slot<u32>,
        any: AnyGc,
    }
    let cells = |leaf: &dyn Fn() -> Leaf| Cells {
        cell: Cell::new(Some(leaf())),
        lock: Mutex::new(vec![leaf()]),
        boxed: Box::new(leaf()),
        pinned: Gc::pin(5),
        slot: Slot::from(leaf()),
        any: leaf().into(),
    };
    // What is pinned lives in the thread's default heap: another one.
    assert_eq!(labels_of(cells), ["cell.Some.0", "lock[0]", "boxed", "slot", "any"]);
    assert_eq!(
        labels_of(|leaf| Ok::<_, ()>(Cow::<'static, [Leaf]>::Owned(vec![leaf()]))),
        ["Ok.0[0]"]
    );
}

#[test]
fn pinned_handles_are_edges() {
    let heap = Heap::new();
    let object = Gc::new_in(&heap, (Gc::pin_in(&heap, 5), 6));
    let snapshot = heap.snapshot();
    let edges = snapshot.find(&object).expect("it").edges();
    assert_eq!(edges.map(|edge| edge.label().to_string()).collect::<Vec<_>>(), ["0"]);
}

#[test]
fn weak_handles_are_edges_of_their_own() {
    #[derive(Trace)]
    struct Child {
        parent: RefCell<Weak<Parent>>,
        any: AnyWeak,
    }
    #[derive(Trace)]
    struct Parent {
        children: RefCell<Vec<Gc<Child>>>,
        any: AnyWeak,
    }
    let heap = Heap::new();
    let gone = Gc::downgrade(&Gc::new_in(&heap, 5));
    let parent = Gc::new_in(&heap, Parent { children: RefCell::default(), any: (&gone).into() });
    let weak = Gc::downgrade(&parent);
    let any = AnyWeak::from(&weak);
    let child = Gc::new_in(&heap, Child { parent: RefCell::new(weak), any });
    parent.children.borrow_mut().push(child.clone());

    let snapshot = heap.snapshot();
    let object = snapshot.find(&child).expect("the child");
    let parents: Vec<_> = object.weak_edges().collect();
    assert!(parents.iter().all(|edge| edge.is_weak()));
    assert_eq!(
        parents.iter().map(|edge| edge.label().to_string()).collect::<Vec<_>>(),
        ["parent", "any"]
    );
    assert!(parents.iter().all(|edge| Some(edge.to()) == snapshot.find(&parent)));
    assert_eq!(object.edges().len(), 0);
    assert_eq!(
        snapshot.find(&parent).expect("it").weak_edges().len(),
        0,
        "it leads to nobody alive"
    );
    assert_eq!(
        snapshot.find(&parent).expect("it").external_count(),
        1,
        "weak handles do not count"
    );
    assert!(snapshot.dot().to_string().contains("[label=\"parent\", style=dashed]"));
}

#[test]
fn what_an_inspect_makes_comes_too_late_for_the_picture() {
    struct Growing(Heap, RefCell<Vec<Leaf>>);
    // SAFETY: reports each of its handles once; has no `Drop`.
    unsafe impl Trace for Growing {
        fn trace(&self, tracer: &mut Tracer<'_>) {
            self.1.trace(tracer);
        }
        fn inspect(&self, inspector: Inspector<'_>) {
            let late = Gc::new_in(&self.0, 2);
            self.1.borrow_mut().push(late);
            self.1.inspect(inspector);
        }
    }
    let heap = Heap::new();
    let early = RefCell::new(vec![Gc::new_in(&heap, 1)]);
    let growing = Gc::new_in(&heap, Growing(heap.clone(), early));
    let snapshot = heap.snapshot();
    assert_eq!((growing.1.borrow().len(), snapshot.len()), (2, 2));
    assert_eq!(snapshot.find(&growing).expect("it").edges().len(), 1);
}

#[test]
fn what_is_no_field_follows_its_object_without_a_dot() {
    let heap = Heap::new();
    let shown = |object: AnyGc| {
        let snapshot = heap.snapshot();
        let step = snapshot.find(&object).and_then(|object| object.edges().next());
        step.expect("one").to_string()
    };
    let leaf = || Gc::new_in(&heap, 5);
    assert_eq!(shown(Gc::new_in(&heap, vec![leaf()]).into()), "Vec<Gc<i32>>[0] → i32");
    assert_eq!(shown(Gc::new_in(&heap, leaf()).into()), "Gc<i32> → i32");
    assert_eq!(shown(Gc::new_in(&heap, (leaf(), 1)).into()), "(Gc<i32>, i32).0 → i32");
}

#[test]
fn hand_written_traces_have_numbers_for_names() {
    struct Three(Leaf, Leaf, Leaf);
    // SAFETY: reports its three handles; has no `Drop`.
    unsafe impl Trace for Three {
        fn trace(&self, tracer: &mut Tracer<'_>) {
            self.0.trace(tracer);
            self.1.trace(tracer);
            self.2.trace(tracer);
        }
    }
    let three = |leaf: &dyn Fn() -> Leaf| vec![Three(leaf(), leaf(), leaf())];
    assert_eq!(labels_of(three), ["[0]#0", "[0]#1", "[0]#2"]);
}

#[test]
fn values_tell_what_they_own_elsewhere() {
    #[derive(Trace)]
    struct Owner {
        text: String,
        list: Vec<u64>,
        boxed: Option<Box<[u8; 100]>>,
        nested: Vec<String>,
    }
    let heap = Heap::new();
    let owned = |value: &AnyGc| heap.snapshot().find(value).expect("it").owned_bytes();
    let owner = Owner {
        text: String::with_capacity(10),
        list: Vec::with_capacity(7),
        boxed: Some(Box::new([0; 100])),
        nested: vec![String::with_capacity(3), String::with_capacity(4)],
    };
    assert_eq!(
        (owner.text.len(), owner.list.len(), owner.boxed.is_some(), owner.nested.len()),
        (0, 0, true, 2)
    );
    let expected = 10 + 7 * 8 + 100 + 2 * size_of::<String>() + 7;
    assert_eq!(owned(&Gc::new_in(&heap, owner).into()), expected);
    assert_eq!(owned(&Gc::new_in(&heap, 5).into()), 0);
    let map: HashMap<u64, u64> = HashMap::with_capacity(100);
    let bytes = owned(&Gc::new_in(&heap, map).into());
    assert!((100 * 17..=256 * 17).contains(&bytes), "{bytes}");
    let map = BTreeMap::from([(1_u8, String::with_capacity(10)), (2, String::with_capacity(20))]);
    let without_texts = BTreeMap::from([(1_u8, String::new()), (2, String::new())]);
    let table = owned(&Gc::new_in(&heap, without_texts).into());
    assert_eq!(owned(&Gc::new_in(&heap, map).into()), table + 30, "what its values own is its own");
    let set: BTreeSet<u64> = (0..100).collect();
    let bytes = owned(&Gc::new_in(&heap, set).into());
    assert!((800..2000).contains(&bytes), "{bytes}");
}

#[test]
fn labels_of_elements_share_their_name_without_index() {
    let heap = Heap::new();
    let object = node(&heap);
    object.many.borrow_mut().extend([node(&heap), node(&heap)]);
    let snapshot = heap.snapshot();
    let names: Vec<_> = snapshot
        .find(&object)
        .expect("it")
        .edges()
        .map(|edge| (edge.label().without_indices(), edge.to_string()))
        .collect();
    assert_eq!(names[0], ("many[]".to_owned(), "Node.many[0] → Node".to_owned()));
    assert_eq!(names[1], ("many[]".to_owned(), "Node.many[1] → Node".to_owned()));
}

#[test]
fn a_type_is_called_by_its_name_alone_wherever_it_is_written() {
    let heap = Heap::new();
    let made = || {
        #[derive(Trace)]
        struct Within(Vec<Option<Leaf>>);
        Gc::new_in(&heap, Within(Vec::new()))
    };
    let object = made();
    let list = Gc::new_in(&heap, Vec::<Option<Leaf>>::new());
    let snapshot = heap.snapshot();
    assert_eq!(snapshot.find(&object).expect("it").short_type_name(), "Within");
    assert_eq!(snapshot.find(&list).expect("it").short_type_name(), "Vec<Option<Gc<u32>>>");
}
