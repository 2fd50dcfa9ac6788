//! What a collection would find now: groups of garbage, the edges that make them cycles, and those that
//! would do as `Weak`.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt;

use super::components::Components;
use super::labels::{LabelId, Segment};
use super::mix::MixMap;
use super::snapshot::{Edge, Object, Snapshot, short_type_name};
use crate::heap::Heap;

/// The garbage of a heap: what no handle from outside leads to. From [`Heap::find_unreachable`].
///
/// Displayed, it tells of each cycle.
#[derive(Debug)]
pub struct LeakReport {
    snapshot: Snapshot,
    groups: Vec<Group>,
}

/// A cycle of garbage.
#[derive(Debug)]
struct Group {
    members: Vec<u32>,
    closing: Vec<u32>,
    candidates: Vec<WeakCandidate>,
}

impl Heap {
    /// Finds the garbage that a collection would free, and frees nothing: a dry run. No finalizer runs.
    ///
    /// For programs that want to have no cycles, or to know which they have. What CPython's manual has
    /// `DEBUG_LEAK` for.
    ///
    /// ```
    /// use gc_core::{Gc, Heap, Slot, Trace};
    ///
    /// #[derive(Trace)]
    /// struct Element {
    ///     parent: Slot<Element>,
    ///     children: std::cell::RefCell<Vec<Gc<Element>>>,
    /// }
    ///
    /// let heap = Heap::new();
    /// let element = || Element { parent: Slot::empty(), children: Default::default() };
    /// let table = Gc::new_in(&heap, element());
    /// for _ in 0..3 {
    ///     let row = Gc::new_in(&heap, element());
    ///     row.parent.set(Some(table.clone()));
    ///     table.children.borrow_mut().push(row);
    /// }
    /// assert!(heap.find_unreachable().is_empty());
    /// drop(table);
    ///
    /// let report = heap.find_unreachable();
    /// let leak = report.leaks().next().unwrap();
    /// assert_eq!(leak.objects().len(), 4);
    /// assert_eq!(leak.weak_candidates()[0].to_string(), "Element.parent");
    /// assert_eq!(heap.live_count(), 4);
    /// ```
    #[must_use]
    pub fn find_unreachable(&self) -> LeakReport {
        LeakReport::of(self.snapshot())
    }
}

impl LeakReport {
    fn of(snapshot: Snapshot) -> Self {
        let garbage = Components::of(&snapshot, |number| snapshot.object(number).is_garbage());
        let cycles = garbage.iter().filter(|group| snapshot.is_cycle(group));
        let mut groups: Vec<_> = cycles.map(|group| Group::of(&snapshot, group)).collect();
        groups.sort_by_key(|group| std::cmp::Reverse(group.members.len()));
        Self { snapshot, groups }
    }

    /// Whether there is no garbage.
    ///
    /// ```
    /// use gc_core::{Gc, Heap, Slot, Trace};
    ///
    /// #[derive(Trace)]
    /// struct Node {
    ///     next: Slot<Node>,
    /// }
    ///
    /// let heap = Heap::new();
    /// let node = Gc::new_in(&heap, Node { next: Slot::empty() });
    /// node.next.set(Some(node.clone()));
    /// assert!(heap.find_unreachable().is_empty());
    /// drop(node);
    /// assert!(!heap.find_unreachable().is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.garbage().next().is_none()
    }

    /// All garbage: the cycles, and what hangs off them.
    ///
    /// ```
    /// use gc_core::{Gc, Heap, Slot, Trace};
    ///
    /// #[derive(Trace)]
    /// struct Node {
    ///     next: Slot<Node>,
    ///     name: Gc<str>,
    /// }
    ///
    /// let heap = Heap::new();
    /// let name = Gc::str_in(&heap, "name");
    /// let node = Gc::new_in(&heap, Node { next: Slot::empty(), name });
    /// node.next.set(Some(node.clone()));
    /// drop(node);
    /// let report = heap.find_unreachable();
    /// assert_eq!(report.garbage().count(), 2); // the node, and its name
    /// ```
    pub fn garbage(&self) -> impl Iterator<Item = Object<'_>> {
        self.snapshot.objects().filter(|object| object.is_garbage())
    }

    /// The cycles, the largest first.
    ///
    /// ```
    /// use gc_core::{Gc, Heap, Slot, Trace};
    ///
    /// #[derive(Trace)]
    /// struct Node {
    ///     next: Slot<Node>,
    /// }
    ///
    /// let heap = Heap::new();
    /// let node = Gc::new_in(&heap, Node { next: Slot::empty() });
    /// node.next.set(Some(node.clone()));
    /// drop(node);
    /// let report = heap.find_unreachable();
    /// assert_eq!(report.leaks().len(), 1);
    /// ```
    pub fn leaks(&self) -> impl ExactSizeIterator<Item = Leak<'_>> {
        self.groups.iter().map(|group| Leak { snapshot: &self.snapshot, group })
    }

    /// The snapshot that the report is about.
    ///
    /// ```
    /// use gc_core::{Gc, Heap, Slot, Trace};
    ///
    /// #[derive(Trace)]
    /// struct Node {
    ///     next: Slot<Node>,
    /// }
    ///
    /// let heap = Heap::new();
    /// let node = Gc::new_in(&heap, Node { next: Slot::empty() });
    /// node.next.set(Some(node.clone()));
    /// let weak = Gc::downgrade(&node);
    /// drop(node);
    /// let report = heap.find_unreachable();
    /// assert!(report.snapshot().find(&weak).unwrap().is_garbage());
    /// ```
    #[must_use]
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }
}

