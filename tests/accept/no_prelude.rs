//! Without the prelude, and with its names taken.
#![forbid(unsafe_code)]
#![no_implicit_prelude]

use ::gc_core::Trace as Derived;

use super::support::{Gc, Hub, cycle_is_freed};

trait Trace {}
struct Option;
struct Some;
struct None;
struct Vec;
struct Tracer;
struct Depth;
#[expect(non_camel_case_types, reason = "shadows the primitive")]
struct bool;
mod core {}
mod std {}
mod gc_core {}

#[derive(Derived)]
#[trace(finalize)]
struct Element<T> {
    held: Gc<Hub>,
    value: T,
}

impl<T> ::gc_core::Finalize for Element<T> {
    fn finalize(&self, _: &::gc_core::FinalizeCx<'_, Self>) {}
}

#[derive(Derived)]
enum Variants {
    Some(Gc<Hub>),
    None,
}

#[derive(Derived)]
#[trace(leaf)]
struct Leaf(Option);

#[::core::prelude::v1::test]
fn nothing_is_taken_from_the_scope() {
    ::core::assert!(cycle_is_freed(|held| Element { held, value: 1_u8 }));
    ::core::assert!(cycle_is_freed(Variants::Some));
    ::core::assert!(!Gc::is_tracked(&Gc::new(Leaf(Option))));
}
