//! The operations, each done to heap and model.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use gc_core::{DebugFlags, Gc, Thresholds};

use super::counters::PASSES;
use super::model::{Id, Set, members, one};
use super::op::{Deed, Op, Shape};
use super::order::Frame;
use super::value::{Core, Deliberate, Handle, Value};
use super::walk::Path;
use super::world::{EDGES, ROOTS, World, pick};

/// Calls `look` with the holder to which the edges lead from `handle`. The way is by reference: a clone
/// would be dropped again, and so make a suspect where the program made none.
fn walk<T: Value, R>(core: &Core<T>, path: &[u8], look: impl FnOnce(&Core<T>) -> R) -> R {
    match path.split_first() {
        None => look(core),
        Some((&edge, rest)) => {
            let edges = core.edges.borrow();
            walk(edges[edge as usize].core().expect("a holder"), rest, look)
        }
    }
}

impl<T: Value> World<T> {
    /// A holder that the root with this number leads to.
    fn choose(&self, root: usize, at: u8) -> Option<(Id, Path)> {
        let (id, handle) = &self.roots.borrow()[root];
        handle.core()?;
        self.model.borrow().choose(*id, at)
    }

    fn at<R>(&self, root: usize, path: &Path, look: impl FnOnce(&Core<T>) -> R) -> R {
        let roots = self.roots.borrow();
        walk(roots[root].1.core().expect("a holder"), path.edges(), look)
    }

    /// The edge of a holder that the root leads to, in hand.
    fn take_far_edge(&self, root: usize, at: u8, edge: u8) -> Option<(Id, Handle<T>)> {
        let (holder, path) = self.choose(root, at)?;
        self.at(root, &path, |core| self.take_edge(holder, core, edge))
    }

    /// Puts a handle into a holder that the root leads to, or on the stack if there is none.
    fn put_far_edge(&self, root: Option<usize>, at: u8, edge: (Id, Handle<T>)) {
        let found = root.and_then(|root| Some((root, self.choose(root, at)?)));
        let Some((root, (holder, path))) = found.filter(|_| !edge.1.is_any()) else {
            return self.push_root(Some(edge));
        };
        let old = self.at(root, &path, |core| self.put_edge(holder, core, edge));
        if let Some(old) = old {
            self.let_go(old);
        }
    }

