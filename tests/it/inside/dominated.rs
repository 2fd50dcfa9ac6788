//! Dominators and retained sizes.

use std::collections::HashSet;

use super::*;

/// What is reached from the roots if one object is taken away. Garbage has the roots that the snapshot
/// itself would take: the first member of each group that no other garbage leads to.
fn reached_without(snapshot: &Snapshot, roots: &[usize], gone: Option<usize>) -> HashSet<usize> {
    let mut reached = HashSet::new();
    let objects: Vec<_> = snapshot.objects().collect();
    let mut work: Vec<_> = roots.to_vec();
    while let Some(number) = work.pop() {
        if Some(number) != gone && reached.insert(number) {
            work.extend(objects[number].edges().map(|edge| edge.to().number()));
        }
    }
    reached
}

fn roots(snapshot: &Snapshot) -> Vec<usize> {
    let mut roots: Vec<_> = snapshot.held_from_outside().map(Object::number).collect();
    let all: HashSet<_> = snapshot.objects().map(Object::number).collect();
    let mut reached = reached_without(snapshot, &roots, None);
    // Garbage that no garbage outside its own cycle leads to.
    for object in snapshot.objects() {
        let forth = reached_without(snapshot, &[object.number()], None);
        let back = all.iter().filter(|&&other| {
            !reached.contains(&other)
                && reached_without(snapshot, &[other], None).contains(&object.number())
        });
        if !reached.contains(&object.number())
            && back.into_iter().all(|other| forth.contains(other))
        {
            roots.push(object.number());
            reached.extend(forth);
        }
    }
    roots
}

#[test]
fn retained_bytes_are_what_an_objects_end_would_free() {
    let mut random = Random(0xD0);
    for _ in 0..20 {
        let world = World::quiet();
        let held = random_graph(&world.heap, &mut random, 24);
        let snapshot = world.heap.snapshot();
        let objects: Vec<_> = snapshot.objects().collect();
        let roots = roots(&snapshot);
        let all = reached_without(&snapshot, &roots, None);
        assert_eq!(all.len(), snapshot.len());
        for &object in &objects {
            let left = reached_without(&snapshot, &roots, Some(object.number()));
            let freed = all.difference(&left).map(|&number| objects[number].bytes()).sum::<usize>();
            assert_eq!(object.retained_bytes(), freed, "of {object:?}");
            // The dominator is the nearest of those without which it is not reached.
            let dominators: Vec<_> = objects
                .iter()
                .filter(|other| **other != object)
                .filter(|other| {
                    !reached_without(&snapshot, &roots, Some(other.number()))
                        .contains(&object.number())
                })
                .collect();
            let nearest = dominators.iter().min_by_key(|other| other.retained_bytes());
            assert_eq!(object.dominator(), nearest.map(|other| **other), "of {object:?}");
        }
        drop(held);
        world.finish([], &[]);
    }
}

#[test]
fn the_largest_come_first_and_no_more_than_asked_for() {
    let heap = Heap::new();
    let held: Vec<_> = [3, 1, 2].map(|n| Gc::new_in(&heap, vec![0_u64; n * 10])).into();
    let snapshot = heap.snapshot();
    let bytes = |n| snapshot.top_retained(n).iter().map(|o| o.owned_bytes()).collect::<Vec<_>>();
    assert_eq!(bytes(0), [0; 0]);
    assert_eq!(bytes(2), [240, 160]);
    assert_eq!(bytes(9), [240, 160, 80]);
    drop(held);
}

#[test]
fn components_are_what_leads_to_each_other() {
    let mut random = Random(0xCC);
    for _ in 0..20 {
        let world = World::quiet();
        let held = random_graph(&world.heap, &mut random, 40);
        let snapshot = world.heap.snapshot();
        let from: Vec<_> =
            (0..snapshot.len()).map(|n| reached_without(&snapshot, &[n], None)).collect();
        let mut in_cycles = HashSet::new();
        for cycle in snapshot.cycles() {
            for a in &cycle {
                assert!(in_cycles.insert(a.number()), "in one cycle only");
                assert!(cycle.iter().all(|b| from[a.number()].contains(&b.number())));
            }
        }
        for object in snapshot.objects() {
            let back =
                object.edges().any(|edge| from[edge.to().number()].contains(&object.number()));
            assert_eq!(in_cycles.contains(&object.number()), back, "{object:?}");
        }
        drop(held);
        world.finish([], &[]);
    }
}
