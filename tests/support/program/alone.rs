//! Operations on an object that nobody else may know: while it is made, and by its only handle.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;

use gc_core::Gc;

use super::model::{Id, Life, Model};
use super::op::{Deed, Shape};
use super::order::Frame;
use super::value::{Core, Deliberate, Handle, Value, WeakHandle, panic_deliberately};
use super::world::{Due, ROOTS, World};

impl<T: Value> World<T> {
    /// The weak handle is dead until the value is there, and for ever if there never is one.
    pub(crate) fn make_cyclic(self: &Rc<Self>, inside: Deed, number: u8, heap: u8) -> Option<()> {
        let at = self.entry_of(heap);
        let id = self.model.borrow_mut().conceive(at, Shape::Node, T::FINALIZES)?;
        let due = Cell::new(Some(Due::before(self, at, Shape::Node)));
        let heap = self.heap(at);
        let made = catch_unwind(AssertUnwindSafe(|| {
            Gc::new_cyclic_in(&heap, |me| {
                let mut model = self.model.borrow_mut();
                if let Some(due) = due.take() {
                    due.after(&mut model);
                }
                model.placed(id);
                let dead = me.upgrade().is_none() && me.is_dead();
                model.check(dead, || "an unborn object was upgraded".into());
                let object = &mut model.objects[id as usize];
                object.weak += 1;
                let name = (id, object.incarnation);
                let weak = WeakHandle::Node(me.clone());
                self.weak.borrow_mut().push((name, weak));
                model.begin(Frame::Hook);
                drop(model);
                let panics = inside == Deed::Panic && self.setting.hostile;
                let deed = if panics { Deed::Nothing } else { inside };
                self.hook(deed, number, None, Model::hook_ends);
                if panics {
                    panic_deliberately();
                }
                T::new(Core::new(Some(self.probe(id, Deed::Nothing, number)), Deed::Nothing))
            })
        }));
        drop(heap);
        match made {
            Ok(gc) => {
                self.model.borrow_mut().born(id);
                self.push_root(Some((id, Handle::Node(gc))));
            }
            Err(payload) if payload.is::<Deliberate>() => {
                let mut model = self.model.borrow_mut();
                model.forget(id);
                model.leave(id);
            }
            Err(payload) => resume_unwind(payload),
        }
        Some(())
    }

    /// `get_mut` is refused exactly if there are other handles, weak ones included, or it is pinned.
    pub(crate) fn get_mut(self: &Rc<Self>, root: u8, target: u8, age: usize) -> Option<()> {
        let new = self.clone_root(target)?;
        if new.1.is_any() {
            self.let_go(new);
            return None;
        }
        let (id, handle) = self.take_root(root)?;
        let unique = self.model.borrow().is_unique(id) && self.model.borrow().weak(id) == 0;
        let (handle, new) = match handle {
            Handle::Node(mut gc) => {
                let left = if let Some(guard) = Gc::get_mut(&mut gc) {
                    assert!(unique, "get_mut of object {id} was granted");
                    self.mutate(id, guard.core(), new, age)
                } else {
                    assert!(!unique, "get_mut of object {id} was refused");
                    Some(new)
                };
                (Handle::Node(gc), left)
            }
            other => (other, Some(new)),
        };
        self.push_root(Some((id, handle)));
        if let Some(new) = new {
            self.let_go(new);
        }
        Some(())
    }

    /// With `&mut` to an object: an edge for another, and a collection. Returns what is left over.
    fn mutate(
        &self,
        id: Id,
        core: &Core<T>,
        new: (Id, Handle<T>),
        age: usize,
    ) -> Option<(Id, Handle<T>)> {
        self.model.borrow_mut().objects[id as usize].exclusive = true;
        let old = self.take_edge(id, core, 0);
        let left = self.put_edge(id, core, new);
        if let Some(old) = old {
            self.let_go(old);
        }
        let at = self.model.borrow().objects[id as usize].heap;
        self.collect(at, age);
        self.model.borrow_mut().objects[id as usize].exclusive = false;
        left
    }

