//! What hooks do: finalizers, drops, watches, cleanups, subscribers. Each is announced to the model,
//! which says whether it was its turn, and then does its deed to heap and model alike.

use std::rc::Rc;

use super::model::{Id, Model};
use super::op::{Deed, Shape};
use super::value::{Core, Handle, Me, VISITS_LEFT, Value, panic_deliberately};
use super::world::{KeptWatch, OTHERS, World, pick};

/// Undoes what stands for a running hook, whatever way it ends.
struct Running<'a, T: Value, E: Fn(&mut Model)> {
    world: &'a World<T>,
    visits: u32,
    end: E,
}

impl<T: Value, E: Fn(&mut Model)> Drop for Running<'_, T, E> {
    fn drop(&mut self) {
        VISITS_LEFT.set(self.visits);
        (self.end)(&mut self.world.model.borrow_mut());
    }
}

impl<T: Value> World<T> {
    pub(crate) fn finalize(self: &Rc<Self>, me: &Me<'_, T>, deed: Deed, number: u8) {
        self.model.borrow_mut().finalizer_begins(me.id);
        if self.model.borrow().is_age_open(me.id) {
            let (_, generation, _) = (me.handle)().figures();
            self.model.borrow_mut().waited(me.id, generation as usize);
        }
        self.hook(deed, number, Some(me), |model| model.finalizer_ends(me.id));
    }

    pub(crate) fn value_drops(self: &Rc<Self>, id: Id, deed: Deed, number: u8) {
        self.model.borrow_mut().drop_begins(id);
        // One panic at a time: a second one in the same drop would end the process.
        let panics = deed == Deed::Panic && std::thread::panicking();
        let deed = if panics { Deed::Nothing } else { deed };
        self.hook(deed, number, None, |model| model.drop_ends(id));
    }

    /// The closure of a watch or a cleanup.
    pub(crate) fn call(self: &Rc<Self>, call: usize) {
        let mut model = self.model.borrow_mut();
        model.call_begins(call);
        let (deed, number) = (model.calls[call].deed, model.calls[call].number);
        drop(model);
        self.hook(deed, number, None, Model::hook_ends);
    }

    /// Does a deed; the hook was announced, and `end` tells that it is over.
    pub(crate) fn hook(
        self: &Rc<Self>,
        deed: Deed,
        number: u8,
        me: Option<&Me<'_, T>>,
        end: impl Fn(&mut Model),
    ) {
        let running = Running { world: self, visits: VISITS_LEFT.take(), end };
        self.compare_in_hook();
        if deed != Deed::Nothing && self.setting.hostile && !self.calm.get() {
            let _ = self.deed(deed, number, me);
        }
        drop(running);
    }

