//! What the derive takes. Each test is a claim about one kind of type and uses it, too: whether its
//! objects are tracked, which handles a visit finds, and that a cycle through it is freed.
//!
//! The whole is compiled under the lints that a strict user may have; a warning on account of the
//! derive is an error here.
#![deny(warnings, missing_docs, unused, rust_2018_idioms, unreachable_pub, unused_qualifications)]
#![deny(single_use_lifetimes, trivial_casts, let_underscore_drop, missing_debug_implementations)]
#![deny(clippy::all, clippy::pedantic, clippy::undocumented_unsafe_blocks)]
#![deny(clippy::nursery)]
#![allow(clippy::redundant_pub_crate, reason = "conflicts with `unreachable_pub`")]
#![allow(clippy::use_self, reason = "recursive types are easier to read with their names")]
#![allow(dead_code, reason = "most fields are there to be visited, not to be read")]

mod accept {
    pub(crate) mod support;

    mod shapes;
    mod recursive;
    mod generics;
    mod associated_types;
    mod unbounded;
    mod functions;
    mod closures;
    mod tails;
    mod shared;
    mod options;
    mod by_hand;
    mod scopes;
    mod macros;
    mod no_prelude;
    mod surroundings;
}
