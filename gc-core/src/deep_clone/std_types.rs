//! [`DeepClone`] for std's types and this crate's own. As with [`Trace`](crate::Trace), there are leaves,
//! containers, cells and what shares its content.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::ffi::{CString, OsString};
use std::hash::{BuildHasher, Hash};
use std::marker::PhantomData;
use std::num::NonZero;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use super::{Clones, DeepClone, Handles};
use crate::any::AnyGc;
use crate::gc::Gc;
use crate::gc_fn::GcFn;
use crate::gc_free::GcFree;
use crate::leaf::Leaf;
use crate::slot::Slot;
use crate::trace::Trace;
use crate::weak::Weak;

/// Types that are cloned as ever: they hold no handle, or one that leads where it led.
macro_rules! by_clone {
    ($([$($generics:tt)*] $type:ty;)+) => {$(
        impl<$($generics)*> DeepClone for $type {
            fn handles(&self, _: &mut Handles) {}
            fn deep_clone(&self, _: &Clones) -> Self {
                self.clone()
            }
            fn relink(&self, _: &Self, _: &Clones) {}
        }
    )+};
}

macro_rules! plain {
    ($($type:ty)+) => { by_clone! { $([] $type;)+ } };
}

macro_rules! numbers {
    ($($number:ident)+) => { by_clone! { $([] $number; [] NonZero<$number>;)+ } };
}

numbers! { u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize char }
plain! { () bool f32 f64 String PathBuf OsString CString Duration Instant SystemTime }
plain! { Box<str> Gc<str> AnyGc }

