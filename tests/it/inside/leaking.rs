//! Finding leaks without collecting them, and the assertions for tests of programs.

use std::panic::{AssertUnwindSafe, catch_unwind};

use gc_core::{assert_collected, assert_no_growth};

use super::*;

/// The message of a failed assertion.
fn failure(code: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(code)).expect_err("the assertion fails");
    message(&*payload)
}

#[test]
fn what_a_leak_leads_to_and_lives_is_no_leak() {
    let heap = quiet_heap();
    let [lives, leaks] = [(); 2].map(|()| node(&heap));
    lives.left.set(Some(lives.clone()));
    leaks.left.set(Some(leaks.clone()));
    leaks.right.set(Some(lives.clone()));
    drop(leaks);
    let report = heap.find_unreachable();
    assert_eq!((report.leaks().len(), report.garbage().count()), (1, 1));
    drop(lives.left.take());
}

#[test]
fn unreachable_cycles_are_found_and_left_alone() {
    let world = World::quiet();
    let ring = world.ring(1, 5);
    let held = world.self_cycle(6);
    let tail = world.obj(7);
    ring[0].link(&tail);
    drop((ring, tail));
    let report = world.heap.find_unreachable();
    assert_eq!(world.log.events(), [], "nothing is finalized, nothing is dropped");
    assert_eq!(report.garbage().count(), 6);
    let [leak] = <[_; 1]>::try_from(report.leaks().collect::<Vec<_>>()).expect("one cycle");
    assert_eq!(leak.objects().len(), 5, "what hangs off a cycle is not in it");
    assert_eq!(leak.types().into_values().collect::<Vec<_>>(), [5]);
    assert!(leak.closing_edges().len() > 0);
    assert_eq!(leak.weak_candidates()[0].to_string(), "Obj.edges[]");
    assert!(report.to_string().contains("6 objects are garbage"));
    assert!(report.to_string().contains("could be Weak: Obj.edges[]"), "{report}");
    assert_eq!(world.heap.collect().collected, 6);
    assert!(world.heap.find_unreachable().is_empty());
    drop(held);
    world.finish(1..8, &[]);
}

/// Either link of a list would do; that of the children would leave every child without an owner.
#[test]
fn the_weak_candidate_leaves_fewest_objects_without_an_owner() {
    #[derive(Trace)]
    struct Element {
        children: RefCell<Vec<Gc<Element>>>,
        parent: Slot<Element>,
    }
    let heap = quiet_heap();
    let element =
        || Gc::new_in(&heap, Element { children: RefCell::default(), parent: Slot::empty() });
    let document = element();
    for _ in 0..3 {
        let table = element();
        for _ in 0..3 {
            let row = element();
            row.parent.set(Some(table.clone()));
            table.children.borrow_mut().push(row);
        }
        table.parent.set(Some(document.clone()));
        document.children.borrow_mut().push(table);
    }
    drop(document);
    let report = heap.find_unreachable();
    let leak = report.leaks().next().expect("one cycle");
    assert_eq!(leak.objects().len(), 13);
    let [candidate] = leak.weak_candidates() else { panic!("one field is enough") };
    assert_eq!((candidate.to_string().as_str(), candidate.edges), ("Element.parent", 12));
    heap.collect();
}

#[test]
fn without_the_closing_edges_no_cycle_is_left() {
    let mut random = Random(0x1EA4);
    for _ in 0..30 {
        let world = World::quiet();
        drop(random_graph(&world.heap, &mut random, 30));
        let report = world.heap.find_unreachable();
        for leak in report.leaks() {
            if let several @ [_, _, ..] = leak.weak_candidates() {
                let fields: Vec<_> = leak
                    .closing_edges()
                    .map(|edge| {
                        let object = edge.from().short_type_name();
                        format!("{object}.{}", edge.label().without_indices())
                    })
                    .collect();
                assert!(several.iter().all(|field| fields.contains(&field.to_string())));
            }
            let inside: Vec<_> = leak.objects().collect();
            let mut edges: Vec<_> = inside.iter().flat_map(|o| o.edges()).collect();
            edges.retain(|edge| {
                inside.contains(&edge.to()) && leak.closing_edges().all(|c| c != *edge)
            });
            // Taking off objects that nothing leads to, one after the other, ends with none.
            let mut left = inside.clone();
            while !left.is_empty() {
                let before = left.len();
                let is_led_to =
                    |o: &Object<'_>| edges.iter().any(|e| e.to() == *o && left.contains(&e.from()));
                let keep: Vec<_> = left.iter().copied().filter(is_led_to).collect();
                left = keep;
                assert!(left.len() < before, "a cycle is left");
            }
        }
        world.finish([], &[]);
    }
}

