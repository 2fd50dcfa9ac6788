//! Memory for each object.

use std::hint::black_box;

use super::Out;
use crate::contestants::Graph;
use crate::memory;

/// A million objects, each an edge and `W` words, in an array that is there beforehand.
pub(crate) fn per_object<G: Graph, const W: usize>(out: &Out) {
    let objects = out.large(1_000_000);
    let mut slots: Vec<Option<G::Chain<W>>> = Vec::new();
    slots.resize_with(objects, || None);
    // What is allocated once for all is there before the first look, and what looking takes.
    slots[0] = Some(G::chain(None, [1; W]));
    memory::allocated();
    let Some(before) = memory::allocated() else { return };
    slots.iter_mut().for_each(|slot| *slot = Some(G::chain(None, [1; W])));
    let Some(after) = memory::allocated() else { return };
    black_box(&slots);
    out.value(
        &format!("bytes-{}", 8 * (W + 1)),
        after.saturating_sub(before) as f64 / objects as f64,
    );
}
