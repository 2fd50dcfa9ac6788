//! What can be seen from outside, held against the model; and a program's end.
//!
//! Compared after every step: the whole graph that roots lead to, by reference, with each object's
//! counts, generation and mark of a finalizer; that nothing unheld is still there; the heaps' figures;
//! weak handles, watches, cleanups and the map; that each panic was told once. Hooks are compared as
//! they run (`order.rs`), and so are the collections' reports.

use std::rc::Rc;

use gc_core::{DebugFlags, Gc, Heap};

use super::model::{Id, Life, Model, Set, members, one};
use super::op::Deed;
use super::value::{Handle, Value};
use super::world::{GENERATIONS, World};

impl<T: Value> World<T> {
    /// # Panics
    /// If something is not as the model has it.
    pub(crate) fn compare(&self, verify: bool) {
        self.model.borrow_mut().recycle();
        let model = &*self.model.borrow();
        if let Some(failure) = &model.failure {
            panic!("{failure}");
        }
        assert!(model.frames.is_empty(), "something is still going on");
        let mut seen = 0;
        let roots = self.roots.borrow();
        for (id, handle) in &*roots {
            self.look(model, *id, handle, &mut seen);
        }
        if let [.., (one, handle), (other, other_handle)] = &roots[..]
            && let Some(same) = handle.ptr_eq(other_handle)
        {
            assert_eq!(same, one == other, "objects {one} and {other} are the same");
        }
        for id in members(model.used) {
            let object = &model.objects[id as usize];
            assert!(object.life == Life::Alive, "object {id} is {:?}", object.life);
            assert!(object.refs() > 0, "nobody holds object {id}, and it is still there");
        }
        self.compare_heaps(model, verify);
        self.compare_weak(model);
        for (call, cleanup) in &*self.cleanups.borrow() {
            assert_eq!(cleanup.is_alive(), model.calls[*call].armed, "cleanup {call} is to come");
        }
        assert_eq!(self.told.get(), self.panics.get(), "each panic is told once");
    }

    /// An object as its handle shows it, and all that it leads to.
    fn look(&self, model: &Model, id: Id, handle: &Handle<T>, seen: &mut Set) {
        let known = &model.objects[id as usize];
        let (strong, generation, finalized) = handle.figures();
        assert_eq!(strong, known.refs() as usize, "the count of object {id}");
        if *seen & one(id) != 0 {
            return;
        }
        assert_eq!(generation, GENERATIONS[known.age], "the generation of object {id}");
        assert_eq!(finalized, known.finalized, "whether object {id} was finalized");
        if let Some(weak) = handle.weak_count() {
            assert_eq!(weak, known.weak as usize, "the weak count of object {id}");
        }
        let Some(core) = handle.core() else { return };
        *seen |= one(id);
        assert_eq!(handle.id(), Some(id), "a handle leads to another object");
        let edges = core.edges.borrow();
        assert_eq!(edges.len(), known.edges.len(), "the edges of object {id}");
        for (edge, &id) in edges.iter().zip(&known.edges) {
            self.look(model, id, edge, seen);
        }
    }

    fn compare_heaps(&self, model: &Model, verify: bool) {
        for (at, known) in model.heaps.iter().enumerate() {
            let entry = self.entry(at);
            if let Some(heap) = &*entry.heap.borrow() {
                assert_eq!(heap.live_count(), known.live, "objects of heap {at}");
                let counts = heap.counts();
                let counts = (counts.young, counts.middle, counts.old);
                assert_eq!(counts, known.counts(), "the counts of heap {at}");
                assert_eq!(heap.frozen_count(), model.frozen(at), "frozen objects of heap {at}");
                assert_eq!(heap.is_auto_collect(), known.auto);
                if verify {
                    heap.verify();
                }
            } else if let Some(anchor) = &*entry.anchor.borrow() {
                let heap = Gc::heap(anchor);
                assert_eq!(heap.live_count(), known.live, "objects of heap {at}, which has ended");
                if verify {
                    heap.verify();
                }
            }
        }
    }