by_clone! {
    [T: ?Sized + 'static] PhantomData<T>;
    [T: ?Sized + GcFree] Rc<T>;
    [T: ?Sized + GcFree] Arc<T>;
    [T: ?Sized + GcFree] &'static T;
    [T: Clone + 'static] Leaf<T>;
    // What a closure captured stays shared.
    [F: ?Sized + 'static] GcFn<F>;
    [T: Trace] Gc<[T]>;
}

impl<T: DeepClone> DeepClone for Gc<T> {
    fn handles(&self, found: &mut Handles) {
        found.handle(self);
    }
    fn deep_clone(&self, clones: &Clones) -> Self {
        clones.of(self)
    }
    fn relink(&self, _: &Self, _: &Clones) {}
}

impl<T: DeepClone> DeepClone for Weak<T> {
    fn handles(&self, _: &mut Handles) {}
    fn deep_clone(&self, clones: &Clones) -> Self {
        clones.weak_of(self)
    }
    fn relink(&self, _: &Self, _: &Clones) {}
}

// ---- cells ---------------------------------------------------------------------------------------

impl<T: DeepClone> DeepClone for Slot<T> {
    fn handles(&self, found: &mut Handles) {
        found.in_cell(|found| self.get().handles(found));
    }
    fn deep_clone(&self, clones: &Clones) -> Self {
        self.get().deep_clone(clones).into()
    }
    fn relink(&self, original: &Self, clones: &Clones) {
        self.set(original.get().deep_clone(clones));
    }
}

impl<T: DeepClone> DeepClone for RefCell<T> {
    fn handles(&self, found: &mut Handles) {
        found.in_cell(|found| self.borrow().handles(found));
    }
    fn deep_clone(&self, clones: &Clones) -> Self {
        RefCell::new(self.borrow().deep_clone(clones))
    }
    fn relink(&self, original: &Self, clones: &Clones) {
        let content = original.borrow().deep_clone(clones);
        drop(self.replace(content));
    }
}

impl<T: DeepClone> DeepClone for OnceCell<T> {
    fn handles(&self, found: &mut Handles) {
        found.in_cell(|found| self.get().into_iter().for_each(|content| content.handles(found)));
    }
    fn deep_clone(&self, _: &Clones) -> Self {
        OnceCell::new()
    }
    fn relink(&self, original: &Self, clones: &Clones) {
        if let Some(content) = original.get() {
            // Somebody may have been faster, who got hold of the clone.
            let _ = self.set(content.deep_clone(clones));
        }
    }
}

/// What is `Copy` holds no handle.
impl<T: DeepClone + Copy> DeepClone for Cell<T> {
    fn handles(&self, _: &mut Handles) {}
    fn deep_clone(&self, _: &Clones) -> Self {
        self.clone()
    }
    fn relink(&self, _: &Self, _: &Clones) {}
}

// ---- containers ----------------------------------------------------------------------------------

impl<T: DeepClone> DeepClone for Option<T> {
    fn handles(&self, found: &mut Handles) {
        if let Some(value) = self {
            value.handles(found);
        }
    }
    fn deep_clone(&self, clones: &Clones) -> Self {
        self.as_ref().map(|value| value.deep_clone(clones))
    }
    fn relink(&self, original: &Self, clones: &Clones) {
        if let (Some(value), Some(original)) = (self, original) {
            value.relink(original, clones);
        }
    }
}

impl<T: DeepClone, E: DeepClone> DeepClone for Result<T, E> {
    fn handles(&self, found: &mut Handles) {
        match self {
            Ok(value) => value.handles(found),
            Err(error) => error.handles(found),
        }
    }
    fn deep_clone(&self, clones: &Clones) -> Self {
        match self {
            Ok(value) => Ok(value.deep_clone(clones)),
            Err(error) => Err(error.deep_clone(clones)),
        }
    }
    fn relink(&self, original: &Self, clones: &Clones) {
        match (self, original) {
            (Ok(value), Ok(original)) => value.relink(original, clones),
            (Err(error), Err(original)) => error.relink(original, clones),
            _ => {}
        }
    }
}

impl<T: DeepClone> DeepClone for Box<T> {
    fn handles(&self, found: &mut Handles) {
        (**self).handles(found);
    }
    fn deep_clone(&self, clones: &Clones) -> Self {
        Box::new((**self).deep_clone(clones))
    }
    fn relink(&self, original: &Self, clones: &Clones) {
        (**self).relink(original, clones);
    }
}

impl<T: DeepClone, const N: usize> DeepClone for [T; N] {
    fn handles(&self, found: &mut Handles) {
        self.iter().for_each(|item| item.handles(found));
    }
    fn deep_clone(&self, clones: &Clones) -> Self {
        std::array::from_fn(|index| self[index].deep_clone(clones))
    }
    fn relink(&self, original: &Self, clones: &Clones) {
        self.iter().zip(original).for_each(|(item, original)| item.relink(original, clones));
    }
}

/// Collections whose items have an order that the clone keeps.
macro_rules! in_order {
    ($($list:ty)+) => {$(
        impl<T: DeepClone> DeepClone for $list {
            fn handles(&self, found: &mut Handles) {
                self.iter().for_each(|item| item.handles(found));
            }
            fn deep_clone(&self, clones: &Clones) -> Self {
                self.iter().map(|item| item.deep_clone(clones)).collect()
            }
            fn relink(&self, original: &Self, clones: &Clones) {
                self.iter().zip(original.iter()).for_each(|(item, original)| {
                    item.relink(original, clones);
                });
            }
        }
    )+};
}

in_order! { Vec<T> Box<[T]> VecDeque<T> LinkedList<T> }

/// Collections that look at their items: what these hold in cells is no part of what they are, or
/// the collection would not find them again. So cells in items keep what they have.
macro_rules! by_items {
    ($([$($generics:tt)*] $set:ty { $new:expr })+) => {$(
        impl<$($generics)*> DeepClone for $set {
            fn handles(&self, found: &mut Handles) {
                self.iter().for_each(|item| item.handles(found));
            }
            fn deep_clone(&self, clones: &Clones) -> Self {
                let new: fn(&Self) -> Self = $new;
                let mut set = new(self);
                set.extend(self.iter().map(|item| item.deep_clone(clones)));
                set
            }
            fn relink(&self, _: &Self, _: &Clones) {}
        }
    )+};
}

by_items! {
    [T: DeepClone + Ord] BTreeSet<T> { |_| BTreeSet::new() }
    [T: DeepClone + Ord] BinaryHeap<T> { |_| BinaryHeap::new() }
    [T: DeepClone + Eq + Hash, S: BuildHasher + Clone + 'static] HashSet<T, S> {
        |set| HashSet::with_hasher(set.hasher().clone())
    }
}

/// Maps: the clone of a value is found by the clone of its key.
macro_rules! maps {
    ($([$($generics:tt)*] $map:ty { $new:expr })+) => {$(
        impl<$($generics)*> DeepClone for $map {
            fn handles(&self, found: &mut Handles) {
                for (key, value) in self {
                    key.handles(found);
                    value.handles(found);
                }
            }
            fn deep_clone(&self, clones: &Clones) -> Self {
                let new: fn(&Self) -> Self = $new;
                let mut map = new(self);
                map.extend(self.iter().map(|(key, value)| {
                    (key.deep_clone(clones), value.deep_clone(clones))
                }));
                map
            }
            fn relink(&self, original: &Self, clones: &Clones) {
                for (key, original) in original {
                    if let Some(value) = self.get(&key.deep_clone(clones)) {
                        value.relink(original, clones);
                    }
                }
            }
        }
    )+};
}

maps! {
    [K: DeepClone + Ord, V: DeepClone] BTreeMap<K, V> { |_| BTreeMap::new() }
    [K: DeepClone + Eq + Hash, V: DeepClone, S: BuildHasher + Clone + 'static] HashMap<K, V, S> {
        |map| HashMap::with_capacity_and_hasher(map.len(), map.hasher().clone())
    }
}

macro_rules! tuples {
    ($(($($part:ident $number:tt),+))+) => {$(
        impl<$($part: DeepClone),+> DeepClone for ($($part,)+) {
            fn handles(&self, found: &mut Handles) {
                $(self.$number.handles(found);)+
            }
            fn deep_clone(&self, clones: &Clones) -> Self {
                ($(self.$number.deep_clone(clones),)+)
            }
            fn relink(&self, original: &Self, clones: &Clones) {
                $(self.$number.relink(&original.$number, clones);)+
            }
        }
    )+};
}

tuples! {
    (A 0)
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
    (A 0, B 1, C 2, D 3, E 4)
    (A 0, B 1, C 2, D 3, E 4, F 5)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7)
}
