//! Cycles are found and freed (conformance group CY), and nothing else is.

use crate::support::*;

#[test]
fn cy_01_self_cycle_is_collected() {
    let world = World::quiet();
    let a = world.self_cycle(1);
    drop(a);
    assert_eq!(world.log.events(), []);
    let collection = world.heap.collect();
    assert_eq!(collection.collected, 1);
    assert_eq!(world.log.events(), [Fin(1), Dropped(1)]);
    assert_eq!(world.heap.live_count(), 0);
    assert_eq!(world.heap.collect().collected, 0);
    world.finish([1], &[]);
}