    /// In place, by moving the value where only weak handles are in the way, or by a clone.
    pub(crate) fn make_mut(self: &Rc<Self>, root: u8) -> Option<()> {
        if self.model.borrow().is_full() || self.roots.borrow().len() >= ROOTS {
            return None;
        }
        let (id, handle) = self.take_root(root)?;
        let Handle::Node(mut gc) = handle else {
            self.push_root(Some((id, handle)));
            return None;
        };
        let unique = self.model.borrow().is_unique(id);
        // If it is to be cloned, its own handle is not the last: that ends outside the call.
        let spare = (!unique).then(|| {
            self.model.borrow_mut().gain(id);
            (id, Handle::Node(gc.clone()))
        });
        let in_place = unique && self.model.borrow().weak(id) == 0;
        let at = self.model.borrow().objects[id as usize].heap;
        let due = (!in_place).then(|| Due::before(self, at, Shape::Node));
        let before = Gc::as_ptr(&gc);
        self.cloned.set(None);
        self.model.borrow_mut().begin(Frame::Taken { id, reborn: false });
        let edge = {
            let guard = Gc::make_mut(&mut gc);
            guard.core().edges.borrow_mut().pop()
        };
        let frame = self.model.borrow_mut().frames.pop();
        let Some(Frame::Taken { reborn, .. }) = frame else { panic!("frames do not nest") };
        let after = Gc::as_ptr(&gc);
        let mut model = self.model.borrow_mut();
        // Where a hook took hold of a value that was about to move, there were two allocations. Where
        // calls were made for the old object, they may have allocated too.
        let one_allocation = !reborn && (!unique || self.cloned.get().is_none());
        if let Some(due) = due.filter(|_| one_allocation) {
            due.after(&mut model);
        }
        assert_eq!(in_place, before == after, "make_mut of object {id}");
        if unique && !in_place {
            // Room for the value, whether it was moved there or not.
            model.heaps[at].allocated += 1;
        }
        let new = match self.cloned.take() {
            Some(clone) => {
                model.placed(clone);
                // The edge that was popped is in hand already.
                model.born(clone);
                let begun = model.lose(id);
                assert!(!begun, "the last handle of object {id} ended inside make_mut");
                clone
            }
            None => {
                if !in_place {
                    assert!(unique, "object {id} was moved, and others hold it");
                    model.move_is_over(id, reborn);
                }
                id
            }
        };
        let edge = edge.map(|edge| {
            let last = model.objects[new as usize].edges.len() - 1;
            (model.edge_out(new, last), edge)
        });
        drop(model);
        self.push_root(Some((new, Handle::Node(gc))));
        if let Some(edge) = edge {
            self.let_go(edge);
        }
        if let Some(spare) = spare {
            self.let_go(spare);
        }
        Some(())
    }

    /// `try_unwrap` is refused exactly if there are other handles, or it is pinned.
    pub(crate) fn try_unwrap(&self, root: u8) -> Option<()> {
        let (id, handle) = self.take_root(root)?;
        let unique = self.model.borrow().is_unique(id);
        let Handle::Node(gc) = handle else {
            self.push_root(Some((id, handle)));
            return None;
        };
        let mut ids = Vec::new();
        if unique {
            let mut model = self.model.borrow_mut();
            ids = model.edges_out(id);
            model.objects[id as usize].outside = 0;
            model.objects[id as usize].life = Life::Dropped;
            model.begin(Frame::Taken { id, reborn: true });
        }
        match Gc::try_unwrap(gc) {
            Err(gc) => {
                assert!(!unique, "try_unwrap of object {id} was refused");
                self.push_root(Some((id, Handle::Node(gc))));
            }
            Ok(value) => {
                assert!(unique, "object {id} was unwrapped, and others hold it");
                let mut model = self.model.borrow_mut();
                model.taken_is_over(id);
                drop(model);
                let edges = value.core().edges.take();
                if let Some(probe) = &value.core().probe {
                    probe.defused.set(true);
                }
                self.roots.borrow_mut().extend(ids.into_iter().zip(edges));
            }
        }
        Some(())
    }
}