    /// Does an operation. `None`: there was nothing to do it with.
    pub(crate) fn act(self: &Rc<Self>, op: Op) -> Option<()> {
        match op {
            Op::Make { shape, last, dropped, number, heap } => {
                if self.model.borrow().is_full() {
                    self.let_go(self.take_root(number)?);
                } else {
                    let at = self.entry_of(heap);
                    let made = self.make(shape, [last, dropped], number, at, None);
                    self.push_root(made);
                }
            }
            Op::MakeHolding { moved, heap } => {
                let root = self.pick_root(moved)?;
                if self.roots.borrow()[root].1.is_any() || self.model.borrow().is_full() {
                    return None;
                }
                let held = self.take_root(moved);
                let at = self.entry_of(heap);
                let made = self.make(Shape::Node, [Deed::Nothing; 2], 0, at, held);
                self.push_root(made);
            }
            Op::MakeCyclic { inside, number, heap } => self.make_cyclic(inside, number, heap)?,
            Op::Clone { root } => {
                if self.roots.borrow().len() < ROOTS {
                    self.push_root(self.clone_root(root));
                }
            }
            Op::Drop { root } => self.let_go(self.take_root(root)?),
            Op::Link { root, at, target } => {
                let handle = self.clone_root(target)?;
                if handle.1.is_any() {
                    self.let_go(handle);
                } else {
                    self.put_far_edge(self.pick_root(root), at, handle);
                }
            }
            Op::MoveInto { root, at, moved } => {
                let handle = self.take_root(moved)?;
                self.put_far_edge(self.pick_root(root), at, handle);
            }
            Op::MoveOut { root, at, edge } => {
                let taken = self.take_far_edge(self.pick_root(root)?, at, edge);
                self.push_root(taken);
            }
            Op::MoveBetween { root, at, edge, to } => {
                // Chosen without the edge in hand: a handle cannot be stored through itself.
                let root = self.pick_root(root)?;
                let taken = self.take_far_edge(root, at, edge)?;
                self.put_far_edge(Some(root), to, taken);
            }
            Op::Unlink { root, at, edge } => {
                let taken = self.take_far_edge(self.pick_root(root)?, at, edge)?;
                self.let_go(taken);
            }
            Op::Swap { root, at, edge, other } => self.swap(root, at, edge, other)?,
            Op::SwapCells { root, at, to } => self.swap_cells(root, at, to)?,
            Op::Loan { root, at } => self.lend(root, at)?,
            Op::Collect { age, heap } => self.collect(self.entry_of(heap), age as usize),
            Op::CollectWithin { objects, heap } => {
                self.collect_within(self.entry_of(heap), objects)
            }
            Op::CollectInVain { age, visits, heap } => {
                self.collect_in_vain(self.entry_of(heap), age as usize, visits);
            }
            Op::CollectBorrowed { root, at, age, heap } => {
                self.collect_borrowed(root, at, age as usize, heap)?;
            }
            Op::Freeze { heap } => self.freeze(self.entry_of(heap)),
            Op::Unfreeze { heap } => self.unfreeze(self.entry_of(heap)),
            Op::MakeWeak { root } => {
                let root = self.pick_root(root)?;
                self.make_weak(&self.roots.borrow()[root]);
            }
            Op::Upgrade { weak } => self.upgrade(weak)?,
            Op::DropWeak { weak } => self.drop_weak(weak)?,
            Op::Watch { root, deed, number } => {
                let root = self.pick_root(root)?;
                self.watch(&self.roots.borrow()[root], deed, number);
            }
            Op::DropWatch { watch } => self.drop_watch(watch)?,
            Op::ForgetWatch { watch } => self.forget_watch(watch)?,
            Op::Cleanup { root, deed, number } => {
                let root = self.pick_root(root)?;
                self.cleanup(&self.roots.borrow()[root], deed, number);
            }
            Op::CallCleanup { cleanup } => self.call_by_hand(cleanup)?,
            Op::DetachCleanup { cleanup } => self.detach_cleanup(cleanup)?,
            Op::NotAtExit { cleanup } => {
                let cleanups = self.cleanups.borrow();
                let (call, cleanup) = &cleanups[pick(cleanup, cleanups.len())?];
                cleanup.set_at_exit(false);
                self.model.borrow_mut().calls[*call].at_exit = false;
            }
            Op::DropCleanup { cleanup } => {
                let cleanup = pick(cleanup, self.cleanups.borrow().len())?;
                drop(self.cleanups.borrow_mut().swap_remove(cleanup));
            }
            Op::MapInsert { key, root } => self.map_insert(key, root)?,
            Op::MapGet { key } => self.map_get(key)?,
            Op::MapRemove { key } => self.map_remove(key)?,
            Op::GetMut { root, target, age } => self.get_mut(root, target, age as usize)?,
            Op::MakeMut { root } => self.make_mut(root)?,
            Op::TryUnwrap { root } => self.try_unwrap(root)?,
            Op::Recast { root } => {
                let (id, handle) = self.take_root(root)?;
                self.push_root(Some((id, handle.recast())));
            }
            Op::Raw { root } => {
                let (id, handle) = self.take_root(root)?;
                self.push_root(Some((id, handle.through_raw())));
            }
            Op::Enumerate { heap } => self.enumerate(self.entry_of(heap)),
            Op::Referrers { root } => self.referrers(root)?,
            Op::SetAuto { on, heap } => {
                let (at, on) = (self.entry_of(heap), on & 1 == 1);
                let was = std::mem::replace(&mut self.model.borrow_mut().heaps[at].auto, on);
                assert_eq!(self.heap(at).set_auto_collect(on), was);
            }
            Op::SetThreshold { young, heap } => {
                let (at, young) = (self.entry_of(heap), young as usize % 12);
                self.model.borrow_mut().heaps[at].threshold = young;
                let thresholds =
                    Thresholds { young, middle: PASSES, old: PASSES, ..Default::default() };
                self.heap(at).set_thresholds(thresholds);
            }
            Op::Pause { heap } => {
                let at = self.entry_of(heap);
                self.model.borrow_mut().heaps[at].pauses += 1;
                self.pauses.borrow_mut().push((at, self.heap(at).pause()));
            }
            Op::Resume { pause } => {
                let pause = pick(pause, self.pauses.borrow().len())?;
                let (at, guard) = self.pauses.borrow_mut().swap_remove(pause);
                drop(guard);
                self.model.borrow_mut().heaps[at].pauses -= 1;
            }
            Op::Listen { deed, number, heap } => {
                self.entry(self.entry_of(heap)).listener.set((deed, number));
            }
            Op::SaveAll { on, heap } => {
                let (at, on) = (self.entry_of(heap), on % 8 == 1);
                self.model.borrow_mut().heaps[at].save_all = on;
                self.heap(at).set_debug(if on { DebugFlags::SAVE_ALL } else { DebugFlags::NONE });
            }
            Op::TakeGarbage { heap } => self.take_garbage(self.entry_of(heap)),
            Op::EndHeap { heap } => self.end_heap(heap),
        }
        Some(())
    }

