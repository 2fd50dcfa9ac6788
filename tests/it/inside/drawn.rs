//! What is written for others: lines of JSON, and the file of Chrome DevTools, read by a parser that
//! others wrote.

use std::{fmt, io};

use super::*;

#[test]
fn lines_of_json_tell_each_object_once() {
    let world = World::quiet();
    let heap = &world.heap;
    let held = node(heap);
    held.left.set(Some(node(heap)));
    let map = Gc::new_in(heap, BTreeMap::from([("a\"\n".to_owned(), held.clone())]));
    let snapshot = heap.snapshot();
    let mut text = Vec::new();
    snapshot.write_json_lines(&mut text).expect("a vector takes all");
    let text = String::from_utf8(text).expect("JSON is UTF-8");
    assert_eq!(text.lines().count(), 3);
    for (object, line) in snapshot.objects().zip(text.lines()) {
        let begin = format!("{{\"object\":{},\"type\":\"{}\"", object.number(), object.type_name());
        assert!(line.starts_with(&begin), "{line}");
        assert!(line.contains(&format!("\"retained\":{},", object.retained_bytes())));
    }
    let number = snapshot.find(&held).expect("it").number();
    let label = r#"[\"a\\\"\\n\"]"#;
    assert!(text.contains(&format!("\"edges\":[[\"{label}\",{number}]]")), "{text}");
    drop((held, map));
    world.finish([], &[]);
}

/// The file, as another program reads it.
fn parsed(snapshot: &Snapshot) -> v8_heap_parser::Graph {
    let mut file = Vec::new();
    snapshot.write_heapsnapshot(&mut file).expect("a vector takes all");
    v8_heap_parser::decode_slice(&file).expect("a file in the format of V8")
}

/// The nodes that the parser finds, without the three that stand before the objects.
const BEFORE: usize = 3;

#[test]
fn devtools_file_has_every_object_with_the_same_sizes_in_another_parser() {
    let mut random = Random(0xDE77);
    for size in [1, 10, 100] {
        let world = World::quiet();
        let mut held = random_graph(&world.heap, &mut random, size);
        let map = BTreeMap::from([("key".to_owned(), held.pop())]);
        let map = Gc::new_in(&world.heap, (map, "\u{1}<\"".to_owned()));
        let snapshot = world.heap.snapshot();
        let graph = parsed(&snapshot);
        assert_eq!(graph.nodes().len(), snapshot.len() + BEFORE);
        for object in snapshot.objects() {
            let number = object.number() + BEFORE;
            let node = graph.get_node(number).expect("a node for each object");
            assert_eq!(node.class_name(), object.type_name());
            assert_eq!(node.self_size, object.bytes() as u64);
            assert_eq!(graph.retained_size(number), object.retained_bytes() as u64, "{object:?}");
            let mut children = graph.children(number);
            let mut targets: Vec<_> = object.edges().map(|e| e.to().number() + BEFORE).collect();
            children.sort_unstable();
            targets.sort_unstable();
            assert_eq!(children, targets);
        }
        assert_eq!(graph.retained_size(0), snapshot.bytes() as u64, "nothing is an orphan");
        drop((held, map));
        world.finish([], &[]);
    }
}

/// A weak handle keeps nothing, so it must not count for what does.
#[test]
fn devtools_file_has_weak_handles_that_retain_nothing() {
    #[derive(Trace)]
    struct Child {
        parent: Weak<Node>,
        text: String,
    }
    let heap = Heap::new();
    let parent = node(&heap);
    let child = Child { parent: Gc::downgrade(&parent), text: "text".to_owned() };
    assert_eq!((child.parent.strong_count(), child.text.len()), (1, 4));
    let child = Gc::new_in(&heap, child);
    let snapshot = heap.snapshot();
    let to = place_in_file(&snapshot, &parent);
    let mut weak = edges_in_file(&snapshot);
    weak.retain(|edge| edge.starts_with("6,"));
    assert_eq!(weak.len(), 1);
    assert!(weak[0].ends_with(&format!(",{to}")), "{weak:?}");
    drop((child, parent));
}

fn written(snapshot: &Snapshot) -> String {
    let mut file = Vec::new();
    snapshot.write_heapsnapshot(&mut file).expect("a vector takes all");
    String::from_utf8(file).expect("JSON is UTF-8")
}

/// Each edge of the file: its kind, its index or the number of its name, and where it leads.
fn edges_in_file(snapshot: &Snapshot) -> Vec<String> {
    let text = written(snapshot);
    let edges = text.split_once("\"edges\":[").expect("edges").1.split_once(']').expect("an end").0;
    edges.split(",\n").map(str::to_owned).collect()
}

/// Where an edge to this object leads in the file.
fn place_in_file<T: ?Sized>(snapshot: &Snapshot, object: &Gc<T>) -> usize {
    (snapshot.find(object).expect("it").number() + BEFORE) * 7
}

