//! `Walk`. The bugs hunted here: an object twice or not at all, a graph that changes on the way, recursion.

use crate::support::*;

fn numbers(walk: gc_core::Walk) -> Vec<u32> {
    walk.map(|any| any.downcast::<Obj>().expect("all are of one type").n).collect()
}

#[test]
fn each_object_comes_once_in_either_order() {
    let world = World::quiet();
    let all: Vec<_> = (0..5).map(|n| world.obj(n)).collect();
    for (from, to) in [(0, 1), (0, 2), (1, 3), (2, 3), (3, 0), (3, 4), (4, 4)] {
        all[from].link(&all[to]);
    }
    assert_eq!(numbers(Gc::walk(&all[0])), [0, 1, 3, 4, 2]);
    assert_eq!(numbers(Gc::walk(&all[0]).breadth_first()), [0, 1, 2, 3, 4]);
    assert_eq!(numbers(AnyGc::from(all[4].clone()).walk()), [4]);
    drop(all);
    world.finish(0..5, &[]);
}

#[test]
fn a_walk_holds_what_it_has_seen_and_takes_the_graph_as_it_finds_it() {
    let world = World::quiet();
    let root = world.obj(0);
    root.link(&world.obj(1));
    root.edge(0).link(&world.obj(2));
    let mut walk = Gc::walk(&root);
    assert_eq!(walk.next().unwrap().downcast::<Obj>().unwrap().n, 0);
    assert_eq!(walk.next().unwrap().downcast::<Obj>().unwrap().n, 1);
    root.edge(0).link(&world.obj(3));
    root.cut();
    world.heap.collect();
    assert_eq!(numbers(walk), [2, 3]);
    drop(root);
    world.finish(0..4, &[]);
}

#[test]
fn a_borrowed_cell_is_not_walked_into() {
    let world = World::quiet();
    let root = world.obj(0);
    root.link(&world.obj(1));
    let borrowed = root.edges.borrow_mut();
    assert_eq!(numbers(Gc::walk(&root)), [0]);
    drop(borrowed);
    assert_eq!(numbers(Gc::walk(&root)), [0, 1]);
    let mut walk = Gc::walk(&root);
    walk.next();
    walk.turn_back();
    assert!(walk.next().is_none() && walk.next().is_none());
    drop(root);
    drop(walk);
    world.finish(0..2, &[]);
}

#[test]
fn a_list_of_any_length_is_walked_on_a_small_stack() {
    on_stack(64 << 10, || {
        let mut list: Gc<dyn Trace> = gc_core::coerce!(Gc::new(()) => dyn Trace);
        for _ in 0..many(100_000) {
            list = gc_core::coerce!(Gc::new(list) => dyn Trace);
        }
        assert_eq!(Gc::walk(&list).count(), many(100_000) + 1);
    });
}
