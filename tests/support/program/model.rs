//! The naive model: who holds whom, who is alive, and in which generation.
//!
//! There are at most [`CAP`] objects at a time, over all heaps of a program, so a set of objects is
//! the bits of a word, and a walk (`walk.rs`) a few dozen instructions. A number is used again once its
//! object is gone. In which order things have to happen is `order.rs`'s part of the model.

use super::counters::KnownHeap;
use super::op::{Deed, Shape};
use super::order::Frame;

/// An object's number.
pub(crate) type Id = u8;

/// Objects that there may be at a time.
pub(crate) const CAP: usize = 32;

/// A set of objects, a bit each.
pub(crate) type Set = u32;

pub(crate) fn one(id: Id) -> Set {
    1 << id
}

/// The members of a set.
pub(crate) fn members(mut set: Set) -> impl Iterator<Item = Id> {
    std::iter::from_fn(move || {
        let id = (set != 0).then(|| set.trailing_zeros() as Id);
        set &= set.wrapping_sub(1);
        id
    })
}

/// What may happen to an object next.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Life {
    /// The number stands for no object.
    #[default]
    Free,
    /// The value is made, or about to be; there is no object yet.
    Unborn,
    Alive,
    /// Nobody holds it: it ends when its turn comes.
    Dying,
    /// Its finalizer runs, after its last handle has gone.
    Finalizing,
    /// Garbage of a collection whose finalizers run.
    Doomed,
    /// Garbage for good.
    Condemned,
    /// The value is gone.
    Dropped,
}

/// What the model knows of an object.
#[derive(Default)]
pub(crate) struct Known {
    pub(crate) life: Life,
    /// Tells apart those who had this number one after the other.
    pub(crate) incarnation: u32,
    pub(crate) heap: usize,
    pub(crate) shape: Option<Shape>,
    pub(crate) age: usize,
    /// While it waits for its end: the age it would have otherwise.
    pub(crate) age_of_others: usize,
    /// What it holds, in order, and as a set.
    pub(crate) edges: Vec<Id>,
    pub(crate) targets: Set,
    /// Handles to it: in objects, and anywhere else.
    pub(crate) inner: u32,
    pub(crate) outside: u32,
    pub(crate) weak: u32,
    /// Numbers of the calls at its death, oldest first.
    pub(crate) calls: Vec<usize>,
    /// Its finalizer is still to run.
    pub(crate) finalizer: bool,
    pub(crate) finalized: bool,
    pub(crate) frozen: bool,
    /// Somebody has `&mut` to it.
    pub(crate) exclusive: bool,
    /// Its edges are mutably borrowed.
    pub(crate) opaque: bool,
}

impl Known {
    pub(crate) fn refs(&self) -> u32 {
        self.inner + self.outside
    }

    pub(crate) fn is_tracked(&self) -> bool {
        !matches!(self.shape, Some(Shape::Leaf | Shape::Text))
    }

    /// Whether it has a value that holds edges.
    pub(crate) fn is_holder(&self) -> bool {
        self.is_tracked()
    }

    /// Whether a weak handle can be upgraded.
    pub(crate) fn can_upgrade(&self) -> bool {
        matches!(self.life, Life::Alive | Life::Finalizing | Life::Doomed)
    }
}

/// A call at an object's death.
pub(crate) struct Call {
    pub(crate) object: Id,
    /// Place in the order of registration.
    pub(crate) serial: u64,
    pub(crate) armed: bool,
    pub(crate) is_cleanup: bool,
    pub(crate) at_exit: bool,
    pub(crate) deed: Deed,
    pub(crate) number: u8,
}

#[derive(Default)]
pub(crate) struct Model {
    pub(crate) objects: [Known; CAP],
    pub(crate) heaps: Vec<KnownHeap>,
    pub(crate) calls: Vec<Call>,
    pub(crate) serial: u64,
    /// Numbers in use.
    pub(crate) used: Set,
    /// Numbers whose objects went in this step.
    gone: Set,
    /// What is going on, innermost last.
    pub(crate) frames: Vec<Frame>,
    /// A collection has run since somebody asked.
    pub(crate) collected: bool,
    /// The first thing that was not as it should be.
    pub(crate) failure: Option<String>,
}

impl Model {
    pub(crate) fn fail(&mut self, what: impl FnOnce() -> String) {
        if self.failure.is_none() {
            self.failure = Some(what());
        }
    }

