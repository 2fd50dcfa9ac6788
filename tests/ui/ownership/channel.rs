//! A channel through which handles go: nobody alone owns what is in it.

use gc_core::{Gc, Trace};
use std::sync::mpsc::Sender;

#[derive(Trace)]
struct Worker {
    results: Sender<Gc<u8>>,
}

fn main() {}
