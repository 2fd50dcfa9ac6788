//! Names of edges: where in its object an edge is, as a path of fields, indices and keys.
//!
//! A label is a node of a tree whose root is the object, so that `children[0]` to `children[9999]`
//! keep `children` once, and equal labels are one number.

use std::fmt;
use std::sync::Arc;

use super::mix::MixMap;

/// A step on the way from an object to one of its edges.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Segment {
    /// A field by its name or number; in an enum the variant comes first: `Some.0`.
    Field(&'static str),
    /// An element of a sequence.
    Index(usize),
    /// The value of this key in a map: text in quotes, or a number.
    Key(Arc<str>),
    /// The value or key at this place of a map whose keys are neither text nor numbers.
    Entry(usize),
    /// What a weak container keeps for the object: the type and the field that the container is in.
    KeptIn(Arc<str>),
    /// An edge without a name, by its place in the order in which a hand-written
    /// [`Trace`](crate::Trace) reports them.
    Unnamed(usize),
}

impl Segment {
    /// Whether it tells one element from others like it.
    fn is_one_of_many(&self) -> bool {
        !matches!(self, Segment::Field(_) | Segment::KeptIn(_))
    }
}

/// The number of a label.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct LabelId(u32);

/// The labels of a snapshot.
#[derive(Default)]
pub(crate) struct Labels {
    /// The root is not in it: it has the number 0, so that an entry's number is its place and one.
    entries: Vec<(LabelId, Segment)>,
    numbers: MixMap<(u32, Segment), LabelId>,
}

impl Labels {
    /// The object itself.
    pub(crate) const ROOT: LabelId = LabelId(0);

    /// The label one step further.
    pub(crate) fn step(&mut self, parent: LabelId, segment: &Segment) -> LabelId {
        let entries = &mut self.entries;
        *self.numbers.entry((parent.0, segment.clone())).or_insert_with(|| {
            entries.push((parent, segment.clone()));
            LabelId(u32::try_from(entries.len()).expect("fewer labels than 2³²"))
        })
    }

    /// What is called `label` by way of an entry in `container`, with `new` in place of both.
    pub(crate) fn moved(&mut self, label: LabelId, container: LabelId, new: LabelId) -> LabelId {
        let mut steps = Vec::new();
        let mut at = label;
        while at != container {
            let (parent, segment) = &self.entries[at.0 as usize - 1];
            steps.push(segment.clone());
            at = *parent;
        }
        // The last is the entry's own, by number or key.
        steps.pop();
        steps.iter().rev().fold(new, |label, segment| self.step(label, segment))
    }

    /// What only building needs is let go of.
    pub(crate) fn finish(&mut self) {
        self.numbers = MixMap::default();
    }

    pub(crate) fn get(&self, id: LabelId) -> Label<'_> {
        Label { labels: self, id }
    }
}

/// Where in its object an edge is: `children[3]`, `map["key"]`, `Some.0`.
///
/// ```
/// use gc_core::{Gc, Heap, Trace};
///
/// #[derive(Trace)]
/// struct Page {
///     children: Vec<Gc<i32>>,
/// }
///
/// let heap = Heap::new();
/// let page = Gc::new_in(&heap, Page { children: vec![Gc::new_in(&heap, 7)] });
/// let snapshot = heap.snapshot();
/// let edge = snapshot.find(&page).unwrap().edges().next().unwrap();
/// assert_eq!(edge.label().to_string(), "children[0]");
/// ```
#[derive(Clone, Copy)]
pub struct Label<'s> {
    labels: &'s Labels,
    id: LabelId,
}

impl<'s> Label<'s> {
    pub(crate) fn id(self) -> LabelId {
        self.id
    }

    fn entry(self) -> Option<&'s (LabelId, Segment)> {
        Some(&self.labels.entries[(self.id.0 as usize).checked_sub(1)?])
    }

    /// The steps from the object to the edge.
    ///
    /// ```
    /// use gc_core::{Gc, Heap, Segment};
    ///
    /// let heap = Heap::new();
    /// let pair = Gc::new_in(&heap, ('c', vec![Gc::new_in(&heap, 5)]));
    /// let snapshot = heap.snapshot();
    /// let edge = snapshot.find(&pair).unwrap().edges().next().unwrap();
    /// assert!(edge.label().segments().eq(&[Segment::Field("1"), Segment::Index(0)]));
    /// ```
    pub fn segments(self) -> impl Iterator<Item = &'s Segment> {
        let mut steps: Vec<_> = std::iter::successors(self.entry(), |(parent, _)| {
            Label { labels: self.labels, id: *parent }.entry()
        })
        .map(|(_, segment)| segment)
        .collect();
        steps.reverse();
        steps.into_iter()
    }

    /// The label with each index and key left out, the same for all elements of a container:
    /// `children[]`.
    ///
    /// ```
    /// use gc_core::{Gc, Heap};
    ///
    /// let heap = Heap::new();
    /// let pair = Gc::new_in(&heap, ('c', vec![Gc::new_in(&heap, 5)]));
    /// let snapshot = heap.snapshot();
    /// let edge = snapshot.find(&pair).unwrap().edges().next().unwrap();
    /// assert_eq!(edge.label().to_string(), "1[0]");
    /// assert_eq!(edge.label().without_indices(), "1[]");
    /// ```
    #[must_use]
    pub fn without_indices(self) -> String {
        self.written(|text, segment| match segment {
            many if many.is_one_of_many() => text.push_str("[]"),
            one => push(text, one),
        })
    }

    fn written(self, push: impl Fn(&mut String, &Segment)) -> String {
        let mut text = String::new();
        self.segments().for_each(|segment| push(&mut text, segment));
        text
    }
}

fn push(text: &mut String, segment: &Segment) {
    use fmt::Write;
    let written = match segment {
        Segment::Field(name) if text.is_empty() => write!(text, "{name}"),
        Segment::Field(name) => write!(text, ".{name}"),
        Segment::Index(index) => write!(text, "[{index}]"),
        Segment::Key(key) => write!(text, "[{key}]"),
        Segment::Entry(place) => write!(text, "[#{place}]"),
        Segment::KeptIn(container) => write!(text, "(in {container})"),
        Segment::Unnamed(place) => write!(text, "#{place}"),
    };
    written.expect("writing to a string");
}

impl fmt::Display for Label<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.written(push))
    }
}

impl fmt::Debug for Label<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Label({self})")
    }
}
