//! parking_lot 0.13: held by whomever, this thread included, a lock is opaque. Nothing here waits.

use parking_lot_0_13::{Condvar, FairMutex, Mutex, Once, ReentrantMutex, RwLock};

use crate::gc_free::GcFree;
use crate::inspect::Inspector;
use crate::std_impls::{is_worth_a_visit, part_may_hold_gc};
use crate::trace::{Depth, Trace, Tracer};

cells! {
    Mutex<T> { lock => lock.try_lock() }
    FairMutex<T> { lock => lock.try_lock() }
    // Lends no `&mut`, so another holder on this thread reads as well.
    ReentrantMutex<T> { lock => lock.try_lock() }
    RwLock<T> { lock => lock.try_read() }
}

free_as_their_parts! {
    [T: ?Sized + GcFree] Mutex<T>;
    [T: ?Sized + GcFree] FairMutex<T>;
    [T: ?Sized + GcFree] ReentrantMutex<T>;
    [T: ?Sized + GcFree] RwLock<T>;
}

leaves! {
    [] Condvar;
    [] Once;
}
