//! Objects from `new_uninit`: what they are before and after `assume_init`, to the collector and to
//! other handles.

use std::mem::MaybeUninit;
use std::rc::Rc;

use gc_core::{AnyGc, Finalize, FinalizeCx, Gc, Heap, Slot, Trace, coerce};

use super::{Counts, Noisy};

#[derive(Trace)]
#[trace(finalize)]
struct Node {
    next: Slot<Node>,
    noisy: Noisy,
}

impl Finalize for Node {
    fn finalize(&self, _: &FinalizeCx<'_, Self>) {
        let counts = &self.noisy.counts;
        counts.clones.set(counts.clones.get() + 1);
    }
}

#[derive(Trace)]
struct Plain(Slot<Plain>);

fn quiet() -> Heap {
    let heap = Heap::new();
    heap.set_auto_collect(false);
    heap
}

/// Writes a value that holds nothing into the object.
fn write(room: &mut Gc<MaybeUninit<Node>>, counts: &Rc<Counts>) {
    let noisy = Noisy::new("late", counts);
    Gc::get_mut(room).expect("nobody else").write(Node { next: Slot::empty(), noisy });
}

#[test]
fn a_value_written_later_is_collected_and_finalized() {
    let (heap, counts) = (quiet(), Rc::<Counts>::default());
    for with_side_table in [false, true] {
        counts.drops.set(0);
        counts.clones.set(0);
        let mut room = Gc::<Node>::new_uninit_in(&heap);
        assert!(Gc::is_tracked(&room));
        assert!(AnyGc::from(room.clone()).is::<MaybeUninit<Node>>());
        let id = with_side_table.then(|| Gc::id(&room));
        // As long as it has no value, sweeps leave it alone.
        drop(room.clone());
        assert_eq!(heap.collect().collected, 0);
        write(&mut room, &counts);
        // SAFETY: just written.
        let node = unsafe { room.assume_init() };
        assert!(AnyGc::from(node.clone()).is::<Node>());
        assert!(id.is_none_or(|id| id == Gc::id(&node)));
        node.next.set(Some(node.clone()));
        drop(node);
        assert_eq!((counts.clones.get(), counts.drops.get()), (0, 0));
        let collection = heap.collect();
        assert_eq!((collection.collected, collection.finalized), (1, 1));
        assert_eq!((counts.clones.get(), counts.drops.get()), (1, 1));
    }
    assert_eq!(heap.live_count(), 0);
}

#[test]
fn slices_written_later_are_collected() {
    let heap = quiet();
    let mut room = Gc::<[Slot<Plain>]>::new_uninit_slice_in(&heap, 300);
    assert!(Gc::is_tracked(&room));
    let plain = Gc::new_in(&heap, Plain(Slot::empty()));
    plain.0.set(Some(plain.clone()));
    for place in Gc::get_mut(&mut room).expect("nobody else").iter_mut() {
        place.write(Slot::new(Some(plain.clone())));
    }
    drop(plain);
    // What a room holds counts as held from outside.
    assert_eq!(heap.collect().collected, 0);
    // SAFETY: each was just written.
    let slice = unsafe { room.assume_init() };
    assert_eq!(Gc::referents(&slice).len(), 300);
    let any = AnyGc::from(slice.clone());
    assert!(any.downcast_slice::<Slot<Plain>>().is_ok_and(|all| all.len() == 300));
    drop(slice);
    assert_eq!(heap.collect().collected, 1);
    assert_eq!(heap.live_count(), 0);
}

#[test]
fn other_handles_cannot_spoil_a_value_written_later() {
    let (heap, counts) = (quiet(), Rc::<Counts>::default());
    for weakly in [false, true] {
        counts.drops.set(0);
        let mut room = Gc::<Node>::new_uninit_in(&heap);
        write(&mut room, &counts);
        let strong = (!weakly).then(|| room.clone());
        let weak = weakly.then(|| Gc::downgrade(&room));
        // SAFETY: written above.
        let mut node = unsafe { room.assume_init() };
        assert!(Gc::get_mut(&mut node).is_none());
        // The last handle, and of a type that would let anything be written.
        let mut room = strong.or_else(|| weak?.upgrade()).expect("it lives");
        drop(node);
        assert!(Gc::get_mut(&mut room).is_none());
        let weak = Gc::downgrade(&room);
        let room = Gc::try_unwrap(room).expect_err("the value stays where it is");
        // SAFETY: written above. A second time changes nothing.
        assert_eq!(unsafe { room.assume_init() }.noisy.name, "late");
        assert!(weak.is_dead());
        assert_eq!(counts.drops.get(), 1);
    }
    assert_eq!(heap.live_count(), 0);
}

#[test]
fn what_new_made_stays_unknown_to_the_collector() {
    let (heap, counts) = (quiet(), Rc::<Counts>::default());
    let noisy = Noisy::new("early", &counts);
    let room = Gc::new_in(&heap, MaybeUninit::new(Node { next: Slot::empty(), noisy }));
    // SAFETY: it was made with a value.
    let node = unsafe { room.assume_init() };
    assert!(!Gc::is_tracked(&node));
    node.next.set(Some(node.clone()));
    drop(node.clone());
    assert_eq!(heap.collect().collected, 0);
    node.next.take();
    drop(node);
    assert_eq!((counts.clones.get(), counts.drops.get()), (1, 1));
    assert_eq!(heap.live_count(), 0);
}

#[test]
fn an_array_coerced_to_a_slice_stays_an_array_of_what_may_be_there() {
    let (heap, counts) = (quiet(), Rc::<Counts>::default());
    let array =
        Gc::new_in(&heap, ["a", "b"].map(|name| MaybeUninit::new(Noisy::new(name, &counts))));
    let slice = coerce!(array => [MaybeUninit<Noisy>]);
    // SAFETY: made with values.
    let slice = unsafe { slice.assume_init() };
    assert_eq!((slice[1].name, slice.len()), ("b", 2));
    let array =
        AnyGc::from(slice).downcast::<[MaybeUninit<Noisy>; 2]>().expect("what it was made as");
    for element in Gc::try_unwrap(array).expect("the only handle") {
        // SAFETY: made with a value, which nobody has dropped.
        drop(unsafe { element.assume_init() });
    }
    assert_eq!(counts.drops.get(), 2);
}
