//! Weak containers inside objects: what they report to the collector.
//!
//! Not what they carry, which is held by container and member together, but their registries: the
//! judgement follows those (see `ephemeron`).

use super::interner::Interner;
use super::weak_key_map::WeakKeyMap;
use super::weak_set::WeakSet;
use super::weak_value_map::WeakValueMap;
use crate::gc_free::GcFree;
use crate::registry::Registry;
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

            #[inline]
            fn may_hold_gc(depth: Depth) -> bool {
                Registry::<$content>::may_hold_gc(depth)
            }
        }
    )+};
}

report_registries! {
    [K: Trace, V: ?Sized + 'static, S: 'static] WeakValueMap<K, V, S>, (K, Weak<V>);
    [K: ?Sized + 'static, V: Trace] WeakKeyMap<K, V>, (Weak<K>, V);
    [T: ?Sized + 'static] WeakSet<T>, Weak<T>;
    [T: ?Sized + 'static, S: 'static] Interner<T, S>, Weak<T>;
}

impl<K: GcFree, V: ?Sized + 'static, S: 'static> GcFree for WeakValueMap<K, V, S> {}
impl<K: ?Sized + 'static, V: GcFree> GcFree for WeakKeyMap<K, V> {}
impl<T: ?Sized + 'static> GcFree for WeakSet<T> {}
impl<T: ?Sized + 'static, S: 'static> GcFree for Interner<T, S> {}