    fn deed(self: &Rc<Self>, deed: Deed, number: u8, me: Option<&Me<'_, T>>) -> Option<()> {
        match deed {
            Deed::Nothing => {}
            Deed::ResurrectItself => self.push_root(Some(self.my_handle(me?))),
            Deed::ResurrectNeighbour => self.keep_neighbours(me?, 1),
            Deed::ResurrectAll => {
                self.push_root(Some(self.my_handle(me?)));
                self.keep_neighbours(me?, usize::MAX);
            }
            Deed::Suicide => {
                let me = me?;
                let edges = me.core?.edges.try_borrow_mut().ok()?.split_off(0);
                let ids = self.model.borrow_mut().edges_out(me.id);
                ids.into_iter().zip(edges).for_each(|edge| self.let_go(edge));
            }
            Deed::Allocate => self.allocate(number, me)?,
            Deed::DropRoot => self.let_go(self.take_root(number)?),
            Deed::UnlinkRoot => {
                let root = self.pick_root(number)?;
                let roots = self.roots.borrow();
                let (id, handle) = &roots[root];
                let core = handle.core()?;
                core.edges.try_borrow_mut().ok()?;
                let edge = self.take_edge(*id, core, 0)?;
                drop(roots);
                self.let_go(edge);
            }
            Deed::Swap => {
                let (id, core) = (me?.id, me?.core?);
                core.edges.try_borrow_mut().ok()?;
                let root = self.take_root(number)?;
                if root.1.is_any() {
                    self.push_root(Some(root));
                    return None;
                }
                let edge = self.take_edge(id, core, 0);
                let old = self.put_edge(id, core, root);
                self.push_root(edge);
                self.push_root(old);
            }
            Deed::Collect => self.collect(self.entry_of(number), number as usize / 2 % 3),
            Deed::CollectBorrowed => {
                let (id, core) = (me?.id, me?.core?);
                let edges = core.edges.try_borrow_mut().ok()?;
                self.model.borrow_mut().objects[id as usize].opaque = true;
                self.collect(self.entry_of(number), 2);
                self.model.borrow_mut().objects[id as usize].opaque = false;
                drop(edges);
            }
            Deed::Freeze => self.freeze(self.entry_of(number)),
            Deed::Unfreeze => self.unfreeze(self.entry_of(number)),
            Deed::MakeWeak => {
                let handle = self.some_handle(number, me)?;
                self.make_weak(&handle);
                self.let_go(handle);
            }
            Deed::Upgrade => self.upgrade(number)?,
            Deed::Watch => {
                let handle = self.some_handle(number, me)?;
                self.watch(&handle, Deed::Nothing, 0);
                self.let_go(handle);
            }
            Deed::Cleanup => {
                let handle = self.some_handle(number, me)?;
                self.cleanup(&handle, Deed::Nothing, 0);
                self.let_go(handle);
            }
            Deed::CancelWatch => self.drop_watch(number)?,
            Deed::CancelCleanup => self.detach_cleanup(number)?,
            Deed::Panic => {
                self.panics.set(self.panics.get() + 1);
                panic_deliberately();
            }
        }
        Some(())
    }

    fn my_handle(&self, me: &Me<'_, T>) -> (Id, Handle<T>) {
        self.model.borrow_mut().gain(me.id);
        (me.id, (me.handle)())
    }

    /// The finalized object's, or a root's.
    fn some_handle(&self, number: u8, me: Option<&Me<'_, T>>) -> Option<(Id, Handle<T>)> {
        match me {
            Some(me) => Some(self.my_handle(me)),
            None => self.clone_root(number),
        }
    }

    fn keep_neighbours(&self, me: &Me<'_, T>, most: usize) {
        let Some(core) = me.core else { return };
        let Ok(edges) = core.edges.try_borrow() else { return };
        let mut model = self.model.borrow_mut();
        for (at, edge) in edges.iter().take(most).enumerate() {
            let id = model.objects[me.id as usize].edges[at];
            model.gain(id);
            self.push_root(Some((id, edge.clone())));
        }
    }

    /// A new object does nothing at its end, or this might go on for ever.
    fn allocate(self: &Rc<Self>, number: u8, me: Option<&Me<'_, T>>) -> Option<()> {
        let at = self.entry_of(number);
        self.entry(at).heap.borrow().as_ref()?;
        let made = self.make(Shape::Node, [Deed::Nothing; 2], number, at, None)?;
        let Some((me, core)) = me.and_then(|me| Some((me, me.core?))) else {
            self.push_root(Some(made));
            return Some(());
        };
        if core.edges.try_borrow_mut().is_err() {
            self.push_root(Some(made));
            return Some(());
        }
        // A ring of the new one and the one at its end.
        let back = self.my_handle(me);
        let new_core: &Core<T> = made.1.core()?;
        let none = self.put_edge(made.0, new_core, back);
        assert!(none.is_none());
        let old = self.put_edge(me.id, core, made);
        if let Some(old) = old {
            self.let_go(old);
        }
        Some(())
    }

    // ---- what operations do too --------------------------------------------------------------------

    pub(crate) fn freeze(&self, at: usize) {
        if let Some(heap) = &*self.entry(at).heap.borrow() {
            heap.freeze();
            self.model.borrow_mut().freeze(at);
        }
    }

