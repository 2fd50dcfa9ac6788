//! What gc-core claims, in the order of an object's life. A test's name is the claim; those that start
//! with a case's number restate a case of CPython's test suite or manuals.

mod support;

#[cfg(feature = "checking-allocator")]
#[path = "../support/checking_allocator.rs"]
mod checking_allocator;

#[cfg(feature = "checking-allocator")]
#[global_allocator]
static CHECKING: checking_allocator::Checking = checking_allocator::Checking;

mod counted;
mod rc_api;
mod unsized_values;
mod unsized_kinds;
mod weak;
mod watched;
mod cleanup;
mod weak_containers;
mod ephemerons;
mod suspected;
mod swept;
mod finalized;
mod resurrected;
mod generations;
mod frozen;
mod control;
mod events;
mod debug;
mod inspect;
mod shown;
mod inside;
mod deep;
mod reentrancy;
mod errors;
mod shutdown;
mod traps;
mod rarely;
mod std_types;
mod leaf;
mod closures;
mod deep_cloned;
mod walked;