    fn swap(&self, root: u8, at: u8, edge: u8, other: u8) -> Option<()> {
        let (root, other) = (self.pick_root(root)?, self.pick_root(other)?);
        if root == other || self.roots.borrow()[other].1.is_any() {
            // It cannot go where it is the way to.
            return None;
        }
        let (holder, path) = self.choose(root, at)?;
        let mut roots = self.roots.borrow_mut();
        let [(_, way), (id, handle)] = roots.get_disjoint_mut([root, other]).ok()?;
        walk(way.core()?, path.edges(), |core| {
            let mut edges = core.edges.borrow_mut();
            let edge = pick(edge, edges.len())?;
            std::mem::swap(&mut edges[edge], handle);
            let mut model = self.model.borrow_mut();
            let out = model.edge_out(holder, edge);
            model.edge_in_at(holder, edge, *id);
            *id = out;
            Some(())
        })
    }

    fn swap_cells(&self, root: u8, at: u8, to: u8) -> Option<()> {
        let root = self.pick_root(root)?;
        let ((id, path), (other, other_path)) = (self.choose(root, at)?, self.choose(root, to)?);
        let both: Set = one(id) | one(other);
        if id == other || (path.through | other_path.through) & both != 0 {
            // What leads to the one cannot change as long as the way to it is borrowed.
            return None;
        }
        self.at(root, &path, |core| {
            self.at(root, &other_path, |other| core.edges.swap(&other.edges));
        });
        self.model.borrow_mut().swap_cells(id, other);
        Some(())
    }

    fn lend(&self, root: u8, at: u8) -> Option<()> {
        let picked = self.pick_root(root)?;
        let (holder, path) = self.choose(picked, at)?;
        if self.model.borrow().objects[holder as usize].edges.len() >= EDGES {
            return None;
        }
        let weak = match &self.roots.borrow()[picked].1 {
            Handle::Node(gc) => Gc::downgrade(gc),
            _ => return None,
        };
        let (id, handle) = self.take_root(root)?;
        self.model.borrow_mut().edge_in(holder, id);
        let handle = Cell::new(Some(handle));
        weak.with(|value| {
            walk(value.core(), path.edges(), |core| core.edges.borrow_mut().extend(handle.take()));
        });
        Some(())
    }

    fn collect_borrowed(&self, root: u8, at: u8, age: usize, heap: u8) -> Option<()> {
        let (holder, path) = self.choose(self.pick_root(root)?, at)?;
        // In hand: hooks may add roots, and take them away.
        let (id, handle) = self.take_root(root)?;
        walk(handle.core()?, path.edges(), |core| {
            let edges = core.edges.borrow_mut();
            self.model.borrow_mut().objects[holder as usize].opaque = true;
            // Nobody looks into it, this once and in what follows.
            let hidden = holder != id || handle.referents() == 0;
            assert!(hidden, "the borrowed edges of object {id} are shown");
            self.collect(self.entry_of(heap), age);
            self.model.borrow_mut().objects[holder as usize].opaque = false;
            drop(edges);
        });
        self.push_root(Some((id, handle)));
        Some(())
    }

    /// It is made once in all, by hand or at the death.
    fn call_by_hand(&self, number: u8) -> Option<()> {
        let number = pick(number, self.cleanups.borrow().len())?;
        let (call, cleanup) = self.cleanups.borrow_mut().swap_remove(number);
        let armed = self.model.borrow().calls[call].armed;
        self.model.borrow_mut().begin(Frame::ByHand(call));
        let called = catch_unwind(AssertUnwindSafe(|| cleanup.call().is_some()));
        let frame = self.model.borrow_mut().frames.pop();
        assert!(matches!(frame, Some(Frame::ByHand(_))));
        let called = called.unwrap_or_else(|payload| {
            // It is not the heap's panic, so no handler hears of it.
            assert!(payload.is::<Deliberate>());
            self.told.set(self.told.get() + 1);
            true
        });
        assert_eq!((called, cleanup.is_alive()), (armed, false), "cleanup {call}, by hand");
        Some(())
    }

    fn enumerate(&self, at: usize) {
        let handles = self.heap(at).objects();
        let model = self.model.borrow();
        let shown = model.judged(at, 2);
        assert_eq!(handles.len(), shown.count_ones() as usize, "objects of heap {at}");
        for any in handles {
            let handle = Handle::<T>::Any(any).recast();
            let id = handle.id().expect("what is tracked has a number");
            assert!(shown & one(id) != 0, "object {id} is shown");
        }
    }

    fn referrers(&self, root: u8) -> Option<()> {
        let root = self.pick_root(root)?;
        let roots = self.roots.borrow();
        let (id, handle) = &roots[root];
        let at = self.entry_of(0);
        let found = handle.referrers(&self.heap(at))?;
        let model = self.model.borrow();
        let holders = members(model.judged(at, 2));
        let count = holders.filter(|&other| model.objects[other as usize].targets & one(*id) != 0);
        assert_eq!(found.len(), count.count(), "the referrers of object {id}");
        Some(())
    }
}