    fn compare_weak(&self, model: &Model) {
        for ((id, incarnation), weak) in &*self.weak.borrow() {
            let lives = model.lives(*id, *incarnation);
            let (dead, counts) = weak.figures();
            assert_eq!(!dead, lives, "whether a weak handle to object {id} lives");
            let known = &model.objects[*id as usize];
            let expected = if lives { (known.refs(), known.weak) } else { (0, 0) };
            if let Some((strong, weak)) = counts {
                assert_eq!((strong, weak), (expected.0 as usize, expected.1 as usize));
            }
        }
        for ((id, incarnation), _, watch) in &*self.watches.borrow() {
            assert_eq!(
                !watch.is_dead(),
                model.lives(*id, *incarnation),
                "the watch of object {id}"
            );
        }
        let mapped = self.mapped.borrow();
        let living =
            mapped.iter().flatten().filter(|&&(id, incarnation)| model.lives(id, incarnation));
        assert_eq!(self.map.len(), living.count(), "entries of the map");
    }

    /// What a hook can see of objects at their end: whether weak handles are dead.
    pub(crate) fn compare_in_hook(&self) {
        let mut model = self.model.borrow_mut();
        if model.is_undetermined() {
            return;
        }
        for (name, weak) in &*self.weak.borrow() {
            let (lives, dead) = (model.lives(name.0, name.1), weak.figures().0);
            let holds = lives != dead || model.is_loose(name.0);
            model.check(holds, || {
                format!("in a hook, a weak handle to object {} is dead: {dead}", name.0)
            });
        }
    }

    // ---- the end of a program ----------------------------------------------------------------------------

    /// All is let go of, and goes.
    pub(crate) fn end(self: &Rc<Self>) {
        self.calm_down();
        for _ in 0..100 {
            let heaps = self.model.borrow().heaps.len();
            for at in 0..heaps {
                self.empty(at);
                self.compare(true);
            }
            if self.model.borrow().used == 0 {
                break;
            }
            if self.roots.borrow().is_empty() {
                // Rings across heaps, which no collection finds.
                (0..heaps).for_each(|at| self.untie(at));
                self.compare(true);
            }
        }
        assert_eq!(self.model.borrow().used, 0, "objects are left");
        let entries = self.entries.iter().filter_map(|entry| entry.get());
        for (at, entry) in entries.enumerate() {
            entry.anchor.take();
            if let Some(heap) = &*entry.heap.borrow() {
                heap.assert_empty();
                self.compare_stats(at, heap);
            }
        }
        self.weak.take();
        self.watches.take();
        self.cleanups.take();
    }

    /// Nothing happens by itself any more.
    pub(crate) fn calm_down(&self) {
        let pauses = self.pauses.take();
        for (at, guard) in pauses {
            drop(guard);
            self.model.borrow_mut().heaps[at].pauses -= 1;
        }
        let heaps = self.model.borrow().heaps.len();
        for at in 0..heaps {
            self.entry(at).listener.set((Deed::Nothing, 0));
            if self.entry(at).heap.borrow().is_some() {
                self.heap(at).set_auto_collect(false);
                self.heap(at).set_debug(DebugFlags::NONE);
                let known = &mut self.model.borrow_mut().heaps[at];
                (known.auto, known.save_all) = (false, false);
            }
        }
    }

    /// Drops the roots, and collects, also a heap that has ended.
    fn empty(&self, at: usize) {
        let alive = self.entry(at).heap.borrow().is_some();
        if alive {
            self.take_garbage(at);
            self.unfreeze(at);
        }
        while let Some(root) = self.take_root(0) {
            self.let_go(root);
        }
        if alive {
            self.collect(at, 2);
        } else if let Some(anchor) = &*self.entry(at).anchor.borrow() {
            Gc::heap(anchor).collect();
        }
    }

    fn untie(&self, at: usize) {
        let anchor = self.entry(at).anchor.borrow();
        let heap = match (&*self.entry(at).heap.borrow(), &*anchor) {
            (Some(heap), _) => heap.clone(),
            (None, Some(anchor)) => Gc::heap(anchor),
            (None, None) => return,
        };
        let handles = heap.objects().into_iter().map(|any| {
            let handle = Handle::<T>::Any(any).recast();
            let id = handle.id().expect("what is tracked has a number");
            self.model.borrow_mut().gain(id);
            (id, handle)
        });
        for (id, handle) in handles.collect::<Vec<_>>() {
            while let Some(edge) = handle.core().and_then(|core| self.take_edge(id, core, 0)) {
                self.let_go(edge);
            }
            self.let_go((id, handle));
        }
    }

    fn compare_stats(&self, at: usize, heap: &Heap) {
        let stats = heap.stats();
        for (known, age) in self.model.borrow().heaps[at].stats.iter().zip(GENERATIONS) {
            let sums = &stats[age];
            let found = [sums.collections, sums.collected, sums.finalized, sums.resurrected];
            assert_eq!(found, *known, "the figures of {age:?} collections of heap {at}");
        }
    }
}
