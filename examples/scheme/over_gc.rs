//! The interpreter over `gc_core`: the real one.

/// The names under which the interpreter knows its pointers.
pub(crate) mod pointer {
    pub(crate) use gc_core::{Finalize, FinalizeCx, Gc, Interner, Trace, Weak, WeakKeyMap};

    use gc_core::{Generation, Heap};

    use crate::scheme::HeapFigures;

    /// The address of an object, by which it is told from others as long as it lives.
    pub(crate) fn address<T>(object: &Gc<T>) -> usize {
        Gc::as_ptr(object).addr()
    }

    /// A handle to the object that is being finalized.
    pub(crate) fn resurrect<T>(cx: &FinalizeCx<'_, T>) -> Option<Gc<T>> {
        Some(cx.handle())
    }

    /// Calls `call` when the object has died.
    pub(crate) fn on_death<T>(object: &Gc<T>, call: impl FnOnce() + 'static) {
        Gc::watch(object, call).forget();
    }

    /// Sweeps, and tells how many objects went.
    pub(crate) fn collect() -> usize {
        gc_core::collect().collected
    }

    pub(crate) fn figures() -> HeapFigures {
        let stats = Heap::current().stats();
        let by_generation = stats.generations;
        HeapFigures {
            live_objects: stats.live_objects,
            live_bytes: stats.live_bytes,
            page_bytes: stats.page_bytes,
            collections: by_generation.iter().map(|generation| generation.collections).sum(),
            full_collections: stats[Generation::Old].collections,
            collected: by_generation.iter().map(|generation| generation.collected).sum(),
            longest_pause: by_generation
                .map(|generation| generation.longest_pause)
                .into_iter()
                .max(),
        }
    }
}

#[path = "interpreter/mod.rs"]
pub(crate) mod interpreter;