#[test]
fn devtools_file_has_elements_by_index_and_roots_by_their_handles() {
    let heap = Heap::new();
    let (one, two) = (Gc::new_in(&heap, 1), Gc::new_in(&heap, 2));
    let held = one.clone();
    let list = Gc::new_in(&heap, vec![one.clone(), two]);
    let snapshot = heap.snapshot();
    let edges = edges_in_file(&snapshot);
    let of_index = |index: usize| format!("1,{index},{}", place_in_file(&snapshot, &list[index]));
    assert!(edges.contains(&of_index(0)) && edges.contains(&of_index(1)), "{edges:?}");
    let text = written(&snapshot);
    assert!(text.contains("\"1 handle from outside\""), "that of the list");
    assert!(text.contains("\"2 handles from outside\""), "those of its first element");
    drop((one, held, list));
}

#[test]
fn names_with_line_breaks_stay_in_their_line() {
    struct Odd(Gc<Node>);
    // SAFETY: reports its one handle; has no `Drop`.
    unsafe impl Trace for Odd {
        fn trace(&self, tracer: &mut Tracer<'_>) {
            self.0.trace(tracer);
        }
        fn inspect(&self, mut inspector: Inspector<'_>) {
            self.0.inspect(inspector.field("two\nlines"));
        }
    }
    let heap = Heap::new();
    let odd = Gc::new_in(&heap, Odd(node(&heap)));
    let snapshot = heap.snapshot();
    let dot = snapshot.dot().to_string();
    assert!(dot.contains(r#"[label="two\nlines"]"#), "{dot}");
    assert!(render(&dot).contains("<svg"));
    let mut lines = Vec::new();
    snapshot.write_json_lines(&mut lines).expect("a vector takes all");
    let lines = String::from_utf8(lines).expect("JSON is UTF-8");
    assert_eq!(lines.lines().count(), 2);
    assert!(lines.contains(r#"[["two\u000alines","#), "{lines}");
    assert!(written(&snapshot).contains(r#""two\u000alines""#));
    assert_eq!(parsed(&snapshot).nodes().len(), 2 + BEFORE);
    drop(odd);
}

/// Takes so many bytes, and then fails.
struct Room(usize);

impl io::Write for Room {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(self.0);
        self.0 -= taken;
        if taken == 0 { Err(io::ErrorKind::StorageFull.into()) } else { Ok(taken) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl fmt::Write for Room {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 = self.0.checked_sub(text.len()).ok_or(fmt::Error)?;
        Ok(())
    }
}

#[test]
fn the_writers_error_is_returned_wherever_it_comes() {
    let heap = World::quiet().heap;
    let held = node(&heap);
    held.left.set(Some(node(&heap)));
    let list = Gc::new_in(&heap, (vec![held.clone(), held.clone()], Gc::downgrade(&held)));
    let garbage = node(&heap);
    garbage.left.set(Some(garbage.clone()));
    drop(garbage);
    let snapshot = heap.snapshot();
    let full = |written: io::Result<()>| {
        written.is_err_and(|error| error.kind() == io::ErrorKind::StorageFull)
    };

    let len = written(&snapshot).len();
    assert!((0..len).all(|room| full(snapshot.write_heapsnapshot(Room(room)))));
    snapshot.write_heapsnapshot(Room(len)).expect("there is room");

    let mut lines = Vec::new();
    snapshot.write_json_lines(&mut lines).expect("a vector takes all");
    assert!((0..lines.len()).all(|room| full(snapshot.write_json_lines(Room(room)))));
    snapshot.write_json_lines(Room(lines.len())).expect("there is room");

    let draw = |room| fmt::write(&mut Room(room), format_args!("{}", snapshot.dot_of(&list)));
    let len = snapshot.dot_of(&list).to_string().len();
    assert!((0..len).all(|room| draw(room).is_err()));
    draw(len).expect("there is room");
    drop((held, list));
}

#[test]
fn devtools_file_finds_an_object_with_identity_again_in_a_later_file() {
    let heap = Heap::new();
    let (known, other) = (node(&heap), node(&heap));
    let id = Gc::id(&known).get();
    let of_known = |snapshot: &Snapshot| {
        let number = snapshot.find(&known).expect("it").number() + BEFORE;
        parsed(snapshot).get_node(number).expect("it").id
    };
    let before = of_known(&heap.snapshot());
    drop(other);
    let younger: Vec<_> = (0..1000).map(|_| node(&heap)).collect();
    assert_eq!(of_known(&heap.snapshot()), before);
    assert!(u64::from(before) > id);
    let ids: Vec<_> = parsed(&heap.snapshot()).nodes().iter().map(|node| node.weight.id).collect();
    let distinct: std::collections::HashSet<_> = ids.iter().collect();
    assert_eq!(distinct.len(), ids.len(), "no two nodes have one number");
    drop(younger);
}
