//! Freezing: everything alive leaves the generations, for good or until thawed. The twin of CPython's
//! `gc.freeze`.

use crate::object::{EXCLUSIVE, FROZEN, Life, ObjectRef, SUSPECT};
use crate::settings::Generation;
use crate::state::HeapState;

/// Takes every tracked object out of the generations. Nothing visits them until they are thawed.
pub(crate) fn freeze(heap: &HeapState) {
    heap.store.losses.mark_all();
    let mut frozen = 0;
    heap.for_each_tracked(|object| {
        if is_settled(object) && !object.has(FROZEN) {
            // A suspect without a mark: see `HeapState::suspect`.
            object.set(FROZEN | SUSPECT);
            object.page().unmark_suspect(object);
            frozen += 1;
        }
    });
    heap.frozen.set(heap.frozen.get() + frozen);
    heap.reset_counts();
}

/// Puts the frozen into Old. They are suspects: nobody noted what was let go of meanwhile.
pub(crate) fn unfreeze(heap: &HeapState) {
    if heap.frozen.get() == 0 {
        return;
    }
    heap.for_each_page_with_tracked(|page| {
        for object in page.objects().filter(|object| object.has(FROZEN)) {
            object.clear(FROZEN);
            // What is at its end keeps its place in the queue; if its finalizer brings it back, it is
            // made a suspect then.
            if object.can_upgrade() {
                object.clear(SUSPECT);
                object.set_field(heap.field_of(Generation::Old));
                heap.suspect(object);
            }
        }
    });
    heap.frozen.set(0);
}

/// Not in the middle of anything.
fn is_settled(object: ObjectRef) -> bool {
    object.life() == Life::Alive && !object.has(EXCLUSIVE)
}