impl fmt::Display for LeakReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, bytes) =
            self.garbage().fold((0, 0), |(n, b), o| (n + 1, o.bytes().saturating_add(b)));
        writeln!(f, "{count} objects are garbage, {bytes} bytes, in {} cycles", self.groups.len())?;
        self.leaks().try_for_each(|leak| write!(f, "{leak}"))
    }
}

/// A cycle of garbage: objects that lead to each other, and nothing outside to any. (A strongly
/// connected component.)
#[derive(Clone, Copy)]
pub struct Leak<'r> {
    snapshot: &'r Snapshot,
    group: &'r Group,
}

impl<'r> Leak<'r> {
    /// Its objects, by address.
    ///
    /// ```
    /// use gc_core::{Gc, Heap, Slot, Trace};
    ///
    /// #[derive(Trace)]
    /// struct Node {
    ///     next: Slot<Node>,
    ///     name: Gc<str>,
    /// }
    ///
    /// let heap = Heap::new();
    /// let name = Gc::str_in(&heap, "name");
    /// let node = Gc::new_in(&heap, Node { next: Slot::empty(), name });
    /// node.next.set(Some(node.clone()));
    /// drop(node);
    /// let report = heap.find_unreachable();
    /// let leak = report.leaks().next().unwrap();
    /// assert!(leak.objects().all(|object| object.to_string() == "Node")); // not what hangs off it
    /// assert_eq!(leak.objects().len(), 1);
    /// ```
    pub fn objects(self) -> impl ExactSizeIterator<Item = Object<'r>> {
        let Leak { snapshot, group } = self;
        group.members.iter().map(|&number| snapshot.object(number))
    }

    /// Bytes of its objects, with what they own.
    ///
    /// ```
    /// use gc_core::{Gc, Heap, Slot, Trace};
    ///
    /// #[derive(Trace)]
    /// struct Node {
    ///     next: Slot<Node>,
    /// }
    ///
    /// let heap = Heap::new();
    /// let node = Gc::new_in(&heap, Node { next: Slot::empty() });
    /// node.next.set(Some(node.clone()));
    /// drop(node);
    /// let report = heap.find_unreachable();
    /// let leak = report.leaks().next().unwrap();
    /// assert_eq!(leak.bytes(), leak.objects().next().unwrap().bytes());
    /// ```
    #[must_use]
    pub fn bytes(self) -> usize {
        self.objects().fold(0, |sum: usize, object| sum.saturating_add(object.bytes()))
    }

    /// Its types by name, and how many objects of each.
    ///
    /// ```
    /// use gc_core::{Gc, Heap, Slot, Trace};
    ///
    /// #[derive(Trace)]
    /// struct Node {
    ///     next: Slot<Node>,
    /// }
    ///
    /// let heap = Heap::new();
    /// let node = Gc::new_in(&heap, Node { next: Slot::empty() });
    /// node.next.set(Some(node.clone()));
    /// drop(node);
    /// let report = heap.find_unreachable();
    /// let leak = report.leaks().next().unwrap();
    /// assert_eq!(leak.types()[std::any::type_name::<Node>()], 1);
    /// ```
    #[must_use]
    pub fn types(self) -> BTreeMap<&'static str, usize> {
        let mut types = BTreeMap::new();
        self.objects().for_each(|object| *types.entry(object.type_name()).or_default() += 1);
        types
    }

    /// Where its objects were made.
    ///
    /// ```
    /// use gc_core::{Gc, Heap, Slot, Trace};
    ///
    /// #[derive(Trace)]
    /// struct Node {
    ///     next: Slot<Node>,
    /// }
    ///
    /// let heap = Heap::new();
    /// let node = Gc::new_in(&heap, Node { next: Slot::empty() });
    /// node.next.set(Some(node.clone()));
    /// drop(node);
    /// let report = heap.find_unreachable();
    /// let leak = report.leaks().next().unwrap();
    /// assert_eq!(leak.sites().first().unwrap().file(), file!());
    /// ```
    #[cfg(feature = "alloc-sites")]
    #[must_use]
    pub fn sites(self) -> std::collections::BTreeSet<&'static std::panic::Location<'static>> {
        self.objects().filter_map(Object::allocated_at).collect()
    }

    /// The edges that close a circle on a walk from its first object, depth first: without them there is
    /// no cycle left.
    ///
    /// ```
    /// use gc_core::{Gc, Heap, Slot, Trace};
    ///
    /// #[derive(Trace)]
    /// struct Node {
    ///     next: Slot<Node>,
    /// }
    ///
    /// let heap = Heap::new();
    /// let node = Gc::new_in(&heap, Node { next: Slot::empty() });
    /// node.next.set(Some(node.clone()));
    /// drop(node);
    /// let report = heap.find_unreachable();
    /// let leak = report.leaks().next().unwrap();
    /// assert_eq!(leak.closing_edges().next().unwrap().to_string(), "Node.next → Node");
    /// ```
    pub fn closing_edges(self) -> impl ExactSizeIterator<Item = Edge<'r>> {
        let Leak { snapshot, group } = self;
        group.closing.iter().map(|&number| snapshot.edge(number))
    }

    /// The fields that would do as [`Weak`](crate::Weak): with them weak, this cycle is none. One, if one
    /// field is enough; of several the one by which fewest objects lose their owner. (What a weak
    /// container keeps comes last: that is no field.)
    ///
    /// ```
    /// use gc_core::{Gc, Heap, Slot, Trace};
    ///
    /// #[derive(Trace)]
    /// struct Node {
    ///     next: Slot<Node>,
    /// }
    ///
    /// let heap = Heap::new();
    /// let node = Gc::new_in(&heap, Node { next: Slot::empty() });
    /// node.next.set(Some(node.clone()));
    /// drop(node);
    /// let report = heap.find_unreachable();
    /// let leak = report.leaks().next().unwrap();
    /// let candidate = &leak.weak_candidates()[0];
    /// assert_eq!((candidate.to_string().as_str(), candidate.edges), ("Node.next", 1));
    /// ```
    #[must_use]
    pub fn weak_candidates(self) -> &'r [WeakCandidate] {
        &self.group.candidates
    }
}

