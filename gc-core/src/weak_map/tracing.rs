//! Weak containers inside objects: what they report to the collector.
//!
//! Not what they carry, which is held by container and member together, but their registries: the
//! judgement follows those (see `ephemeron`). And what the entries carry.

use super::interner::Interner;
use super::weak_key_map::WeakKeyMap;
use super::weak_set::WeakSet;
use super::weak_value_map::WeakValueMap;
use crate::entry::Content;
use crate::gc_free::GcFree;
use crate::inspect::Inspector;
use crate::registry::Registry;
use crate::std_impls::part_may_hold_gc;
use crate::trace::{Depth, Trace, Tracer};
use crate::weak::Weak;

macro_rules! report_registries {
    ($([$($generics:tt)*] $container:ty, $content:ty;)+) => {$(
        // SAFETY: reports its registry, which it owns alone. What the entries carry is each reported
        // once in a judgement, and dropped with the container if not before.
        unsafe impl<$($generics)*> Trace for $container {
            #[inline]
            fn trace(&self, tracer: &mut Tracer<'_>) {
                self.registry.trace(tracer);
            }

            fn inspect(&self, inspector: Inspector<'_>) {
                self.registry.inspect(inspector);
            }

            #[inline]
            fn may_hold_gc(depth: Depth) -> bool {
                Registry::<$content>::may_hold_gc(depth)
            }
        }
    )+};
}

report_registries! {
    [K: Trace, V: ?Sized + 'static, S: 'static] WeakValueMap<K, V, S>, KeyFor<K, V>;
    [K: ?Sized + 'static, V: Trace] WeakKeyMap<K, V>, ValueFor<K, V>;
    [T: ?Sized + 'static] WeakSet<T>, Weak<T>;
    [T: ?Sized + 'static, S: 'static] Interner<T, S>, Weak<T>;
}

impl<K: GcFree, V: ?Sized + 'static, S: 'static> GcFree for WeakValueMap<K, V, S> {}
impl<K: ?Sized + 'static, V: GcFree> GcFree for WeakKeyMap<K, V> {}
impl<T: ?Sized + 'static> GcFree for WeakSet<T> {}
impl<T: ?Sized + 'static, S: 'static> GcFree for Interner<T, S> {}

/// What a [`WeakValueMap`] keeps for a value.
pub(crate) struct KeyFor<K, V: ?Sized> {
    pub(super) key: K,
    pub(super) value: Weak<V>,
}

/// What a [`WeakKeyMap`] keeps for a key.
pub(crate) struct ValueFor<K: ?Sized, V> {
    pub(super) key: Weak<K>,
    pub(super) value: V,
}

// SAFETY: reports what the key reports; has no `Drop`.
unsafe impl<K: Trace, V: ?Sized + 'static> Trace for KeyFor<K, V> {
    #[inline]
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.key.trace(tracer);
    }

    #[inline]
    fn may_hold_gc(depth: Depth) -> bool {
        part_may_hold_gc::<K>(depth)
    }
}

// SAFETY: reports what the value reports; has no `Drop`.
unsafe impl<K: ?Sized + 'static, V: Trace> Trace for ValueFor<K, V> {
    #[inline]
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.value.trace(tracer);
    }

    #[inline]
    fn may_hold_gc(depth: Depth) -> bool {
        part_may_hold_gc::<V>(depth)
    }
}

impl<K: Trace, V: ?Sized + 'static> Content for KeyFor<K, V> {
    fn inspect_at(&self, place: usize, mut container: Inspector<'_>) {
        self.key.inspect(container.entry(place).field("key"));
        self.value.inspect(container.key(&self.key, place));
    }
}

impl<K: ?Sized + 'static, V: Trace> Content for ValueFor<K, V> {
    fn inspect_at(&self, place: usize, mut container: Inspector<'_>) {
        self.key.inspect(container.entry(place).field("key"));
        self.value.inspect(container.entry(place));
    }
}

impl<T: ?Sized + 'static> Content for Weak<T> {
    fn inspect_at(&self, place: usize, mut container: Inspector<'_>) {
        self.inspect(container.entry(place));
    }
}
