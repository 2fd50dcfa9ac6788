//! Looking inside by snapshots: labels, paths, sizes, growth, leaks (conformance group INS, the later
//! half). Hunted: a picture that differs from the heap, and a look that changes it.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, VecDeque};

use gc_core::{Inspector, Object, Snapshot};

use crate::support::*;

mod dominated;
mod drawn;
mod kept;
mod labelled;
mod leaking;
mod unobserved;

/// A node with fields of its own, for paths that are read.
#[derive(Trace)]
pub(crate) struct Node {
    pub(crate) left: Slot<Node>,
    pub(crate) right: Slot<Node>,
    pub(crate) many: RefCell<Vec<Gc<Node>>>,
}

pub(crate) fn node(heap: &Heap) -> Gc<Node> {
    let (left, right, many) = Default::default();
    Gc::new_in(heap, Node { left, right, many })
}

/// The labels of an object's edges.
pub(crate) fn labels<T: ?Sized>(snapshot: &Snapshot, gc: &Gc<T>) -> Vec<String> {
    let object = snapshot.find(gc).expect("the object is in the snapshot");
    object.edges().map(|edge| edge.label().to_string()).collect()
}

#[test]
fn ins_06_histogram_and_growth() {
    struct A;
    struct B;
    // SAFETY: holds nothing.
    unsafe impl Trace for A {
        fn trace(&self, _: &mut Tracer<'_>) {}
    }
    // SAFETY: holds nothing.
    unsafe impl Trace for B {
        fn trace(&self, _: &mut Tracer<'_>) {}
    }
    let world = World::quiet();
    let heap = &world.heap;
    let mut a: Vec<_> = (0..5).map(|_| Gc::new_in(heap, A)).collect();
    let unchanged = world.obj(1);
    heap.collect_generation(Generation::Young);

    let before = (heap.counts(), heap.stats(), heap.live_count(), Gc::strong_count(&unchanged));
    let first = heap.snapshot();
    let after = (heap.counts(), heap.stats(), heap.live_count(), Gc::strong_count(&unchanged));
    assert_eq!(before, after, "a snapshot changes nothing");
    assert_eq!(Gc::generation(&unchanged), Generation::Middle);
    assert_eq!(heap.collect().candidates, 0, "nobody is a suspect for having been looked at");

    drop(a.split_off(2));
    a.extend((0..10).map(|_| Gc::new_in(heap, A)));
    let b: Vec<_> = (0..5).map(|_| Gc::new_in(heap, B)).collect();
    let second = heap.snapshot();

    let diff = second.diff(&first);
    assert_eq!(diff.rows().len(), 2, "unchanged types are absent");
    let size = |gc: &Gc<A>| second.find(gc).expect("an object").own_bytes().cast_signed();
    let (of_a, of_b) = (diff.of::<A>().expect("A grew"), diff.of::<B>().expect("B grew"));
    assert_eq!((of_a.count, of_a.own_bytes, of_a.owned_bytes), (7, 7 * size(&a[0]), 0));
    assert_eq!((of_b.count, of_b.own_bytes), (5, 5 * size(&a[0])));
    assert!(diff.to_string().contains("+7") && diff.to_string().contains("A"));

    let histogram = second.histogram();
    assert_eq!(histogram.rows().len(), 3);
    let row = histogram.of::<Obj>().expect("the unchanged one");
    assert_eq!((row.count, row.count_in(Generation::Old)), (1, 1));
    let bytes: usize = histogram.rows().iter().map(|row| row.own_bytes).sum();
    assert_eq!(bytes, heap.stats().live_bytes, "every object is in it, and its whole slot");
    drop((a, b, unchanged));
    world.finish([1], &[]);
}

#[test]
fn histogram_is_a_table_with_a_line_for_each_type() {
    let heap = World::quiet().heap;
    assert_eq!(
        heap.snapshot().histogram().to_string(),
        "     count      own bytes    owned bytes  type\n"
    );
    let _numbers = [1_u64, 2, 3].map(|n| Gc::new_in(&heap, n));
    let _text = Gc::new_in(
        &heap,
        "a text of 60 bytes, which is more than three numbers' own.....".to_owned(),
    );
    let histogram = heap.snapshot().histogram();
    let [text, numbers] = histogram.rows() else { panic!("two types") };
    assert_eq!((text.count, numbers.count, numbers.own_bytes), (1, 3, 72));
    assert_eq!(
        histogram.to_string(),
        format!(
            "     count      own bytes    owned bytes  type\n\
             {:>10} {:>14} {:>14}  String\n\
             {:>10} {:>14} {:>14}  u64\n",
            1, text.own_bytes, text.owned_bytes, 3, 72, 0
        )
    );
}

#[test]
fn snapshot_of_an_empty_heap_is_empty_and_has_not_grown() {
    let heap = World::quiet().heap;
    let empty = heap.snapshot();
    assert!(empty.is_empty());
    assert_eq!((empty.objects().count(), empty.edge_count(), empty.bytes()), (0, 0, 0));
    assert!(empty.diff(&heap.snapshot()).rows().is_empty());
    let number = Gc::new_in(&heap, 5);
    let snapshot = heap.snapshot();
    assert!(!snapshot.is_empty());
    assert_eq!(snapshot.diff(&empty).rows().len(), 1);
    assert_eq!(empty.diff(&snapshot).of::<i32>().expect("it shrank").count, -1);
    drop(number);
    assert!(heap.snapshot().is_empty());
}

#[test]
fn objects_have_an_identity_if_somebody_asked_for_it() {
    let heap = World::quiet().heap;
    let objects = [1, 2, 3].map(|n| Gc::new_in(&heap, n));
    // Which needs what an identity needs, too.
    let _weak = Gc::downgrade(&objects[1]);
    let ids = [Some(Gc::id(&objects[0])), None, Some(Gc::id(&objects[2]))];
    let snapshot = heap.snapshot();
    assert_eq!(objects.each_ref().map(|object| snapshot.find(object).expect("it").id()), ids);
    assert_ne!(ids[0], ids[2]);
}

#[test]
fn objects_of_every_size_are_found_wherever_they_lie() {
    let heap = World::quiet().heap;
    let objects: Vec<_> = (0..20)
        .flat_map(|n| [Gc::slice_in(&heap, vec![n; 10_000]), Gc::slice_in(&heap, vec![n; 10])])
        .collect();
    let snapshot = heap.snapshot();
    assert!(objects.iter().all(|object| snapshot.find(object).is_some()));
}

#[test]
fn objects_tell_whether_their_type_may_hold_handles() {
    let heap = World::quiet().heap;
    let (leaf, tracked) = (Gc::new_in(&heap, 5), Gc::new_in(&heap, Slot::<u8>::empty()));
    let snapshot = heap.snapshot();
    assert!(!snapshot.find(&leaf).expect("it").is_tracked());
    assert!(snapshot.find(&tracked).expect("it").is_tracked());
}

#[test]
fn ins_07_shortest_path_from_root() {
    #[derive(Trace)]
    struct Root {
        a: Gc<Node>,
        x2: Gc<Node>,
    }
    let world = World::quiet();
    let heap = &world.heap;
    let [a, b, x, y, z, x2] = [(); 6].map(|()| node(heap));
    a.left.set(Some(b.clone()));
    b.right.set(Some(x.clone()));
    x2.left.set(Some(y.clone()));
    y.left.set(Some(z.clone()));
    z.many.borrow_mut().push(x.clone());
    let weak = Gc::downgrade(&x);
    let root = Gc::new_in(heap, Root { a, x2 });
    drop((b, y, z));

    let snapshot = heap.snapshot();
    let path = snapshot.why_alive(&x).expect("the root leads to it");
    assert_eq!(path.to_string(), "Root.a → Node.left → Node.right → Node");
    assert_eq!((path.len(), path.root().external_count()), (3, 1));
    assert_eq!(path.target(), snapshot.find(&x).expect("x"));
    // By a weak handle nothing is left out: the test's own handle is the reason.
    assert_eq!(snapshot.why_alive(&weak).expect("held").len(), 0);
    drop(x);
    let snapshot = heap.snapshot();
    assert_eq!(snapshot.why_alive(&weak).expect("held by the root").len(), 3);

    // The same as garbage: a cycle that nothing outside leads to.
    root.a.right.set(Some(root.a.clone()));
    drop(root);
    let snapshot = heap.snapshot();
    assert!(snapshot.objects().all(|object| snapshot.why_alive(object).is_none()));
    world.finish([], &[]);
}

#[test]
fn paths_come_from_each_root_nearest_first() {
    let world = World::quiet();
    let heap = &world.heap;
    let [near, far, between, x] = [(); 4].map(|()| node(heap));
    near.left.set(Some(x.clone()));
    far.left.set(Some(between.clone()));
    between.left.set(Some(x.clone()));
    drop(between);
    let snapshot = heap.snapshot();
    let paths: Vec<_> = snapshot.paths_to(&x).collect();
    let roots: Vec<_> = paths.iter().map(|path| (path.root(), path.len())).collect();
    let found = |gc| snapshot.find(gc).expect("an object");
    assert_eq!(roots, [(found(&near), 1), (found(&far), 2)]);
    drop((near, far, x));
    world.finish([], &[]);
}

#[test]
fn ins_08_dot_output() {
    /// A name with what has to be quoted.
    #[derive(Trace)]
    struct Generic<T>(T);
    let world = World::quiet();
    let heap = &world.heap;
    let ring = [(); 4].map(|()| node(heap));
    for (i, one) in ring.iter().enumerate() {
        one.left.set(Some(ring[(i + 1) % 4].clone()));
        one.right.set(Some(ring[(i + 3) % 4].clone()));
    }
    let odd = Gc::new_in(heap, BTreeMap::from([("a \"b\" \\".to_owned(), ring[0].clone())]));
    let generic = Gc::new_in(heap, Generic(odd));
    let [first, rest @ ..] = ring;
    drop(rest);

    let snapshot = heap.snapshot();
    let dot = snapshot.dot_of(&first).depth(1).to_string();
    assert!(dot.starts_with("digraph heap {\n") && dot.ends_with("}\n"));
    assert_eq!(
        dot.matches("[label=\"Node\\n").count(),
        3,
        "the ring's far side is too deep: {dot}"
    );
    assert_eq!(dot.matches("[label=\"left\"]").count(), 2);
    assert_eq!(dot.matches("from outside\", penwidth=3, color=red").count(), 1);
    assert!(dot.contains("Node\\n4 handles") && dot.contains("… 1 more"));
    let dot = snapshot.dot_of(&first).depth(2).to_string();
    assert_eq!(dot.matches("[label=\"Node\\n").count(), 4);
    assert_eq!(dot.matches("[label=\"right\"]").count(), 4);
    assert!(!dot.contains("more"), "{dot}");
    let narrow = snapshot.dot_of(&first).depth(2).width(1).to_string();
    assert_eq!(narrow.matches("[label=\"left\"]").count(), 2);
    // Also where what the others lead to is drawn anyway.
    let narrow = snapshot.dot().width(1).to_string();
    assert_eq!(narrow.matches("[label=\"left\"]").count(), 4);
    assert_eq!(narrow.matches("[label=\"right\"]").count(), 0);
    assert_eq!(narrow.matches("… 1 more").count(), 4);

    let back = snapshot.dot_of(&first).referrers().depth(2).to_string();
    assert!(back.contains("[label=\"Generic<Gc<BTreeMap<String, Gc<Node>>>>\\n"), "{back}");
    let both = snapshot.dot_of(&generic).both_ways().to_string();
    assert!(both.contains(r#"[label="[\"a \\\"b\\\" \\\\\"]"]"#), "{both}");
    let text =
        snapshot.dot().only(|object| object.short_type_name().starts_with("BTreeMap")).to_string();
    assert_eq!(
        text.matches("  n").count(),
        3,
        "one object, that it has more edges, and the style of all: {text}"
    );
    assert!(render(&both).contains("<svg"));

    drop(generic);
    drop(first);
    let snapshot = heap.snapshot();
    assert_eq!(snapshot.dot().to_string().matches("\\ngarbage\"").count(), 4);
    world.finish([], &[]);
}

#[test]
fn drawing_of_what_is_not_in_the_snapshot_is_empty() {
    let (heap, other) = (World::quiet().heap, World::quiet().heap);
    let (_here, there) = (node(&heap), node(&other));
    let snapshot = heap.snapshot();
    let dot = snapshot.dot_of(&there).depth(9).both_ways().to_string();
    assert!(dot.starts_with("digraph heap {\n") && dot.ends_with("}\n"), "{dot}");
    assert!(!dot.contains("[label="), "{dot}");
    assert!(render(&dot).contains("<svg"));
}

/// Has Graphviz draw the graph, if it is installed: it knows what is valid.
fn render(dot: &str) -> String {
    use std::io::Write;
    use std::process::{Command, Stdio};
    let graphviz =
        Command::new("dot").arg("-Tsvg").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut graphviz) = graphviz else { return "<svg".to_owned() };
    let mut input = graphviz.stdin.take().expect("piped");
    input.write_all(dot.as_bytes()).expect("Graphviz reads");
    drop(input);
    let output = graphviz.wait_with_output().expect("Graphviz ends");
    assert!(output.status.success(), "Graphviz refuses:\n{dot}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A naive search over the snapshot's edges: how far each object is from one held from outside.
pub(crate) fn distances<'s>(snapshot: &'s Snapshot) -> HashMap<usize, usize> {
    let mut distances = HashMap::new();
    let mut queue: VecDeque<(Object<'s>, usize)> =
        snapshot.held_from_outside().map(|object| (object, 0)).collect();
    while let Some((object, distance)) = queue.pop_front() {
        // Breadth first: who comes first comes by the shortest way.
        if let Entry::Vacant(entry) = distances.entry(object.number()) {
            entry.insert(distance);
            queue.extend(object.edges().map(|edge| (edge.to(), distance + 1)));
        }
    }
    distances
}

/// A small generator, so that a failure can be repeated.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).expect("below a usize")
    }
}

/// A random graph: some nodes are held from outside, some are garbage.
pub(crate) fn random_graph(heap: &Heap, random: &mut Random, size: usize) -> Vec<Gc<Node>> {
    let all: Vec<_> = (0..size).map(|_| node(heap)).collect();
    for _ in 0..size * 3 / 2 {
        let (from, to) = (&all[random.below(size)], &all[random.below(size)]);
        match random.below(3) {
            0 => from.left.set(Some(to.clone())),
            1 => from.right.set(Some(to.clone())),
            _ => from.many.borrow_mut().push(to.clone()),
        }
    }
    all.into_iter().filter(|_| random.below(size) < 4).collect()
}

#[test]
fn every_path_is_a_shortest_one() {
    let mut random = Random(0x5EED);
    for _ in 0..30 {
        let world = World::quiet();
        let held = random_graph(&world.heap, &mut random, 60);
        let snapshot = world.heap.snapshot();
        let distances = distances(&snapshot);
        for object in snapshot.objects() {
            let path = snapshot.why_alive(object);
            assert_eq!(
                path.as_ref().map(|path| path.len()),
                distances.get(&object.number()).copied()
            );
            assert_eq!(path.is_none(), object.is_garbage());
            let Some(path) = path else { continue };
            let mut at = path.root();
            for step in path.steps() {
                assert_eq!(step.from(), at, "the steps fit");
                at = step.to();
            }
            assert_eq!(at, object);
        }
        drop(held);
        world.finish([], &[]);
    }
}

/// One look at 20 000 objects in a row, on a stack of 64 KiB: nothing recurses.
#[test]
fn no_question_needs_a_stack_for_a_deep_heap() {
    on_stack(64 * 1024, || {
        let heap = quiet_heap();
        let head = node(&heap);
        let mut last = head.clone();
        for _ in 1..many(20_000) {
            let next = node(&heap);
            next.right.set(Some(last.clone()));
            last.left.set(Some(next.clone()));
            last = next;
        }
        let weak = Gc::downgrade(&last);
        drop(last);
        let snapshot = heap.snapshot();
        assert_eq!(snapshot.why_alive(&weak).expect("held").len(), many(20_000) - 1);
        let object = snapshot.find(&head).expect("the head");
        assert_eq!(object.retained_bytes(), snapshot.bytes());
        assert_eq!(snapshot.cycles()[0].len(), many(20_000));
        assert!(snapshot.dot_of(&head).depth(3).to_string().contains("left"));
        snapshot.write_heapsnapshot(std::io::sink()).expect("a sink takes all");
        drop(snapshot);
        drop(head);
        let report = heap.find_unreachable();
        assert_eq!(report.leaks().next().expect("one cycle").objects().len(), many(20_000));
        drop(report);
        assert_eq!(heap.collect().collected, many(20_000));
    });
}
