//! The weak-value map of a world. Maps of every kind, and objects that own them, have a model of their
//! own (`tests/ephemerons.rs`); here is what hooks and collections of every kind do to one.

use super::model::Id;
use super::value::{Handle, Value};
use super::world::{OTHERS, World};

impl<T: Value> World<T> {
    pub(crate) fn map_insert(&self, key: u8, root: u8) -> Option<()> {
        let root = self.pick_root(root)?;
        let roots = self.roots.borrow();
        let (id, Handle::Node(gc)) = &roots[root] else { return None };
        let (id, gc) = (*id, gc.clone());
        drop(roots);
        let key = key as usize % OTHERS;
        let mut model = self.model.borrow_mut();
        model.gain(id);
        let object = &mut model.objects[id as usize];
        object.weak += 1;
        let name = (id, object.incarnation);
        let old = self.mapped.borrow_mut()[key].replace(name);
        let lives = old.filter(|&(id, incarnation)| model.lives(id, incarnation));
        if let Some(old) = old {
            model.one_weak_less(old);
        }
        drop(model);
        let given = self.map.insert(key as u8, &gc);
        let got = given.as_ref().and_then(|gc| Some(gc.core().probe.as_ref()?.id));
        assert_eq!(got, lives.map(|(id, _)| id), "the old value of key {key}");
        if let (Some(id), Some(gc)) = (got, given) {
            self.model.borrow_mut().gain(id);
            self.let_go((id, Handle::Node(gc)));
        }
        self.let_go((id, Handle::Node(gc)));
        Some(())
    }

    pub(crate) fn map_get(&self, key: u8) -> Option<()> {
        let key = key as usize % OTHERS;
        let known = self.mapped.borrow()[key];
        let lives = known.filter(|&(id, incarnation)| self.model.borrow().lives(id, incarnation));
        let got = self.map.get(&(key as u8));
        let id = got.as_ref().and_then(|gc| Some(gc.core().probe.as_ref()?.id));
        assert_eq!(id, lives.map(|(id, _)| id), "the value of key {key}");
        let id = id?;
        self.model.borrow_mut().gain(id);
        self.push_root(got.map(|gc| (id, Handle::Node(gc))));
        Some(())
    }

    pub(crate) fn map_remove(&self, key: u8) -> Option<()> {
        let key = key as usize % OTHERS;
        let old = self.mapped.borrow_mut()[key].take();
        let lives = old.filter(|&(id, incarnation)| self.model.borrow().lives(id, incarnation));
        let removed = self.map.remove(&(key as u8));
        if let Some(old) = old {
            self.model.borrow_mut().one_weak_less(old);
        }
        let got = removed.as_ref().and_then(|gc| Some(gc.core().probe.as_ref()?.id));
        assert_eq!(got, lives.map(|(id, _)| id), "the removed value of key {key}");
        let id: Id = got?;
        self.model.borrow_mut().gain(id);
        self.push_root(removed.map(|gc| (id, Handle::Node(gc))));
        Some(())
    }
}
