//! A crate that hands gc-core on to its users as a module of its own.
#![forbid(unsafe_code)]

/// What is needed to keep things.
pub mod memory {
    pub use gc::*;
}

/// A type of this crate's own, which its users can have as a field.
#[derive(Debug, memory::Trace)]
#[trace(crate = "crate::memory")]
pub struct Holder<T> {
    /// What is held.
    pub held: memory::Gc<T>,
}