    pub(crate) fn unfreeze(&self, at: usize) {
        if let Some(heap) = &*self.entry(at).heap.borrow() {
            heap.unfreeze();
            self.model.borrow_mut().unfreeze(at);
        }
    }

    pub(crate) fn make_weak(&self, (id, handle): &(Id, Handle<T>)) {
        if self.weak.borrow().len() >= OTHERS {
            self.drop_weak(0);
        }
        let object = &mut self.model.borrow_mut().objects[*id as usize];
        object.weak += 1;
        self.weak.borrow_mut().push(((*id, object.incarnation), handle.downgrade()));
    }

    pub(crate) fn drop_weak(&self, number: u8) -> Option<()> {
        let weak = pick(number, self.weak.borrow().len())?;
        let (name, weak) = self.weak.borrow_mut().swap_remove(weak);
        self.model.borrow_mut().one_weak_less(name);
        drop(weak);
        Some(())
    }

    pub(crate) fn upgrade(&self, number: u8) -> Option<()> {
        let number = pick(number, self.weak.borrow().len())?;
        let (name, ref weak) = self.weak.borrow()[number];
        let handle = weak.upgrade();
        self.model.borrow_mut().upgraded(name, handle.is_some());
        self.push_root(handle.map(|handle| (name.0, handle)));
        Some(())
    }

    pub(crate) fn watch(self: &Rc<Self>, (id, handle): &(Id, Handle<T>), deed: Deed, number: u8) {
        if self.watches.borrow().len() >= OTHERS {
            self.drop_watch(0);
        }
        let call = self.model.borrow().calls.len();
        let world = self.clone();
        let Some(watch) = handle.watch(move || world.call(call)) else { return };
        let mut model = self.model.borrow_mut();
        model.register(*id, deed, number, false);
        let object = &mut model.objects[*id as usize];
        object.weak += 1;
        self.watches.borrow_mut().push(((*id, object.incarnation), call, watch));
    }

    pub(crate) fn drop_watch(&self, number: u8) -> Option<()> {
        let (name, call, watch) = self.take_watch(number)?;
        let mut model = self.model.borrow_mut();
        if model.calls[call].armed {
            model.disarm(call);
        }
        model.one_weak_less(name);
        drop(model);
        drop(watch);
        Some(())
    }

    pub(crate) fn forget_watch(&self, number: u8) -> Option<()> {
        let (name, _, watch) = self.take_watch(number)?;
        self.model.borrow_mut().one_weak_less(name);
        watch.forget();
        Some(())
    }

    fn take_watch(&self, number: u8) -> Option<KeptWatch> {
        let watch = pick(number, self.watches.borrow().len())?;
        Some(self.watches.borrow_mut().swap_remove(watch))
    }

    pub(crate) fn cleanup(self: &Rc<Self>, (id, handle): &(Id, Handle<T>), deed: Deed, number: u8) {
        let call = self.model.borrow().calls.len();
        let world = self.clone();
        let Some(cleanup) = handle.cleanup(move || world.call(call)) else { return };
        let mut model = self.model.borrow_mut();
        model.register(*id, deed, number, true);
        drop(model);
        if self.cleanups.borrow().len() >= OTHERS {
            // Dropping one does not cancel it.
            drop(self.cleanups.borrow_mut().remove(0));
        }
        self.cleanups.borrow_mut().push((call, cleanup));
    }

    pub(crate) fn detach_cleanup(&self, number: u8) -> Option<()> {
        let cleanup = pick(number, self.cleanups.borrow().len())?;
        let (call, cleanup) = self.cleanups.borrow_mut().swap_remove(cleanup);
        let mut model = self.model.borrow_mut();
        let armed = model.calls[call].armed;
        if armed {
            model.disarm(call);
        }
        drop(model);
        let was_armed = cleanup.detach();
        self.model
            .borrow_mut()
            .check(was_armed == armed, || format!("cleanup {call} was armed: {was_armed}"));
        Some(())
    }
}
