//! There is no crate `gc_core` here: it is called `gc`, or reached through another crate.
#![deny(warnings, unused_qualifications, clippy::all, clippy::pedantic)]
#![forbid(unsafe_code)]

use gc::{Finalize, FinalizeCx, Gc, Slot};
use renamed::{Holder, memory};

#[derive(gc::Trace, gc::DeepClone)]
#[trace(crate = "gc", finalize)]
struct ByOtherName<T> {
    value: T,
    next: Slot<ByOtherName<T>>,
}

impl<T> Finalize for ByOtherName<T> {
    fn finalize(&self, _: &FinalizeCx<'_, Self>) {}
}

#[derive(memory::Trace)]
#[trace(crate = "renamed::memory")]
enum ThroughAnother {
    Held(Holder<ByOtherName<u8>>),
    Free(Leaf),
}

#[derive(memory::Trace, Default)]
#[trace(crate = "::renamed::memory", leaf)]
struct Leaf;

#[test]
fn the_crate_may_have_another_name() {
    let ring = Gc::new(ByOtherName { value: 1, next: Slot::default() });
    ring.next.set(Some(ring.clone()));
    let copy = Gc::deep_clone(&ring);
    assert!(copy.next.get().is_some_and(|next| Gc::ptr_eq(&next, &copy)));
    let weak = Gc::downgrade(&ring);
    drop((ring, copy));
    gc::collect();
    assert!(weak.is_dead());
}

#[test]
fn the_crate_may_be_handed_on_by_another() {
    let held = Gc::new(ByOtherName { value: 2, next: Slot::default() });
    let holder = Holder { held: held.clone() };
    assert_eq!(held.value, 2);
    let enums = [ThroughAnother::Held(holder), ThroughAnother::Free(Leaf)];
    let edges = enums.map(|value| Gc::referents(&Gc::new(value)).len());
    assert_eq!(edges, [1, 0]);
}

#[test]
fn fields_of_another_crates_types_are_visited() {
    let held = Gc::new(1);
    assert_eq!(Gc::referents(&Gc::new(Holder { held })).len(), 1);
}