#[test]
fn a_failed_assertion_names_the_path_that_keeps_the_object() {
    let world = World::quiet();
    let heap = &world.heap;
    let (root, x) = (node(heap), node(heap));
    let between = node(heap);
    between.many.borrow_mut().push(x.clone());
    root.left.set(Some(between));
    let weak = Gc::downgrade(&x);
    drop(x);
    let text = failure(|| assert_collected!(weak));
    assert_eq!(
        text,
        "`weak` was not collected: Node.left → Node.many[0] → Node, and the Node is held by 1 handle \
         from outside"
    );
    let text = failure(|| heap.assert_empty());
    assert!(text.starts_with("the heap has 3 objects:\n  3 "), "{text}");
    assert!(text.ends_with("Node: held by 1 handle from outside"), "{text}");
    root.left.set(None);
    assert_collected!(weak);
    assert_collected!(AnyWeak::from(&weak));
    // A cycle is collected by the assertion itself.
    let cycle = node(heap);
    cycle.left.set(Some(cycle.clone()));
    let weak = Gc::downgrade(&cycle);
    drop(cycle);
    let text = failure(|| heap.assert_empty());
    assert!(text.contains("Node: held by") || text.contains("garbage"), "{text}");
    assert_collected!(weak);
    drop(root);
    heap.assert_empty();
}

#[test]
fn growth_is_told_with_the_path_to_what_is_new() {
    let world = World::quiet();
    let heap = &world.heap;
    let log = node(heap);
    assert_no_growth(heap, 5, || {
        let cycle = node(heap);
        cycle.left.set(Some(cycle.clone()));
    });
    let mut count = 0;
    let text = failure(|| {
        assert_no_growth(heap, 5, || {
            count += 1;
            log.many.borrow_mut().push(node(heap));
        });
    });
    let expected = "the heap has grown in 5 rounds:\n  +5 ";
    assert!(text.starts_with(expected), "{text}");
    assert!(text.contains("Node: Node.many[") && text.ends_with("from outside"), "{text}");
    assert_eq!(count, 7, "two rounds to warm up");
    drop(log);
    world.finish([], &[]);
}

#[test]
fn what_is_left_in_a_heap_is_told_with_its_reason() {
    let world = World::quiet();
    let heap = &world.heap;
    let held = vec![Gc::new_in(heap, 5); 3];
    let text = failure(|| heap.assert_empty());
    assert_eq!(text, "the heap has 1 objects:\n  1 i32: held by 3 handles from outside");
    drop(held);
    let cycle = node(heap);
    cycle.left.set(Some(cycle.clone()));
    drop(cycle);
    let text = failure(|| heap.assert_empty());
    assert!(text.starts_with("the heap has 1 objects:\n  1 "), "{text}");
    assert!(text.ends_with("Node: garbage that is not collected yet"), "{text}");
    world.finish([], &[]);
}

#[test]
fn a_leak_names_three_of_the_edges_that_close_it_and_counts_the_others() {
    for edges in 1..=5 {
        let world = World::quiet();
        let cycle = node(&world.heap);
        cycle.many.borrow_mut().extend((0..edges).map(|_| cycle.clone()));
        drop(cycle);
        let report = world.heap.find_unreachable();
        let text = report.leaks().next().expect("one cycle").to_string();
        assert_eq!(report.snapshot().len(), 1, "the picture that it is about");
        assert!(text.starts_with("a cycle of 1 Node, "), "{text}");
        assert_eq!(text.matches("  closed by Node.many[").count(), edges.min(3), "{text}");
        let more = text.lines().find(|line| line.contains("more"));
        let expected = (edges > 3).then(|| format!("  and by {} edges more", edges - 3));
        assert_eq!(more, expected.as_deref());
        assert!(text.ends_with("  could be Weak: Node.many[]\n"), "{text}");
        world.finish([], &[]);
    }
}
