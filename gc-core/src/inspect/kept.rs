//! What weak containers keep for their members: who has the edges of their entries.
//!
//! What an entry carries is held by its member and by the container's holder together, and is reached
//! only if both are. A graph of objects and edges cannot say that, so each such edge is given to one of
//! the two, and then the graph is right as it stands: to the member, unless the member is reached and the
//! holder is not. Who is reached along edges is who the collector would let live. And what an entry
//! carries explains its member's life in no path, since the way to it leads through the member.
//!
//! The holder is the object that has the container, or an entry that carries it: a map in a map.

use std::sync::Arc;

use super::inspector::Kept;
use super::labels::{LabelId, Labels, Segment};
use super::mix::MixMap;
use super::snapshot::{Edges, short_type_name};
use crate::object::ObjectRef;

/// An edge of what an entry carries.
pub(crate) struct KeptEdge {
    pub(crate) by: Kept,
    pub(crate) target: u32,
    /// Where it is, from the owner on.
    pub(crate) label: LabelId,
}

/// Objects by their numbers; then the entries that carry containers.
pub(crate) struct Graph<'a> {
    edges: &'a Edges,
    external: &'a [usize],
    kept: &'a [KeptEdge],
    outer: &'a [Kept],
    /// The members of `kept`, and then of `outer`. A member elsewhere counts as reached, as all that is
    /// outside does.
    members: Vec<Option<u32>>,
}

impl<'a> Graph<'a> {
    pub(crate) fn new(
        edges: &'a Edges,
        external: &'a [usize],
        kept: &'a [KeptEdge],
        outer: &'a [Kept],
        number: impl Fn(ObjectRef) -> Option<u32>,
    ) -> Self {
        let entries = kept.iter().map(|edge| &edge.by).chain(outer);
        let members = entries.map(|entry| number(entry.member)).collect();
        Self { edges, external, kept, outer, members }
    }

    /// The edges of all objects, those of entries among them.
    pub(crate) fn with_all_edges(
        &self,
        labels: &mut Labels,
        type_name: impl Fn(u32) -> &'static str,
    ) -> Edges {
        let haves = self.who_has_them();
        let mut names = MixMap::default();
        let added = self.kept.iter().zip(haves).filter_map(|(edge, source)| {
            let (source, by) = (source?, &edge.by);
            if Some(source) == by.owner {
                return Some((source, edge.target, edge.label));
            }
            let container = (by.owner.map(&type_name), by.container);
            let name = *names.entry(container).or_insert_with(|| {
                let name = name_of(container.0, &labels.get(by.container).without_indices());
                labels.step(Labels::ROOT, &Segment::KeptIn(name))
            });
            Some((source, edge.target, labels.moved(edge.label, by.container, name)))
        });
        let mut added: Vec<_> = added.collect();
        added.sort_by_key(|&(source, ..)| source);

        let (mut all, mut added) = (Edges::default(), added.into_iter().peekable());
        for object in (0..).take(self.external.len()) {
            for edge in self.edges.of(object) {
                all.push(self.edges.target(edge), self.edges.label(edge));
            }
            while let Some((_, target, label)) = added.next_if(|&(source, ..)| source == object) {
                all.push(target, label);
            }
            all.end_object();
        }
        all
    }

    /// Who has each edge of `kept`.
    fn who_has_them(&self) -> Vec<Option<u32>> {
        let reached = self.reached();
        let is_reached = |node: Option<u32>| node.is_none_or(|node| reached[node as usize]);
        // An object has what it has. Of an entry, its member, or who has the container.
        let mut haves: Vec<_> = (0..).map(Some).take(self.external.len()).collect();
        let who = |haves: &[Option<u32>], entry: &Kept, member: Option<u32>| {
            let holder = self.holder(entry);
            match member {
                Some(_) if !is_reached(member) || is_reached(holder) => member,
                _ => holder.and_then(|holder| haves[holder as usize]),
            }
        };
        let (edges, outer) = self.members.split_at(self.kept.len());
        for (entry, &member) in self.outer.iter().zip(outer) {
            haves.push(who(&haves, entry, member));
        }
        self.kept.iter().zip(edges).map(|(edge, &member)| who(&haves, &edge.by, member)).collect()
    }

    /// The node that holds the entry's container; none, if that is outside.
    fn holder(&self, entry: &Kept) -> Option<u32> {
        entry.outer.map(|outer| self.node(outer)).or(entry.owner)
    }

    /// The number of an entry of `outer` among all nodes.
    fn node(&self, outer: u32) -> u32 {
        let objects = u32::try_from(self.external.len()).expect("objects have numbers of 32 bits");
        objects.checked_add(outer).expect("fewer objects and entries than 2³²")
    }

    /// Which nodes are reached from outside.
    fn reached(&self) -> Vec<bool> {
        // An entry leads to the target of its edge, or is a node itself.
        let edges = self.kept.iter().map(|edge| (&edge.by, edge.target));
        let outer = self.outer.iter().zip(0..).map(|(entry, outer)| (entry, self.node(outer)));
        let ways: Vec<_> = edges
            .chain(outer)
            .zip(&self.members)
            .map(|((entry, target), &member)| ([self.holder(entry), member], target))
            .collect();
        let mut by_end: MixMap<u32, Vec<usize>> = MixMap::default();
        for (way, (ends, _)) in ways.iter().enumerate() {
            for &end in ends.iter().flatten() {
                by_end.entry(end).or_default().push(way);
            }
        }

        let mut reached = vec![false; self.external.len() + self.outer.len()];
        let mut work = Vec::new();
        let reach = |node: u32, work: &mut Vec<u32>, reached: &mut Vec<bool>| {
            if !std::mem::replace(&mut reached[node as usize], true) {
                work.push(node);
            }
        };
        for (object, &handles) in (0..).zip(self.external) {
            if handles > 0 {
                reach(object, &mut work, &mut reached);
            }
        }
        while let Some(node) = work.pop() {
            if (node as usize) < self.external.len() {
                for &target in self.edges.targets_of(node) {
                    reach(target, &mut work, &mut reached);
                }
            }
            // The second end to be reached finds the first one reached.
            for &way in by_end.get(&node).into_iter().flatten() {
                let (ends, target) = ways[way];
                if ends.into_iter().flatten().all(|end| reached[end as usize]) {
                    reach(target, &mut work, &mut reached);
                }
            }
        }
        reached
    }
}

/// What a container is called: `Document.notes`.
fn name_of(owner: Option<&'static str>, label: &str) -> Arc<str> {
    let Some(owner) = owner.map(short_type_name) else { return "a weak map".into() };
    let dot = if label.is_empty() || label.starts_with(['[', '#']) { "" } else { "." };
    format!("{owner}{dot}{label}").into()
}
