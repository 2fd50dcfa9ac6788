//! A bound on the type itself is asked where the type is named.

use gc_core::{Slot, Trace};

struct Style;

#[derive(Trace)]
struct Node<T: Trace> {
    value: T,
    next: Slot<Node<T>>,
}

fn first(_: &Node<Style>) {}

fn main() {}