impl fmt::Display for Leak<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 3;
        let types = self.types().into_iter();
        let types = types.map(|(name, count)| format!("{count} {}", short_type_name(name)));
        let types = types.collect::<Vec<_>>().join(", ");
        writeln!(f, "a cycle of {types}, {} bytes", self.bytes())?;
        for edge in self.closing_edges().take(SHOWN) {
            writeln!(f, "  closed by {edge}")?;
        }
        let more = self.closing_edges().len().saturating_sub(SHOWN);
        if more > 0 {
            writeln!(f, "  and by {more} edges more")?;
        }
        #[cfg(feature = "alloc-sites")]
        for site in self.sites().into_iter().take(SHOWN) {
            writeln!(f, "  made at {site}")?;
        }
        let candidates = self.weak_candidates().iter().map(WeakCandidate::to_string);
        writeln!(f, "  could be Weak: {}", candidates.collect::<Vec<_>>().join(" and "))
    }
}

impl fmt::Debug for Leak<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.objects()).finish()
    }
}

/// A field that would do as [`Weak`](crate::Weak).
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct WeakCandidate {
    /// The type that has the field.
    pub type_name: &'static str,
    /// The field, with indices and keys left out.
    pub field: String,
    /// How many edges of the cycle it has.
    pub edges: usize,
}

impl fmt::Display for WeakCandidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dot = if self.field.starts_with(['[', '#']) { "" } else { "." };
        write!(f, "{}{dot}{}", short_type_name(self.type_name), self.field)
    }
}

/// The edges inside a group, with its members numbered from 0 on.
struct Inside<'s> {
    snapshot: &'s Snapshot,
    members: &'s [u32],
    /// Source, target, field, and number in the snapshot.
    edges: Vec<(usize, usize, usize, u32)>,
    /// By source: where its edges begin; and one more.
    begins: Vec<usize>,
    /// The types and fields that have edges.
    fields: Vec<Field>,
}

struct Field {
    type_name: &'static str,
    label: String,
    /// It is what a weak container keeps: nothing that could be declared weak.
    is_kept: bool,
}

