//! What stands under the allocators of the test binaries: the system's, or, with the feature
//! `checking-allocator`, the one that checks.

#[cfg(not(feature = "checking-allocator"))]
pub(crate) use std::alloc::System as Base;

#[cfg(feature = "checking-allocator")]
pub(crate) use checking_allocator::Checking as Base;

#[cfg(feature = "checking-allocator")]
#[path = "checking_allocator.rs"]
mod checking_allocator;
