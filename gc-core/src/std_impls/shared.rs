//! Shared ownership: never traced through, since two owners would report one handle twice.
//!
//! So these are leaves, and what they lead to has to be [`GcFree`]. The error for any other type
//! is `GcFree`'s, and says what to do instead.

use std::io::{BufReader, BufWriter, Cursor, LineWriter, Write};
use std::rc::{self, Rc};
use std::sync::mpsc::{Receiver, Sender, SyncSender};
use std::sync::{self, Arc};

use crate::gc_free::GcFree;
use crate::trace::{Depth, Trace, Tracer};

leaves! {
    [T: ?Sized + GcFree] Rc<T>;
    [T: ?Sized + GcFree] rc::Weak<T>;
    [T: ?Sized + GcFree] Arc<T>;
    [T: ?Sized + GcFree] sync::Weak<T>;
    [T: ?Sized + GcFree] &'static T;
    [T: GcFree] Sender<T>;
    [T: GcFree] SyncSender<T>;
    [T: GcFree] Receiver<T>;
}

// One owner, but its drop may write to the stream, which is the user's code: nothing in it may
// be dead by then, so nothing in it is traced. The readers keep them company.
leaves! {
    [W: ?Sized + GcFree + Write] BufWriter<W>;
    [W: ?Sized + GcFree + Write] LineWriter<W>;
    [R: ?Sized + GcFree] BufReader<R>;
    [T: GcFree] Cursor<T>;
}