impl Group {
    fn of(snapshot: &Snapshot, group: &[u32]) -> Self {
        let mut members = group.to_vec();
        members.sort_unstable();
        let inside = Inside::of(snapshot, &members);
        let closing = inside.closing();
        let chosen = inside.weak_fields(&closing);
        let candidates = chosen.into_iter().map(|field| {
            let Field { type_name, ref label, .. } = inside.fields[field];
            let edges = inside.edges.iter().filter(|&&(_, _, other, _)| other == field).count();
            WeakCandidate { type_name, field: label.clone(), edges }
        });
        let candidates = candidates.collect();
        let closing = closing.into_iter().map(|edge| inside.edges[edge].3).collect();
        Self { members, closing, candidates }
    }
}

impl<'s> Inside<'s> {
    fn of(snapshot: &'s Snapshot, members: &'s [u32]) -> Self {
        let mut inside =
            Self { snapshot, members, edges: Vec::new(), begins: vec![0], fields: Vec::new() };
        let local: MixMap<u32, usize> = members.iter().copied().zip(0..).collect();
        // Labels that differ in indices alone are one field.
        let mut by_label: MixMap<(u32, LabelId), usize> = MixMap::default();
        let mut by_name: MixMap<(u32, String), usize> = MixMap::default();
        for (source, &member) in members.iter().enumerate() {
            let object = snapshot.object(member);
            for edge in object.edges() {
                let Some(&target) = local.get(&edge.to().number) else { continue };
                let (kind, label) = (object.kind(), edge.label());
                let fields = &mut inside.fields;
                let field = *by_label.entry((kind, label.id())).or_insert_with(|| {
                    let name = label.without_indices();
                    *by_name.entry((kind, name.clone())).or_insert_with(|| {
                        let is_kept = label.segments().any(|s| matches!(s, Segment::KeptIn(_)));
                        fields.push(Field { type_name: object.type_name(), label: name, is_kept });
                        fields.len() - 1
                    })
                });
                inside.edges.push((source, target, field, edge.number()));
            }
            inside.begins.push(inside.edges.len());
        }
        inside
    }

    /// The edges that lead back to where a walk has come from, depth first, from the first member on.
    fn closing(&self) -> Vec<usize> {
        #[derive(Clone, Copy, PartialEq)]
        enum Seen {
            Not,
            OnTheWay,
            Left,
        }
        let mut seen = vec![Seen::Not; self.members.len()];
        let (mut closing, mut way) = (Vec::new(), vec![(0, self.begins[0])]);
        seen[0] = Seen::OnTheWay;
        while let Some((member, next)) = way.last_mut() {
            if *next == self.begins[*member + 1] {
                seen[*member] = Seen::Left;
                way.pop();
                continue;
            }
            let edge = *next;
            *next += 1;
            let target = self.edges[edge].1;
            match seen[target] {
                Seen::Not => {
                    seen[target] = Seen::OnTheWay;
                    way.push((target, self.begins[target]));
                }
                Seen::OnTheWay => closing.push(edge),
                Seen::Left => {}
            }
        }
        closing
    }

    /// The fields to make weak: the best single one, or else those of all closing edges.
    fn weak_fields(&self, closing: &[usize]) -> Vec<usize> {
        let mut closes = vec![0_usize; self.fields.len()];
        closing.iter().for_each(|&edge| closes[self.edges[edge].2] += 1);
        let single = (0..self.fields.len())
            .filter_map(|field| Some((self.ownerless_without(field)?, field)))
            .min_by_key(|&(ownerless, field)| {
                (self.fields[field].is_kept, ownerless, Reverse(closes[field]))
            });
        match single {
            Some((_, field)) => vec![field],
            None => (0..self.fields.len()).filter(|&field| closes[field] > 0).collect(),
        }
    }

    /// How many members no other member leads to if this field is weak; `None` if there still is a
    /// cycle. (Kahn's algorithm.)
    fn ownerless_without(&self, field: usize) -> Option<usize> {
        let strong = |&&(_, _, other, _): &&(usize, usize, usize, u32)| other != field;
        let mut owners = vec![0_usize; self.members.len()];
        self.edges.iter().filter(strong).for_each(|&(_, target, ..)| owners[target] += 1);
        let mut free: Vec<_> = (0..owners.len()).filter(|&member| owners[member] == 0).collect();
        let (ownerless, mut sorted) = (free.len(), 0);
        while let Some(member) = free.pop() {
            sorted += 1;
            let edges = &self.edges[self.begins[member]..self.begins[member + 1]];
            for &(_, target, ..) in edges.iter().filter(strong) {
                owners[target] -= 1;
                if owners[target] == 0 {
                    free.push(target);
                }
            }
        }
        debug_assert!(self.snapshot.len() >= sorted);
        (sorted == self.members.len()).then_some(ownerless)
    }
}
