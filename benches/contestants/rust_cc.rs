//! rust-cc: counting, with a collection when the bytes allocated pass a threshold.

use std::cell::RefCell;

use rust_cc::{Cc as Handle, Finalize, Trace};

use super::{Back, Edge};

type Cell<T> = RefCell<Option<Handle<T>>>;
type BackCell<T> = Cell<T>;

nodes!(#[derive(Trace, Finalize)]);

graph! { reclaims: Cycles, collect: { rust_cc::collect_cycles(); } }
