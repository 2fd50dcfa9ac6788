//! An `Arc` with a handle deeper inside.

use gc_core::{Gc, Trace};
use std::sync::{Arc, Mutex};

#[derive(Trace)]
struct Element {
    children: Arc<Mutex<Vec<Gc<Element>>>>,
}

fn main() {}
