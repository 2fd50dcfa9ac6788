//! What weak containers keep for their members: who has the edges of their entries.
//!
//! What an entry carries is held by its member and by the container's owner together, and is reached only
//! if both are. A graph of objects and edges cannot say that, so each such edge is given to one of the
//! two, and the graph is right as it stands: to the member, unless the member is reached and the owner is
//! not. So who is reached along edges is who the collector would let live, and since nothing on the way
//! to a member begins at what the member's own entries carry, no path explains a key by its value.

use std::sync::Arc;

use super::labels::{LabelId, Labels, Segment};
use super::mix::MixMap;
use super::snapshot::{Edges, short_type_name};

/// An edge of what an entry carries.
pub(crate) struct KeptEdge {
    /// Has the container, which counts as reached if nobody has.
    pub(crate) owner: Option<u32>,
    pub(crate) member: u32,
    /// Where in the owner the container is.
    pub(crate) container: LabelId,
    pub(crate) target: u32,
    /// Where in the owner the edge is.
    pub(crate) label: LabelId,
}

/// All edges, those of entries among them.
pub(crate) fn placed(
    edges: Edges,
    kept: &[KeptEdge],
    external: &[usize],
    labels: &mut Labels,
    type_name: impl Fn(u32) -> &'static str,
) -> Edges {
    let reached = reached(&edges, kept, external);
    let is_reached = |object: u32| reached[object as usize];
    let mut containers = MixMap::default();
    let mut added: Vec<_> = kept
        .iter()
        .map(|edge| match edge.owner {
            Some(owner) if is_reached(edge.member) && !is_reached(owner) => {
                (owner, edge.target, edge.label)
            }
            owner => {
                let container = (owner.map(&type_name), edge.container);
                let new = *containers.entry(container).or_insert_with(|| {
                    let name = name_of(container.0, &labels.get(edge.container).without_indices());
                    labels.step(Labels::ROOT, &Segment::KeptIn(name))
                });
                (edge.member, edge.target, labels.moved(edge.label, edge.container, new))
            }
        })
        .collect();
    added.sort_by_key(|&(source, ..)| source);

    let (mut all, mut added) = (Edges::default(), added.into_iter().peekable());
    for object in (0..).take(external.len()) {
        for edge in edges.of(object) {
            all.push(edges.target(edge), edges.label(edge));
        }
        while let Some((_, target, label)) = added.next_if(|&(source, ..)| source == object) {
            all.push(target, label);
        }
        all.end_object();
    }
    all
}

/// What a container is called: `Document.notes`.
fn name_of(owner: Option<&'static str>, label: &str) -> Arc<str> {
    let Some(owner) = owner.map(short_type_name) else { return "a weak map".into() };
    let dot = if label.is_empty() || label.starts_with(['[', '#']) { "" } else { "." };
    format!("{owner}{dot}{label}").into()
}

/// Who is reached from outside.
fn reached(edges: &Edges, kept: &[KeptEdge], external: &[usize]) -> Vec<bool> {
    let mut by_end: MixMap<u32, Vec<&KeptEdge>> = MixMap::default();
    for edge in kept {
        for end in edge.owner.into_iter().chain([edge.member]) {
            by_end.entry(end).or_default().push(edge);
        }
    }
    let mut reached = vec![false; external.len()];
    let mut work: Vec<u32> =
        (0..).zip(external).filter(|&(_, &count)| count > 0).map(|(object, _)| object).collect();
    work.iter().for_each(|&object| reached[object as usize] = true);
    while let Some(object) = work.pop() {
        let mut reach = |target: u32, reached: &mut Vec<bool>| {
            if !std::mem::replace(&mut reached[target as usize], true) {
                work.push(target);
            }
        };
        edges.targets_of(object).iter().for_each(|&target| reach(target, &mut reached));
        // The second end to be reached finds the first one reached.
        for edge in by_end.get(&object).into_iter().flatten() {
            let other_is_reached = reached[edge.member as usize]
                && edge.owner.is_none_or(|owner| reached[owner as usize]);
            if other_is_reached {
                reach(edge.target, &mut reached);
            }
        }
    }
    reached
}