    pub(crate) fn check(&mut self, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            self.fail(what);
        }
    }

    // ---- objects ---------------------------------------------------------------------------------

    pub(crate) fn is_full(&self) -> bool {
        self.used == Set::MAX
    }

    /// A value is being made. What it holds is held from outside until it is born.
    pub(crate) fn conceive(&mut self, heap: usize, shape: Shape, finalizes: bool) -> Option<Id> {
        let id = (!self.used).trailing_zeros() as Id;
        if id as usize == CAP {
            return None;
        }
        self.used |= one(id);
        let object = &mut self.objects[id as usize];
        object.life = Life::Unborn;
        object.incarnation += 1;
        object.heap = heap;
        object.shape = Some(shape);
        let has_finalizer = shape == Shape::Leaf || (shape != Shape::Slice && finalizes);
        object.finalizer = has_finalizer && shape != Shape::Text;
        object.finalized = false;
        object.frozen = false;
        debug_assert!(object.edges.is_empty() && object.refs() == 0);
        (object.weak, object.outside) = (0, 1);
        object.calls.clear();
        Some(id)
    }

    /// It has its slot.
    pub(crate) fn placed(&mut self, id: Id) {
        let object = &self.objects[id as usize];
        let heap = &mut self.heaps[object.heap];
        heap.live += 1;
        heap.tracked += usize::from(object.is_tracked());
        heap.allocated += usize::from(object.is_tracked());
    }

    /// It is an object now.
    pub(crate) fn born(&mut self, id: Id) {
        let object = &mut self.objects[id as usize];
        object.life = Life::Alive;
        object.age = 0;
        for edge in std::mem::take(&mut object.edges) {
            self.edge_in(id, edge);
        }
    }

    /// Its slot has gone back to the heap.
    pub(crate) fn leave(&mut self, id: Id) {
        let object = &mut self.objects[id as usize];
        object.life = Life::Dropped;
        object.frozen = false;
        self.heaps[object.heap].less(object.is_tracked());
        self.gone |= one(id);
    }

    /// A value is not put into an object after all.
    pub(crate) fn forget(&mut self, id: Id) {
        self.objects[id as usize].life = Life::Dropped;
        self.objects[id as usize].outside = 0;
        self.gone |= one(id);
    }

    /// The value has moved to another object, a new one.
    pub(crate) fn reborn(&mut self, id: Id) {
        let object = &mut self.objects[id as usize];
        object.incarnation += 1;
        object.weak = 0;
        object.age = 0;
        object.frozen = false;
    }

    /// The step is over: the numbers of those who went can be used again.
    pub(crate) fn recycle(&mut self) {
        for id in members(std::mem::take(&mut self.gone)) {
            self.used &= !one(id);
            let object = &mut self.objects[id as usize];
            object.life = Life::Free;
            debug_assert!(object.refs() == 0, "{id} is gone and has {} handles", object.refs());
        }
    }

    // ---- handles -----------------------------------------------------------------------------------

    /// A handle more, held by nobody whom the model knows.
    pub(crate) fn gain(&mut self, id: Id) {
        self.objects[id as usize].outside += 1;
    }

    /// A handle that was outside is now the last edge of `holder`.
    pub(crate) fn edge_in(&mut self, holder: Id, id: Id) {
        let at = self.objects[holder as usize].edges.len();
        self.edge_in_at(holder, at, id);
    }

    pub(crate) fn edge_in_at(&mut self, holder: Id, at: usize, id: Id) {
        let target = &mut self.objects[id as usize];
        target.outside -= 1;
        target.inner += 1;
        let holder = &mut self.objects[holder as usize];
        holder.edges.insert(at, id);
        holder.targets |= one(id);
    }

    /// An edge of `holder` is now a handle outside.
    pub(crate) fn edge_out(&mut self, holder: Id, at: usize) -> Id {
        let object = &mut self.objects[holder as usize];
        let id = object.edges.remove(at);
        object.targets = object.edges.iter().fold(0, |set, &edge| set | one(edge));
        let target = &mut self.objects[id as usize];
        target.inner -= 1;
        target.outside += 1;
        id
    }

    /// All edges of `holder` are now handles outside.
    pub(crate) fn edges_out(&mut self, holder: Id) -> Vec<Id> {
        self.objects[holder as usize].targets = 0;
        let edges = std::mem::take(&mut self.objects[holder as usize].edges);
        for &id in &edges {
            let target = &mut self.objects[id as usize];
            target.inner -= 1;
            target.outside += 1;
        }
        edges
    }

    /// Two objects have swapped what they hold.
    pub(crate) fn swap_cells(&mut self, one: Id, other: Id) {
        let [one, other] =
            self.objects.get_disjoint_mut([one as usize, other as usize]).expect("two objects");
        std::mem::swap(&mut one.edges, &mut other.edges);
        std::mem::swap(&mut one.targets, &mut other.targets);
    }

    // ---- weak handles and calls --------------------------------------------------------------------

    pub(crate) fn one_weak_less(&mut self, (id, incarnation): (Id, u32)) {
        let object = &mut self.objects[id as usize];
        if object.incarnation == incarnation {
            object.weak -= 1;
        }
    }

    /// A weak handle was upgraded, or not.
    pub(crate) fn upgraded(&mut self, (id, incarnation): (Id, u32), got: bool) {
        if self.is_loose(id) {
            // Alive or dying: which, only the heap knows.
            if got {
                self.no_longer_loose(id);
                self.objects[id as usize].life = Life::Alive;
            }
        } else {
            let lives = self.lives(id, incarnation);
            self.check(lives == got, || {
                format!("a weak handle to object {id} was upgraded: {got}, should be {lives}")
            });
        }
        if got {
            self.gain(id);
        }
    }

    /// A call for this object, the newest.
    pub(crate) fn register(&mut self, object: Id, deed: Deed, number: u8, is_cleanup: bool) {
        self.serial += 1;
        let known = &mut self.objects[object as usize];
        // Cleanups of a closed heap never run.
        let armed = !(is_cleanup && self.heaps[known.heap].closed);
        if armed {
            known.calls.push(self.calls.len());
        }
        let serial = self.serial;
        let at_exit = true;
        self.calls.push(Call { object, serial, armed, is_cleanup, at_exit, deed, number });
    }

    /// The cleanups that have not run when a heap has ended never will.
    pub(crate) fn disarm_cleanups(&mut self, heap: usize) {
        for call in 0..self.calls.len() {
            let known = &self.calls[call];
            if known.armed && known.is_cleanup && self.objects[known.object as usize].heap == heap {
                self.disarm(call);
            }
        }
    }

    // ---- generations ----------------------------------------------------------------------------------

    /// A judgement of this generation: everything up to it moves up.
    pub(crate) fn promote(&mut self, heap: usize, age: usize) {
        for id in members(self.used) {
            let object = &mut self.objects[id as usize];
            if object.heap != heap {
                continue;
            }
            let grown = |own: usize| if own <= age { 2.min(age + 1) } else { own };
            if object.life == Life::Dying {
                object.age_of_others = grown(object.age_of_others);
            } else {
                object.age = grown(object.age);
                object.age_of_others = object.age;
            }
        }
        self.heaps[heap].next_epoch(age);
    }

    /// An object that has waited for its end may come back. Nothing says whether it grew older
    /// meanwhile with the others: the heap is asked.
    pub(crate) fn waited(&mut self, id: Id, age: usize) {
        let object = &mut self.objects[id as usize];
        let fits = (object.age..=object.age_of_others).contains(&age);
        object.age = age;
        self.check(fits, || format!("object {id} came back in generation {age}"));
    }

    /// Whether collections have passed while the object waited.
    pub(crate) fn is_age_open(&self, id: Id) -> bool {
        let object = &self.objects[id as usize];
        object.life == Life::Finalizing && object.age != object.age_of_others
    }

    pub(crate) fn freeze(&mut self, heap: usize) {
        for id in members(self.used) {
            let object = &mut self.objects[id as usize];
            object.frozen |= object.heap == heap
                && object.life == Life::Alive
                && object.is_tracked()
                && !object.exclusive;
        }
        let known = &mut self.heaps[heap];
        (known.middle, known.old, known.floor) = (0, 0, known.tracked);
    }

    pub(crate) fn unfreeze(&mut self, heap: usize) {
        for id in members(self.used) {
            let object = &mut self.objects[id as usize];
            if object.heap == heap && object.frozen {
                object.frozen = false;
                if object.can_upgrade() {
                    object.age = 2;
                }
            }
        }
    }

    pub(crate) fn frozen(&self, heap: usize) -> usize {
        members(self.used)
            .filter(|&id| {
                self.objects[id as usize].frozen && self.objects[id as usize].heap == heap
            })
            .count()
    }

    pub(crate) fn weak(&self, id: Id) -> u32 {
        self.objects[id as usize].weak
    }

    /// Whether a value may be changed or moved by its only handle.
    pub(crate) fn is_unique(&self, id: Id) -> bool {
        let object = &self.objects[id as usize];
        object.refs() == 1 && object.shape != Some(Shape::Pinned)
    }

    /// Whether this is still the object that had the number then, and alive.
    pub(crate) fn lives(&self, id: Id, incarnation: u32) -> bool {
        let object = &self.objects[id as usize];
        object.incarnation == incarnation && object.can_upgrade()
    }
}
